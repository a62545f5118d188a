"""What a load uses of each resource: followed from where readings arrive, function by function.

What an invocation uses is measured for the reference handlers. Of other functions only the spec is known:
they are taken to make one call for each verb of their access, and to keep a row of each reading.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from iotgen.cost.load import Arrival, Load, arrival
from iotgen.cost.measured import Called, Invoked, Measured, Profile
from iotgen.kinds import KINDS
from iotgen.kinds.endpoints import ENDPOINTS, Api, Endpoint, endpoints_of
from iotgen.kinds.events import EVENTS, scheduled_events
from iotgen.kinds.events import Target as EventTarget
from iotgen.kinds.functions import FUNCTIONS, Function
from iotgen.kinds.parameters import Parameter
from iotgen.kinds.rules import RULES, Rule, Target
from iotgen.kinds.tables import TABLES
from iotgen.kinds.workflows import WORKFLOWS
from iotgen.model.alarm import Alarm
from iotgen.model.cost import SECONDS, AnyCosts, Arriving, Use, Work
from iotgen.model.kind import AnyKind
from iotgen.model.pipeline import Named, Pipeline
from iotgen.model.trigger import Trigger, TriggerKind
from iotgen.problem import Path
from iotgen.triggers import TRIGGERS

# Assumed for each AWS call that a function waits for: DynamoDB and SQS mostly answer in 5 to 15 ms.
CALL_SECONDS = 0.020
# How much slower a vCPU of Lambda's may be than the one that measured.
SLOWER = 2.0
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: so much memory buys one vCPU.
VCPU_MIB = 1769
# A duration is rounded up to a millisecond.
BILLED_SECONDS = 0.001
# X-Ray's default rule traces the first request of each second, and 5 % of the others.
# https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
TRACED = 0.05
# Assumed of a function that was not measured, for one invocation.
ASSUMED_CPU = 0.005
ASSUMED_LOG_BYTES = 500
ASSUMED_RESPONSE_BYTES = 200
_MONTH_MINUTES = SECONDS / 60
_ENDPOINT = "endpoint"
_AUTHORIZER = "authorizer"
# The verb by which a function would do what an endpoint without one does.
_PUTTING = {"queues": "send", "streams": "put", "deliveries": "put", "topics": "publish"}
_KINDS: Mapping[str, AnyKind] = {kind.section: kind for kind in KINDS}


class Basis(StrEnum):
    """What a function's use is known from."""

    MEASURED = "measured"
    CHANGED = "measured, with other code"
    ASSUMED = "assumed"


@dataclass
class Traffic:
    """The uses of each resource, and what each function's are known from.

    `retention` is for how many days readings are kept, None for ever.
    """

    uses: dict[Named, list[Use]] = field(default_factory=lambda: defaultdict(list))
    bases: dict[str, Basis] = field(default_factory=dict)
    invocations: float = 0.0
    retention: int | None = None

    def of(self, section: str, key: str) -> tuple[Use, ...]:
        """The uses of a resource."""
        return tuple(self.uses.get((section, key), ()))


@dataclass(frozen=True)
class _Event:
    """Events of one kind that call a function: so many a second, with so many readings in each."""

    word: str
    path: str
    per_second: float
    readings: float
    asks: bool = False


@dataclass(frozen=True)
class _Flow:
    """What is followed, and where its uses are noted."""

    pipeline: Pipeline
    load: Load
    measured: Measured
    unchanged: frozenset[str]
    found: Traffic


def traffic(
    pipeline: Pipeline, load: Load, measured: Measured, unchanged: frozenset[str] | None = None
) -> Traffic:
    """What a load uses of a pipeline in a month.

    `unchanged` are the functions whose code is what was measured, by default all.
    """
    keys = frozenset(function.key for function in pipeline.all(Function))
    flow = _Flow(pipeline, load, measured, keys if unchanged is None else unchanged, Traffic())
    if place := arrival(pipeline, load):
        _arrive(flow, place)
    _ask(flow)
    _recur(flow)
    _trace(flow)
    flow.found.retention = load.retention or _retention(pipeline)
    return flow.found


