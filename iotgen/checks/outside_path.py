"""A path leads out of the project through a symbolic link."""

from collections.abc import Iterator

from iotgen.checks.missing_file import named_files
from iotgen.checks.missing_source import named_folders
from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each path that leads out: one that the spec names, or a link in a folder that it names."""
    told: set[str] = set()
    for name, path in (*named_folders(pipeline), *named_files(pipeline)):
        folder = name.rstrip("/") + "/"
        for outside in sorted(sources.outside - told):
            if outside == name or outside.startswith(folder):
                told.add(outside)
                said = f"`{outside}` leads out of the project through a symbolic link"
                yield Finding(path, said, "Copy what it leads to into the project.")


RULE = Rule(
    "IOT318",
    "Every path stays in the project, with symbolic links followed.",
    "https://cwe.mitre.org/data/definitions/59.html",
    check,
    fix="Copy what the link leads to into the project.",
)
