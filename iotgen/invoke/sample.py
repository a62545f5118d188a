"""Sample events: what calls a function, in the shapes that AWS has."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.errors import IotgenError
from iotgen.invoke.explaining import explaining
from iotgen.invoke.instance import instance_of
from iotgen.kinds import KINDS
from iotgen.kinds.endpoints import (
    Api,
    Endpoint,
    endpoints_of,
    requests_of,
    sample_authorization,
    sample_request,
)
from iotgen.kinds.functions import Function
from iotgen.model.live import Live
from iotgen.model.pipeline import Pipeline
from iotgen.model.trigger import Event, Occasion, Trigger, TriggerKind
from iotgen.triggers import TRIGGERS

API = "api"
# What a sample can be of; a trigger's word is also its kind's.
SAMPLES = (API, *(kind.word for kind in TRIGGERS))
_CONTENT = '{"message": "sample"}'
_OF = {kind.section: kind for kind in KINDS}

# The texts of the project's files, by their paths.
Texts = Mapping[str, str | None]


@dataclass(frozen=True)
class Sample:
    """An event, and in words what it is a sample of."""

    event: Event
    what: str


def sample(
    function: Function, pipeline: Pipeline, texts: Texts, live: Live, *, of: str | None, now: int, id: str
) -> Sample:
    """A sample of what calls the function, or of one kind of it (`SAMPLES`): the first in the spec.

    `texts` has the schemas of endpoints, `now` is in milliseconds since the epoch. Raises IotgenError where
    nothing of that kind calls it, or its endpoint's schema takes nothing that can be made up.
    """
    made = next(_samples(function, pipeline, texts, live, of=of, now=now, id=id), None)
    if made is None and of is None:
        return Sample({}, "an empty event, since nothing in the spec calls it")
    if made is None:
        ways = " or ".join(f"`--sample {way}`" for way in _ways(function, pipeline))
        hint = f"Choose {ways}, or give an event with `--event`." if ways else "Give an event with `--event`."
        raise IotgenError(f"no {'endpoint' if of == API else of} calls `{function.key}`", hint)
    return made


def _ways(function: Function, pipeline: Pipeline) -> Iterator[str]:
    if requests_of(pipeline, function):
        yield API
    yield from (kind.word for kind in TRIGGERS if function.by(kind.type))


def _samples(
    function: Function, pipeline: Pipeline, texts: Texts, live: Live, *, of: str | None, now: int, id: str
) -> Iterator[Sample]:
    api = pipeline.one(Api)
    for endpoint in endpoints_of(pipeline, function) if api and of in (None, API) else ():
        assert api  # noqa: S101
        occasion = Occasion(live=live, content=_body(endpoint, texts), now=now, id=id)
        with explaining("the account"):
            yield Sample(sample_request(api, endpoint, occasion), endpoint.title)
    for endpoint in requests_of(pipeline, function) if api and of in (None, API) else ():
        assert api  # noqa: S101
        if endpoint.authorizing == function.key:
            occasion = Occasion(live=live, content="", now=now, id=id)
            with explaining("the account"):
                event = sample_authorization(api, endpoint, occasion)
            yield Sample(event, f"who may call {endpoint.title}")
    for kind in TRIGGERS:
        for trigger in function.by(kind.type) if of in (None, kind.word) else ():
            content = _content(trigger, pipeline, texts)
            yield _triggered(kind, trigger, pipeline, Occasion(live=live, content=content, now=now, id=id))


def _triggered(kind: TriggerKind[Any], trigger: Trigger, pipeline: Pipeline, occasion: Occasion) -> Sample:
    if trigger.resource is None:
        return Sample(kind.sample(trigger, None, occasion), trigger.subject)
    section, key = trigger.resource
    of = _OF[section]
    resource = next(one for one in of.known(pipeline) if one.key == key)
    with explaining(f"the {of.noun} `{key}`"):
        return Sample(kind.sample(trigger, resource, occasion), trigger.subject)


def _body(endpoint: Endpoint, texts: Texts) -> str:
    """What the endpoint's schema takes."""
    schema = texts.get(endpoint.body or "")
    if schema is None:
        return _CONTENT
    try:
        return json.dumps(instance_of(schema))
    except ValueError as error:
        message = f"cannot make up a body for {endpoint.title} from `{endpoint.body}`"
        raise IotgenError(f"{message}: {error}", "Give an event with `--event`.") from error


def _content(trigger: Trigger, pipeline: Pipeline, texts: Texts) -> str:
    """What a function may put there that an endpoint calls: what comes in there, for want of a schema."""
    for endpoint in endpoints_of(pipeline):
        grants = endpoint.function.grants if endpoint.function else ()
        sends = endpoint.receiver is not None and endpoint.receiver.path == trigger.resource
        if sends or any(trigger.set_off_by(grant) is not None for grant in grants):
            return _body(endpoint, texts)
    return _CONTENT