def _arrive(flow: _Flow, place: Arrival) -> None:
    per_second, readings = flow.load.readings_per_second / flow.load.batch, float(flow.load.batch)
    if isinstance(place, Endpoint):
        _request(flow, place, per_second, readings)
        return
    if isinstance(place, Rule):
        _publish(flow, place, per_second, readings)
        return
    kind, size = _trigger_kind(place), readings * flow.load.reading_bytes
    if place.resource and kind.fed_by:
        sent = Work(calls=per_second * SECONDS, rows=0, bytes=size)
        amounts = _costs(place.resource[0]).calls[kind.fed_by](sent)
        flow.found.uses[place.resource].append(Use(_station(*place.resource), amounts))
    _deliver(flow, place, per_second, readings, size)


def _publish(flow: _Flow, rule: Rule, per_second: float, readings: float) -> None:
    """Messages with so many readings from connected devices, and what a rule's targets make of each."""
    path, size = _station(RULES.section, rule.key), readings * flow.load.reading_bytes
    sent = Work(calls=per_second * SECONDS, rows=per_second * SECONDS, bytes=size)
    there = Work(calls=flow.load.devices, rows=0, bytes=0)
    calls = RULES.costs.calls
    amounts = {**calls["connect"](there), **calls["publish"](sent)}
    flow.found.uses[RULES.section, rule.key].append(Use(path, amounts))
    for target in rule.targets:
        if target.section == FUNCTIONS.section:
            function = flow.pipeline.get(Function, target.key)
            _invoke(flow, function, _Event("iot", path, per_second, readings))
        elif target.verb:
            _hand_on(flow, target, sent, path)
    for key in rule.invoked:
        _invoke(flow, flow.pipeline.get(Function, key), _Event("iot", path, per_second, readings))


def _hand_on(flow: _Flow, target: Target | EventTarget, sent: Work, path: str) -> None:
    """What a target's resource uses of messages, and the functions that it triggers."""
    costs = _costs(target.section)
    own = _station(*target.head) if costs.apart else path
    flow.found.uses[target.head].append(Use(own, costs.calls[target.verb](sent)))
    called = (one for function in flow.pipeline.all(Function) for one in function.triggers)
    for trigger in [one for one in called if one.resource == target.head][:1]:
        readings = sent.bytes / flow.load.reading_bytes
        _deliver(flow, trigger, sent.calls / SECONDS, readings, sent.bytes)


def _recur(flow: _Flow) -> None:
    """The events that come by themselves, whatever the load; they carry no readings."""
    for function in flow.pipeline.all(Function):
        for trigger in function.triggers:
            if trigger.per_second:
                word = _trigger_kind(trigger).word
                _invoke(flow, function, _Event(word, trigger.subject, trigger.per_second, 0.0))
    for event in (one for one in scheduled_events(flow.pipeline) if one.per_second):
        sent = Work(calls=event.per_second * SECONDS, rows=0, bytes=0)
        _hand_on(flow, event.target, sent, _station(EVENTS.section, event.key))


def _ask(flow: _Flow) -> None:
    """The day's queries, shared by the endpoints that answer them."""
    asked = [endpoint for endpoint in endpoints_of(flow.pipeline) if endpoint.method == "GET"]
    for endpoint in asked:
        per_second = flow.load.queries / 86_400 / len(asked)
        _request(flow, endpoint, per_second, float(flow.load.page), asks=True)


def _request(
    flow: _Flow, endpoint: Endpoint, per_second: float, readings: float, *, asks: bool = False
) -> None:
    api = flow.pipeline.one(Api)
    if api is None or not per_second:
        return
    path = endpoint.title
    if endpoint.authorizing and endpoint.auth.authorizer and not endpoint.auth.authorizer.cache:
        asked = flow.pipeline.get(Function, endpoint.authorizing)
        _invoke(flow, asked, _Event(_AUTHORIZER, path, per_second, 0.0))
    response_bytes = float(ASSUMED_RESPONSE_BYTES)
    if endpoint.receiver and endpoint.receiver.path[0] == WORKFLOWS.section:
        amounts = WORKFLOWS.costs.calls["start"](Work(per_second * SECONDS, 0, 0))
        flow.found.uses[WORKFLOWS.section, endpoint.receiver.key].append(Use(path, amounts))
    elif endpoint.receiver:
        _enqueue(flow, endpoint.receiver.path, path, per_second, readings)
    else:
        function = flow.pipeline.get(Function, endpoint.behind)
        invoked = _invoke(flow, function, _Event(_ENDPOINT, path, per_second, readings, asks))
        response_bytes = invoked.response_bytes
    requests = per_second * SECONDS
    amounts = {"requests": requests, "response_bytes": requests * response_bytes}
    flow.found.uses[ENDPOINTS.section, api.key].append(Use(path, amounts))


