"""Functions from their settings: triggers, access, environment and role."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.kinds.accepting import accepted
from iotgen.kinds.functions.allowed import resolve_allowed
from iotgen.kinds.functions.asynchronous import Asynchronous, Destination, resolve_asynchronous
from iotgen.kinds.functions.code import resolve_image
from iotgen.kinds.functions.environment import Sourced, sourced_variables
from iotgen.kinds.functions.function import SECTION, Function, standard_variables
from iotgen.kinds.functions.managed import resolve_managed
from iotgen.kinds.functions.role import resolve_role
from iotgen.kinds.functions.rollout import resolve_rollout
from iotgen.kinds.functions.url import resolve_url
from iotgen.kinds.functions.vpc import resolve_vpc, vpc_statements
from iotgen.kinds.layers import Layer
from iotgen.model.access import Grant, resolve_access
from iotgen.model.arn import arn
from iotgen.model.called import called
from iotgen.model.context import Context, label
from iotgen.model.dead_letters import dead_letters
from iotgen.model.declared_logs import function_log
from iotgen.model.expression import Expression
from iotgen.model.key_use import KeyUse, key_statements, key_use
from iotgen.model.kind import Resolving, Settings
from iotgen.model.policy import Statement
from iotgen.model.runtimes import OWN, PYTHON, language
from iotgen.model.trigger import Position, Trigger, TriggerKind
from iotgen.problem import Path
from iotgen.spec.defaults import starting
from iotgen.spec.schema import schema
from iotgen.triggers import TRIGGERS


def resolve_functions(context: Resolving) -> tuple[Function, ...]:
    """The functions."""
    return tuple(_function(context, *entry) for entry in context.entries(SECTION))


def _function(context: Resolving, key: str, settings: Settings, path: Path) -> Function:
    grants = resolve_access(context, context.accesses, settings["access"], (*path, "access"))
    inherited = _inherited(context, key)
    written_at = ("defaults", "function") if "async" in inherited else path
    asynchronous = resolve_asynchronous(context, settings, path, written_at)
    allowed = tuple(resolve_allowed(context, settings["access"], (*path, "access")))
    triggers = tuple(_triggers(context, key, settings, path))
    sourced = sourced_variables(context, key, settings["environment"])
    return Function(
        **context.named(key, path),
        **dead_letters(context.name(f"{key}-async-dlq"), f"{key}-async-dlq", context.kms_key(SECTION, key)),
        **_code(context, key, settings, path, inherited),
        **_limits(settings),
        called=called(context, key),
        inherited=inherited,
        inherited_variables=_inherited(context, key, "environment"),
        log_group=function_log(context, key),
        log_group_given=settings.get("log_group", ""),
        log_kms_key=context.log_kms_key(SECTION, key),
        url=resolve_url(settings.get("url"), context.written[SECTION][key].get("url")),
        rollout=resolve_rollout(settings.get("rollout")),
        environment=_environment(context, key, settings, grants, sourced),
        sourced=sourced,
        grants=grants,
        allowed=allowed,
        runs_as=resolve_role(context, settings.get("role"), context.name_of(SECTION, key), label(key), path),
        managed=resolve_managed(context, settings["access"], (*path, "access"), label(key)),
        asynchronous=asynchronous,
        accepted=accepted(context, SECTION, key, {}),
        statements=(
            *_own_statements(context, key, settings),
            *_used_statements(context, key, grants, triggers, asynchronous),
            *(one.statement for one in allowed),
        ),
        triggers=tuple(trigger for _, trigger in triggers),
    )


def _code(
    context: Resolving, key: str, settings: Settings, path: Path, inherited: frozenset[str]
) -> dict[str, Any]:
    """What it runs, and on what."""
    image = resolve_image(settings.get("image"))
    runtime = _runtime(settings)
    return {
        "source": settings.get("source", ""),
        "artifact": settings.get("artifact", ""),
        "image": image,
        "include": _include(settings, inherited, runtime),
        "handler": _handler(context, key, settings, inherited, runtime),
        "runtime": runtime,
        "architecture": settings["architecture"],
        "layers": _layers(context, settings, inherited, path, runtime),
        "code_signing": None if image else settings.get("code_signing"),
    }


def _runtime(settings: Settings) -> str:
    """The runtime, empty with an image, which has its own."""
    return "" if settings.get("image") else str(settings["runtime"])


def _limits(settings: Settings) -> dict[str, Any]:
    """What stands in the spec as on AWS: its size, its network and its logs."""
    return {
        "description": settings.get("description"),
        "memory": settings["memory"],
        "timeout": settings["timeout"],
        "reserved_concurrency": settings.get("reserved_concurrency"),
        "log_retention_days": settings["log_retention_days"],
        "log_level": settings["log_level"],
        "ephemeral_storage": settings["ephemeral_storage"],
        "vpc": resolve_vpc(settings.get("vpc")),
    }


def _inherited(context: Context, key: str, *below: str) -> frozenset[str]:
    """The settings that come from `defaults.function`, or those in one of them."""
    shared, own = (context.written.get("defaults") or {}).get("function") or {}, context.written[SECTION][key]
    shared = starting(SECTION, own, shared, schema())
    for name in below:
        shared, own = shared.get(name) or {}, own.get(name) or {}
    return frozenset(shared) - frozenset(own)


def _own_statements(context: Context, key: str, settings: Settings) -> tuple[Statement, ...]:
    """The permissions that it needs by itself: log streams, traces, its dead-letter queue, and its VPC."""
    name = context.name_of(SECTION, key)
    streams = arn("logs", context.region, f"log-group:{function_log(context, key)}:*")
    failed = arn("sqs", context.region, context.name(f"{key}-async-dlq"))
    return (
        Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (streams,)),
        # X-Ray has no resource types: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
        Statement("WriteTraces", ("xray:PutTelemetryRecords", "xray:PutTraceSegments"), ("*",)),
        Statement("SendFailedEvents", ("sqs:SendMessage",), (failed,)),
        *(vpc_statements(context, name) if settings.get("vpc") else ()),
    )


def _used_statements(
    context: Resolving,
    key: str,
    grants: tuple[Grant, ...],
    triggers: tuple[tuple[TriggerKind[Any], Trigger], ...],
    asynchronous: Asynchronous | None,
) -> Iterator[Statement]:
    """The permissions for what it is called by, what it has access to, and where its results go."""
    destinations = asynchronous.destinations if asynchronous else ()
    yield from (statement for kind, trigger in triggers for statement in kind.statements(context, trigger))
    yield from key_statements(context, _key_uses(context, key, grants, triggers, destinations))
    yield from (statement for grant in grants for statement in grant.access.statements(context, grant))
    yield from {one.statement.sid: one.statement for one in destinations}.values()


def _key_uses(
    context: Resolving,
    function: str,
    grants: tuple[Grant, ...],
    triggers: tuple[tuple[TriggerKind[Any], Trigger], ...],
    destinations: tuple[Destination, ...],
) -> Iterator[KeyUse]:
    """The KMS keys that the function's role uses.

    Lambda sends failed events to a queue, and decrypts the environment, with the function's own role, by
    which it also polls; other triggers invoke the function.
    """
    yield from key_use(context, SECTION, function, "lambda", reads=True)
    yield from key_use(context, SECTION, function, "sqs", reads=False)
    for grant in grants:
        reads = all(grant.access.verbs[verb].reads for verb in grant.verbs)
        yield from key_use(context, grant.section, grant.key, grant.access.through, reads=reads)
    for _, trigger in triggers:
        if trigger.polled:
            section, key = trigger.polled
            yield from key_use(context, section, key, context.accesses[section].through, reads=True)
    for one in destinations:
        yield from key_use(context, one.section, one.key, context.accesses[one.section].through, reads=False)


def _include(settings: Settings, inherited: frozenset[str], runtime: str) -> tuple[str, ...]:
    """The included folders; those of the defaults are for Python, as the default runtime is."""
    foreign = "include" in inherited and language(runtime) != PYTHON
    return () if foreign or "source" not in settings else tuple(settings["include"])


def _handler(context: Context, key: str, settings: Settings, inherited: frozenset[str], runtime: str) -> str:
    """The handler, empty where there is none to take: the schema's default is that of Python."""
    if not runtime:
        return ""
    written = "handler" in inherited or "handler" in context.written[SECTION][key]
    if written or language(runtime) == PYTHON:
        return str(settings["handler"])
    # https://docs.aws.amazon.com/lambda/latest/dg/runtimes-provided.html
    return "bootstrap" if language(runtime) == OWN else ""


