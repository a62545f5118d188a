"""The template of an event's target is none that EventBridge takes."""

import json
import re
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.events import Event, Target
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.spec.nearest import nearest

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
_RESERVED = (
    "aws.events.event",
    "aws.events.event.ingestion-time",
    "aws.events.event.json",
    "aws.events.rule-arn",
    "aws.events.rule-name",
)
_NAME = re.compile(r"<([A-Za-z0-9_.-]+)>")
_PARTS = re.compile(rf'"(?:\\.|[^"\\])*"|{_NAME.pattern}')


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each template that is not JSON, or has a name that stands for nothing."""
    for event in pipeline.all(Event):
        for target in event.targets:
            if target.template is not None:
                yield from _faults(target, target.template)


def _faults(target: Target, template: str) -> Iterator[Finding]:
    path = (*target.path, "template")
    unknown = [one for one in _NAME.finditer(template) if one[1] not in (*target.paths, *_RESERVED)]
    for one in unknown:
        meant = nearest(one[1], (*target.paths, *_RESERVED))
        added = f"Add it to `paths`: `{one[1]}: $.detail.{one[1]}`."
        hint = f"Write `<{meant}>`." if meant else added
        yield Finding(path, f"`{one[0]}` stands for nothing", hint, within=(template, one.start()))
    if not unknown and (fault := _not_json(template)):
        yield Finding(path, *fault)


def _not_json(template: str) -> tuple[str, str] | None:
    """What is wrong with a template when each name in it has a value, and what to write."""
    filled = _PARTS.sub(lambda match: match[0] if match[0].startswith('"') else "null", template)
    try:
        pairs = _keys(json.loads(filled, object_pairs_hook=list))
    except ValueError:
        if not set(template) & set('{}[]"'):
            return "a text needs quotes of its own", f"Write `'{json.dumps(template, ensure_ascii=False)}'`."
        hint = "Put texts into double quotes; a name outside of them keeps the type of its value."
        return "the template is not JSON when its names have values", hint
    named = next((key for key in pairs if _NAME.search(key)), None)
    if named:
        return f"`{named}` is a key, for which EventBridge fills in nothing", "Write a key of your own."
    return None


def _keys(value: object) -> Iterator[str]:
    """The keys of all objects in a value, whose objects are lists of pairs."""
    for one in value if isinstance(value, list) else ():
        if isinstance(one, tuple):
            yield str(one[0])
            yield from _keys(one[1])
        else:
            yield from _keys(one)


RULE = Rule(
    code="IOT405",
    summary="The template of an event's target is none that EventBridge takes.",
    why=(
        "A template is JSON in which names in angle brackets have values: a text is in double quotes, also "
        "where it is all there is, and a name cannot be a key. EventBridge refuses a name that stands for "
        "nothing in the apply; what is not JSON it refuses then, or it does not deliver the event."
    ),
    fix="Write JSON, or a text in double quotes, with names of `paths` in angle brackets.",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html",
    check=check,
)