def _enqueue(flow: _Flow, queue: Path, path: str, per_second: float, readings: float) -> None:
    """Note the messages of an endpoint that sends to a queue or another by itself, and follow them."""
    section, key = map(str, queue)
    size = readings * flow.load.reading_bytes
    amounts = _costs(section).calls[_PUTTING[section]](Work(per_second * SECONDS, 0, size))
    flow.found.uses[section, key].append(Use(path, amounts))
    for function in flow.pipeline.all(Function):
        for trigger in function.triggers:
            if trigger.resource == (section, key):
                _deliver(flow, trigger, per_second, readings, size)
                return


def _deliver(flow: _Flow, trigger: Trigger, per_second: float, readings: float, size: float) -> None:
    """Events of `size` bytes on their way to the functions that a trigger of this source calls."""
    for function in flow.pipeline.all(Function):
        for one in function.triggers:
            if one is trigger or (one.resource and one.resource == trigger.resource):
                kind = _trigger_kind(one)
                delivery = kind.delivery(one, Arriving(per_second, size))
                if one.resource:
                    flow.found.uses[one.resource].append(Use(_station(*one.resource), delivery.amounts))
                path, events = f"function {function.key}", delivery.events
                _invoke(flow, function, _Event(kind.word, path, per_second / events, readings * events))


def _invoke(flow: _Flow, function: Function, event: _Event) -> Invoked:
    """Note what invocations of a function use, and follow what they send."""
    profile = _profile(flow, function, event.word)
    _note_basis(flow, function, profile)
    invoked = profile.at(event.readings) if profile else _assumed(flow, function, event)
    invocations = event.per_second * SECONDS
    flow.found.invocations += invocations
    quiet = function.log_level in ("WARN", "ERROR")
    amounts = {
        "invocations": invocations,
        "seconds": invocations * duration(invoked, function.memory),
        "log_bytes": invocations * (invoked.quiet_log_bytes if quiet else invoked.log_bytes),
        "metrics": _metrics(flow, function, profile),
    }
    flow.found.uses[FUNCTIONS.section, function.key].append(Use(event.path, amounts))
    more = _unmeasured(function, event, profile) if profile else ()
    for called in (*invoked.called, *more):
        _call(flow, function, event, called)
    return invoked


def _unmeasured(function: Function, event: _Event, profile: Profile) -> Iterator[Called]:
    """Rows for tables that the code had no access to when it was measured."""
    had = {(section, key) for section, key, _ in profile.uses}
    for called in _assumed_calls(function, event):
        of_table = called.section == TABLES.section and (called.section, called.key) not in had
        if of_table and called.rows and not _reads(called):
            yield called


def _reads(called: Called) -> bool:
    access = _KINDS[called.section].access
    return access is not None and access.verbs[called.verb].reads


def _profile(flow: _Flow, function: Function, word: str) -> Profile | None:
    """What was measured of a function: of one with that code, if it has access to all that is used there."""
    folder = function.source.rstrip("/").rpartition("/")[2]
    profile = flow.measured.profiles.get((folder, word))
    return profile if profile and all(_may(function, *of) for of in profile.uses) else None


def _may(function: Function, section: str, key: str, verb: str) -> bool:
    """Whether a function may do what a verb allows, by that verb or by another."""
    actions = {
        action
        for grant in function.grants
        if (grant.section, grant.key) == (section, key)
        for granted in grant.verbs
        for action in grant.access.verbs[granted].actions
    }
    access = _KINDS[section].access
    return access is not None and actions.issuperset(access.verbs[verb].actions)


def duration(invoked: Invoked, memory: int) -> float:
    """The seconds that are billed for an invocation: its CPU time by its share of a vCPU, and its waiting."""
    share = min(1.0, memory / VCPU_MIB)
    return invoked.cpu * SLOWER / share + invoked.aws_calls * CALL_SECONDS + BILLED_SECONDS


def _note_basis(flow: _Flow, function: Function, profile: Profile | None) -> None:
    changed = Basis.MEASURED if function.key in flow.unchanged else Basis.CHANGED
    flow.found.bases[function.key] = changed if profile else Basis.ASSUMED


