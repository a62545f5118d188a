"""What the Python of this machine cannot load: it runs the functions of the local AWS."""

import sys
from collections.abc import Iterator
from dataclasses import replace

from iotgen.checks import handler_syntax
from iotgen.kinds.functions import PYTHON, Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def unloadable(
    pipeline: Pipeline, sources: Sources, version: tuple[int, int] = sys.version_info[:2]
) -> Iterator[Finding]:
    """The findings of IOT304 for this Python.

    A check of a spec leaves them open for a newer runtime, where newer syntax may be valid.
    """
    runtime = f"python{version[0]}.{version[1]}"
    functions = tuple(
        replace(function, runtime=runtime)
        for function in pipeline.all(Function)
        if function.language == PYTHON
    )
    local = replace(pipeline, by_type={**pipeline.by_type, Function: functions})
    yield from handler_syntax.RULE.findings(local, sources)
