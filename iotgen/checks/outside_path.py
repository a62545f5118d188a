"""A path leads out of the project through a symbolic link."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources


def check(_pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each path that leads out: one that the spec names, or a link in a folder that it names."""
    told: set[str] = set()
    for named in sources.named:
        folder = named.name.rstrip("/") + "/"
        for outside in sorted(sources.outside - told):
            if outside == named.name or outside.startswith(folder):
                told.add(outside)
                said = f"`{outside}` leads out of the project through a symbolic link"
                yield Finding(named.place, said, "Copy what it leads to into the project.")


RULE = Rule(
    "IOT318",
    "Every path stays in the project, with symbolic links followed.",
    "https://cwe.mitre.org/data/definitions/59.html",
    check,
    fix="Copy what the link leads to into the project.",
)
