"""A path leads out of the project through a symbolic link."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(_pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each path that the spec names, or link in a folder that it names, that leads out."""
    reported: set[str] = set()
    for named in sources.named:
        folder = named.name.rstrip("/") + "/"
        for outside in sorted(sources.outside - reported):
            if outside == named.name or outside.startswith(folder):
                reported.add(outside)
                message = f"`{outside}` leads out of the project through a symbolic link"
                yield Finding(named.place, message, "Copy the target of the link into the project.")


RULE = Rule(
    code="IOT318",
    summary="A path leads out of the project through a symbolic link.",
    why=(
        "iotgen packages and deploys the target of a path. A link out of the project could put any file that "
        "you can read, such as a private key, into a zip on AWS, so iotgen follows none."
    ),
    fix="Copy the target of the link into the project.",
    source="https://cwe.mitre.org/data/definitions/59.html",
    check=check,
)
