"""The project's own Terraform: the `.tf` and `.tf.json` files of its folder `terraform/`.

They are copied into every rendered folder. Their contents are parsed, but not evaluated.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from iotgen.patch.address import bodies, steps
from iotgen.patch.references import blocks, locals_of, mentioned
from iotgen.problem import Problem
from iotgen.spec.document import Place
from iotgen.spec.json_places import json_places
from iotgen.spec.strict_json import read_json

FOLDER = "terraform"
# The file that `iotgen apply --target local` writes beside the rendered ones.
_LOCAL = "local_override.tf.json"
_TOP = Place(1, 1, ())


@dataclass(frozen=True)
class OwnFiles:
    """The text of each file by its name; `problems` has one for each that cannot be read."""

    texts: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @cached_property
    def made(self) -> dict[str, tuple[str, int, int]]:
        """The address of each declared block, with file, line and column; override files declare none."""
        by_address: dict[str, tuple[str, int, int]] = {}
        for name, text in self.texts.items():
            if not name.removesuffix(".json").removesuffix(".tf").endswith("override"):
                by_address |= {address: (name, *place) for address, place in _addresses(name, text)}
        return by_address

    @cached_property
    def known(self) -> frozenset[str]:
        """The addresses that others may refer to: all declared ones, and possible locals."""
        return frozenset(self.made).union(*(locals_of(text) for text in self.texts.values()))

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """The addresses that the files mention."""
        return frozenset().union(*(mentioned(text) for text in self.texts.values()))


def own_problems(own: OwnFiles) -> Iterator[Problem]:
    """The problems of each file by itself."""
    yield from own.problems
    for name, text in own.texts.items():
        if name.endswith(".json"):
            yield from _json_problems(f"{FOLDER}/{name}", text)


def made_twice(own: OwnFiles, files: Collection[str], rendered: Mapping[str, Any]) -> Iterator[Problem]:
    """Files and addresses that iotgen also renders; `rendered` is all its `files` in one document."""
    for name in sorted(own.texts.keys() & {*files, _LOCAL}):
        message = f"iotgen itself writes a `{name}` into the rendered folder"
        yield Problem(f"{FOLDER}/{name}", 1, 1, "IOT510", message, hint="Rename the file.")
    for address in sorted(own.made.keys() & bodies(rendered).keys()):
        name, line, column = own.made[address]
        message = f"iotgen also renders `{address}`"
        hint = "Rename yours, or patch iotgen's in `overrides` of the spec."
        yield Problem(f"{FOLDER}/{name}", line, column, "IOT512", message, hint=hint)


def _json_problems(file: str, text: str) -> Iterator[Problem]:
    try:
        data = read_json(text)
    except json.JSONDecodeError as error:
        message = f"not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        yield Problem(file, error.lineno, error.colno, "IOT511", message)
        return
    if not isinstance(data, dict):
        message = "this must be a JSON object of Terraform blocks"
        yield Problem(file, 1, 1, "IOT511", message, hint='Begin it with `{"resource": {`.')


def _addresses(name: str, text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    if name.endswith(".tf"):
        yield from ((address, (line, 1)) for address, line in blocks(text))
        return
    try:
        data = read_json(text)
    except json.JSONDecodeError:
        return
    if isinstance(data, dict):
        places = json_places(text)
        for address, body in bodies(data).items():
            place = places.get(steps(address), _TOP)
            if address != "terraform" and not _is_another(address, body):
                yield address, (place.line, place.column)


def _is_another(address: str, body: Any) -> bool:
    """Whether the address is of a provider other than the one that iotgen configures."""
    return address.startswith("provider.") and not (isinstance(body, dict) and "alias" not in body)
