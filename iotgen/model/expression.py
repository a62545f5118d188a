"""Values that only Terraform knows: references to resources, and texts that contain them.

Everything else in the model is plain data. A `str` is always literal; only these types become `${...}`.
"""

import re
from dataclasses import dataclass

_RETURN = re.compile(r"([$%]*)\r(?!\n)")
_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


class Label(str):
    """A Terraform local name. Its alphabet is checked here, so it needs no escaping in JSON."""

    __slots__ = ()

    def __new__(cls, text: str) -> "Label":
        """Accept `text`; ValueError if Terraform would not."""
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
    """A text of literal parts and references, such as an ARN with a wildcard at its end."""

    parts: tuple[str | Reference, ...]

    def __str__(self) -> str:
        return "".join(literal(part) if isinstance(part, str) else str(part) for part in self.parts)


Expression = Reference | Joined


def literal(text: str) -> str:
    """`text` escaped so that Terraform reads it verbatim: `${` and `%{` would begin a template.

    After a lone carriage return Terraform does not recognize templates, and reads some escapes as text. So it
    is written as a template of its own, together with the signs before it, which would escape that template.
    """
    escaped = text.replace("${", "$${").replace("%{", "%%{")
    return _RETURN.sub(r'${"\1\\r"}', escaped)


def joined(*parts: str | Reference | Joined) -> Joined:
    """The `parts` in one text."""
    flat: list[str | Reference] = []
    for part in parts:
        flat += part.parts if isinstance(part, Joined) else [part]
    return Joined(tuple(flat))