def _metrics(flow: _Flow, function: Function, profile: Profile | None) -> float:
    """How many metrics the function publishes, counted once: those measured, or those that have an alarm."""
    if flow.found.of(FUNCTIONS.section, function.key):
        return 0
    if profile:
        return len(profile.metrics)
    watched = (part for alarm in flow.pipeline.all(Alarm) for part in alarm.measured)
    return len({part.metric for part in watched if part.dimensions.get("service") == function.key})


def _assumed(flow: _Flow, function: Function, event: _Event) -> Invoked:
    called = tuple(_assumed_calls(function, event))
    return Invoked(
        aws_calls=sum(min(1.0, one.calls) for one in called),
        cpu=ASSUMED_CPU,
        log_bytes=ASSUMED_LOG_BYTES,
        quiet_log_bytes=0,
        response_bytes=event.readings * flow.load.reading_bytes if event.asks else ASSUMED_RESPONSE_BYTES,
        called=called,
    )


def _assumed_calls(function: Function, event: _Event) -> Iterator[Called]:
    """One call for each verb; the first verb of a resource has the readings as its rows."""
    for grant in function.grants:
        share = _costs(grant.section).per_reading
        for index, verb in enumerate(grant.verbs):
            calls = event.readings * share[verb] if verb in share else 1.0
            rows = event.readings if index == 0 else 0.0
            yield Called(grant.section, grant.key, verb, calls, rows)


def _call(flow: _Flow, function: Function, event: _Event, called: Called) -> None:
    """Note calls to a resource, and follow the events that they make."""
    if called.verb not in _costs(called.section).calls:
        return
    calls = min(called.calls * event.per_second * SECONDS, _most(flow, called))
    rows = called.rows * event.per_second * SECONDS
    sets_off = list(_set_off(flow, function, called))
    readings = event.readings / called.calls if called.calls else 0.0
    size = _size(flow, called, readings, message=bool(sets_off))
    amounts = _costs(called.section).calls[called.verb](Work(calls, rows, size))
    own = _costs(called.section).apart
    path = _station(called.section, called.key) if own else event.path
    flow.found.uses[called.section, called.key].append(Use(path, amounts))
    for trigger in sets_off[:1]:
        _deliver(flow, trigger, calls / SECONDS, readings, size)


def _most(flow: _Flow, called: Called) -> float:
    limits = [one for one in flow.measured.limits if (one.section, one.verb) == (called.section, called.verb)]
    return min((limit.per_minute * _MONTH_MINUTES for limit in limits), default=float("inf"))


def _set_off(flow: _Flow, caller: Function, called: Called) -> Iterator[Trigger]:
    """The triggers of other functions that the calls set off."""
    grants = [one for one in caller.grants if (one.section, one.key) == (called.section, called.key)]
    for function in flow.pipeline.all(Function):
        for trigger in function.triggers if function is not caller else ():
            if _trigger_kind(trigger).fed_by == called.verb and any(map(trigger.set_off_by, grants)):
                yield trigger


def _size(flow: _Flow, called: Called, readings: float, *, message: bool) -> float:
    """The bytes of an item, or of a message with so many readings."""
    if message:
        return readings * flow.measured.message_bytes(flow.load.reading_bytes)
    return flow.measured.row_bytes(called.key, flow.load.reading_bytes) or float(flow.load.reading_bytes)


def _trace(flow: _Flow) -> None:
    """Note the traces of each function: a share of its invocations, which depends on those of all."""
    per_second = flow.found.invocations / SECONDS
    if not per_second:
        return
    share = (min(1.0, per_second) + TRACED * max(0.0, per_second - 1)) / per_second
    for function in flow.pipeline.all(Function):
        for use in flow.found.of(FUNCTIONS.section, function.key):
            amounts = {"traces": use.get("invocations") * share}
            flow.found.uses[FUNCTIONS.section, function.key].append(Use(use.path, amounts))


def _retention(pipeline: Pipeline) -> int | None:
    """`retention_days` of the handlers' configuration, where a parameter has it."""
    for parameter in pipeline.all(Parameter):
        try:
            days = json.loads(parameter.value or "null")["retention_days"]
        except (ValueError, TypeError, KeyError):
            continue
        return days if isinstance(days, int) else None
    return None


def _station(section: str, key: str) -> str:
    return f"{_KINDS[section].noun} {key}"


def _costs(section: str) -> AnyCosts:
    return _KINDS[section].costs


def _trigger_kind(trigger: Trigger) -> TriggerKind[Trigger]:
    return next(kind for kind in TRIGGERS if isinstance(trigger, kind.type))
