"""What only Terraform knows: references to resources, and texts that contain them.

Everything else in the model is plain data. A `str` is always literal; only these types become `${...}`.
"""

import re
from dataclasses import dataclass

_RETURN = re.compile(r"([$%]*)\r(?!\n)")
_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


class Label(str):
    """A Terraform local name. Its alphabet is checked here, so it can stand in any JSON text as it is."""

    __slots__ = ()

    def __new__(cls, text: str) -> "Label":
        """Take `text`; ValueError when Terraform would not."""
        if not _LABEL.match(text):
            raise ValueError(f"{text!r} is not a Terraform name")
        return super().__new__(cls, text)


@dataclass(frozen=True)
class Reference:
    """An attribute of a resource, as Terraform addresses it: `aws_sqs_queue.jobs.arn`."""

    address: str

    def __str__(self) -> str:
        return "${" + self.address + "}"


@dataclass(frozen=True)
class Joined:
    """A text made of literal parts and references, such as an ARN with a wildcard behind it."""

    parts: tuple[str | Reference, ...]

    def __str__(self) -> str:
        return "".join(literal(part) if isinstance(part, str) else str(part) for part in self.parts)


Expression = Reference | Joined


def literal(text: str) -> str:
    """`text` so that Terraform reads it as it is: `${` and `%{` would begin a template.

    Behind a carriage return without a newline Terraform takes nothing for a template, and some escapes for
    text. So one is written as a template of its own, with the signs before it, which would escape that.
    """
    escaped = text.replace("${", "$${").replace("%{", "%%{")
    return _RETURN.sub(r'${"\1\\r"}', escaped)


def joined(*parts: str | Reference | Joined) -> Joined:
    """The `parts` in one text."""
    flat: list[str | Reference] = []
    for part in parts:
        flat += part.parts if isinstance(part, Joined) else [part]
    return Joined(tuple(flat))
