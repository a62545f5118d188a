"""What is wrong with what a template makes, by its path in the JSON; its place is found later."""

from dataclasses import dataclass

from iotgen.problem import Severity

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """A fault of the node at `path` in the JSON that a template makes.

    `about` is the path of what is missing or was meant there, without the indexes of lists. Where there
    is no JSON to have a path in, `offset` counts the characters before it.
    """

    path: Path
    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    about: Path = ()
    offset: int | None = None
