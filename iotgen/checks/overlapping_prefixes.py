"""Two triggers of a bucket overlap."""

from collections.abc import Iterator
from dataclasses import dataclass

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.wiring import Wire
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.triggers.bucket import BucketTrigger


@dataclass(frozen=True)
class _Part:
    """Which objects and events of a bucket something hears of."""

    bucket: str
    prefix: str
    suffix: str
    events: frozenset[str]
    path: Path

    @property
    def words(self) -> str:
        """The prefix, where it has one."""
        return f"`{self.prefix}`" if self.prefix else "a trigger without a prefix"

    def overlaps(self, other: "_Part") -> bool:
        """Whether both hear of one event of one object."""
        prefixes = self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix)
        suffixes = self.suffix.endswith(other.suffix) or other.suffix.endswith(self.suffix)
        return self.bucket == other.bucket and prefixes and suffixes and bool(self.events & other.events)


def _parts(pipeline: Pipeline) -> Iterator[_Part]:
    for function in pipeline.all(Function):
        for one in function.by(BucketTrigger):
            yield _Part(one.key, one.prefix, one.suffix or "", frozenset(one.kinds), one.path)
    for wire in pipeline.all(Wire):
        if notice := wire.notice:
            events = frozenset(notice.events)
            yield _Part(wire.key, notice.prefix or "", notice.suffix or "", events, notice.path)


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each trigger and notice that overlaps an earlier one of its bucket."""
    seen: list[_Part] = []
    for part in _parts(pipeline):
        other = next((one for one in seen if part.overlaps(one)), None)
        if other:
            message = f"{part.words} overlaps {other.words}: S3 allows one trigger per object"
            path = (*part.path, "prefix") if part.prefix else part.path
            yield Finding(path, message, "Choose prefixes that do not overlap.")
        seen.append(part)


RULE = Rule(
    code="IOT360",
    summary="Two triggers of a bucket overlap.",
    why=(
        "S3 refuses event notifications whose prefixes and suffixes both overlap for the same kind of "
        "event, since an object would then match two of them. The apply fails at the notifications of the "
        "bucket."
    ),
    fix="Choose prefixes that do not overlap.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html",
    check=check,
)
