"""The log groups that are asked for, by the keys of what writes to them."""

from collections.abc import Iterable, Iterator, Sequence

from iotgen.errors import UsageError
from iotgen.kinds import KINDS
from iotgen.model.log_group import LogGroup
from iotgen.model.pipeline import Pipeline
from iotgen.spec.nearest import nearest


def sources(
    pipeline: Pipeline, writers: Sequence[str] = (), *, unusual: bool = False
) -> tuple[LogGroup, ...]:
    """The log groups of the `writers`, or else the usual ones, each once; `unusual` adds the others.

    Raises UsageError for a writer that there is none of.
    """
    groups = tuple(_all(pipeline))
    for writer in writers:
        _require(writer, [group.writer for group in groups])
    asked = [
        group
        for group in groups
        if (group.writer in writers if writers else group.usual) or (unusual and not group.usual)
    ]
    # Several rules may write to one log group, whose lines are read once.
    return tuple({group.name: group for group in reversed(asked)}.values())[::-1]


def _all(pipeline: Pipeline) -> Iterator[LogGroup]:
    """Every log group of a pipeline."""
    for kind in KINDS:
        for resource in kind.of(pipeline):
            yield from kind.logs(resource)


def _require(writer: str, known: Iterable[str]) -> None:
    names = list(known)
    if writer in names:
        return
    meant = nearest(writer, names)
    suggestion = f"; did you mean `{meant}`?" if meant else ""
    listed = ", ".join(f"`{name}`" for name in names)
    hint = f"Choose one of {listed}." if names else "Add one under `functions`."
    raise UsageError(f"the spec has no function `{writer}`{suggestion}", hint)
