"""The renderings: templates with their values, and the outputs of the whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from iotgen.model.expression import Expression, Joined, Label, Reference, joined
from iotgen.problem import Path

# The base64 SHA-256 of each zip, by its path in the rendered folder.
Digests = Mapping[str, str]


@dataclass(frozen=True)
class Rendering:
    """A `template` filled with `holes`, for a `file` of the rendered folder; both names are without endings.

    `path` is the resource of the spec that it renders, empty for the pipeline as a whole.
    `moved` has for labels of its resources those that they had before, oldest first.
    With `digested`, the hole `digest` changes with the earlier blocks of the file whose types it is true of.
    """

    file: str
    path: Path
    template: str
    holes: Mapping[str, Any]
    digested: Callable[[str], bool] | None = None
    moved: Mapping[Label, tuple[Label, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Output:
    """A Terraform output. The mappings of several with one name are merged."""

    name: str
    description: str
    value: str | Expression | Mapping[str, Expression]

    @property
    def label(self) -> Label:
        """Its Terraform name."""
        return Label(self.name)


def output_of(name: str, description: str, labels: Mapping[str, Label], attribute: str) -> tuple[Output, ...]:
    """An output with the attribute of each resource, by its key; none if there are no resources.

    `attribute` begins with the resources' type: `aws_sqs_queue.url`.
    """
    address, _, last = attribute.partition(".")
    values: dict[str, Expression] = {
        key: Reference(f"{address}.{label}.{last}") for key, label in labels.items()
    }
    return (Output(name, description, values),) if values else ()


def artifact(path: str, digests: Digests) -> dict[str, Any]:
    """The holes by which a resource refers to its zip."""
    filename: Joined = joined(Reference("path.module"), f"/{path}")
    return {"filename": filename, "sha256": digests[path]}