def _layers(
    context: Resolving, settings: Settings, inherited: frozenset[str], path: Path, runtime: str
) -> tuple[Layer, ...]:
    """The layers; of those of the defaults, the ones that hold something for its language."""
    shared = "layers" in inherited
    place = ("defaults", "function") if shared else path
    layers = [
        context.resources.get(Layer, key)
        for index, key in enumerate(settings["layers"])
        if context.has("layers", key, (*place, "layers", index))
    ]
    return tuple(one for one in layers if not shared or (runtime and one.fits(runtime)))


def _environment(
    context: Context,
    key: str,
    settings: Settings,
    grants: tuple[Grant, ...],
    sourced: tuple[Sourced, ...],
) -> dict[str, str | Expression]:
    """The function's own variables, which take precedence over those of its access and of Powertools."""
    powertools = standard_variables(key, context.data["pipeline"], context.suffix)
    return {
        **(powertools if language(_runtime(settings)) == PYTHON else {}),
        **{grant.variable: grant.value for grant in grants},
        **{name: one for name, one in settings["environment"].items() if isinstance(one, str)},
        **{one.variable: one.value for one in sourced},
    }


def _triggers(
    context: Context, key: str, settings: Settings, path: Path
) -> Iterator[tuple[TriggerKind[Any], Trigger]]:
    """The triggers, kind by kind."""
    written: list[Mapping[str, Any]] = settings["triggers"]
    for kind in TRIGGERS:
        own = [(index, trigger) for index, trigger in enumerate(written) if kind.word in trigger]
        for number, (index, trigger) in enumerate(own, 1):
            position = Position(
                key=key,
                path=(*path, "triggers", index),
                number=number,
                sharers=len(own),
                reserved=settings.get("reserved_concurrency"),
            )
            if resolved := _trigger(context, kind, trigger, position):
                yield kind, resolved


def _trigger(
    context: Context, kind: TriggerKind[Any], settings: Mapping[str, Any], position: Position
) -> Trigger | None:
    """The trigger, None if what it names is not there."""
    named = (*position.path, kind.word)
    if kind.section and not context.has(kind.section, settings[kind.word], named):
        return None
    resolved: Trigger | None = kind.resolve(context, settings, position)
    return resolved
