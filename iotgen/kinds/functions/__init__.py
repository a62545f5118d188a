"""Functions: code on Lambda, each with its role, log group and dead-letter queue."""

from collections.abc import Iterator
from typing import Any

from iotgen.kinds.accepting import users_drawing
from iotgen.kinds.functions.alarms import function_alarms, rollout_alarm
from iotgen.kinds.functions.asynchronous import Destination
from iotgen.kinds.functions.costs import FUNCTION_COSTS
from iotgen.kinds.functions.environment import Addressed, Attributed, Connecting, Filled
from iotgen.kinds.functions.function import ADDRESS, SECTION, Function, runtimes_of, standard_variables
from iotgen.kinds.functions.managed import attached
from iotgen.kinds.functions.preflight import UNRESERVED, function_preflight
from iotgen.kinds.functions.resolve import resolve_functions
from iotgen.kinds.functions.rollout import Rollout, Shift
from iotgen.kinds.functions.status import FUNCTION_STATUS
from iotgen.model.access import Access, Variable, Verb, only_statement
from iotgen.model.arn import arn
from iotgen.model.called import ALIAS, called
from iotgen.model.change import Deployed, stays
from iotgen.model.context import Context, label
from iotgen.model.dead_letters import dead_letter_name, dead_letter_outputs, dead_letter_rendering
from iotgen.model.derived import Derived
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.expression import Joined, Reference
from iotgen.model.kind import Kind, Name, role_name
from iotgen.model.live import Live
from iotgen.model.log_group import LogGroup, no_entry, until
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Output, Rendering, artifact, output_of
from iotgen.model.runtimes import PYTHON
from iotgen.model.trigger import Call
from iotgen.problem import Finding, Path
from iotgen.triggers import TRIGGERS

__all__ = [
    "ADDRESS",
    "ALIAS",
    "FUNCTIONS",
    "PYTHON",
    "UNRESERVED",
    "Addressed",
    "Attributed",
    "Connecting",
    "Destination",
    "Filled",
    "Function",
    "Rollout",
    "rollout_alarm",
    "runtimes_of",
    "standard_variables",
]


# As the handlers of `handlers/` log it.
_SPAN = until("duration_ms")


def _names(function: Function) -> Iterator[Name]:
    yield Name(what="a function", text=function.name, space="function", most=64)
    yield from function.runs_as.names("function")
    if function.rollout:
        yield role_name("the role of a rollout", function.rollout_role)
    yield dead_letter_name(function)
    given = bool(function.log_group_given)
    path = (*function.path, "log_group") if given else ()
    what, name = "a function's log group", function.log_group
    yield Name(what=what, text=name, space="log group", most=512, path=path, given=given)
    for trigger in function.triggers:
        yield from trigger.aws_names()


def _render(functions: tuple[Function, ...], digests: Digests) -> Iterator[Rendering]:
    for function in functions:
        layers = [layer.version_arn for layer in function.layers]
        holes = {
            "function": function,
            "artifact": None if function.image else artifact(function.zip, digests),
            "layers": layers or None,
        }
        yield Rendering(SECTION, function.path, "function", holes)
        if not function.runs_as.existing:
            yield from attached(SECTION, function.path, function.label, function.managed)
        if function.asynchronous:
            yield Rendering(SECTION, function.asynchronous.path, "asynchronous", {"function": function})
        senders = [trigger.sender for trigger in function.triggers if trigger.sender]
        yield dead_letter_rendering(SECTION, function, None, senders)
        if function.rollout:
            yield _rollout(function, function.rollout)
        yield from _permissions(function)
        if function.url:
            yield Rendering(SECTION, (*function.path, "url"), "function_url", {"function": function})
    if any(function.variables(Connecting) for function in functions):
        yield Rendering(SECTION, (), "iot_endpoint", {})
    for kind in TRIGGERS:
        called = [(function, trigger) for function in functions for trigger in function.by(kind.type)]
        yield from kind.render(tuple(Call(function, trigger) for function, trigger in called))


def _permissions(function: Function) -> Iterator[Rendering]:
    """Of services outside of the spec, one for each source."""
    for one in function.accepted:
        for number, source in enumerate(one.sources, 1):
            statement = f"{one.sid}-{number}"
            holes = {
                "label": label(f"{function.label}__{statement}"),
                "function": function,
                "statement_id": statement,
                "principal": one.principal,
                "source": source,
                "owner": one.owner,
            }
            yield Rendering(SECTION, one.path, "accepted_permission", holes)


def _rollout(function: Function, rollout: Rollout) -> Rendering:
    labels = [label(key) for key in (rollout_alarm(function.key), *rollout.alarms)]
    holes = {
        "function": function,
        "alias": ALIAS,
        "canary": rollout.shift is Shift.CANARY,
        "alarms": [Reference(f"aws_cloudwatch_metric_alarm.{one}.alarm_name") for one in labels],
    }
    return Rendering(SECTION, function.path, "rollout", holes)


def _outputs(functions: tuple[Function, ...]) -> tuple[Output, ...]:
    labels = {function.key: function.label for function in functions}
    names = output_of("function_names", "The functions' names", labels, f"{ADDRESS}.function_name")
    called = {function.key: function.label for function in functions if function.url}
    urls = output_of("function_urls", "The functions' URLs", called, "aws_lambda_function_url.function_url")
    return (*names, *urls, *dead_letter_outputs(functions))


def _logs(function: Function) -> Iterator[LogGroup]:
    yield LogGroup(
        writer=function.key,
        name=function.log_group,
        usual=True,
        entry=no_entry,
        span=_SPAN,
    )


def _arn(context: Context, key: str, _verb: Any) -> Joined:
    return arn("lambda", context.region, "function:", called(context, key).name)


def _live_arn(at: Live, function: Function) -> str:
    return f"arn:{at.partition}:lambda:{at.region}:{at.account}:function:{function.called.name}"


def _derived(function: Function) -> Iterator[Derived]:
    for trigger in function.triggers:
        yield from trigger.derived()


_STYLE = Style(name="function", hue=26, icon="M6 4h3.5l7 16H19M11.3 9.5 5.5 20", shape=("[", "]"))


def _drawing(functions: tuple[Function, ...], _pipeline: Pipeline) -> Iterator[Node | Edge]:
    """The functions, with what triggers them, what they may do, and their layers."""
    for function in functions:
        yield Node(
            id=function.path,
            noun="function",
            title=function.key,
            note=f"Lambda · {function.memory} MiB",
            style=_STYLE,
            dead_letters="dead letters",
        )
        for trigger in function.triggers:
            yield from trigger.drawing(function.path)
        yield from users_drawing(function.path, function.accepted)
        yield from _url(function)
        yield from (grant.edge(function.path) for grant in function.grants)
        yield from _allowed(function)
        yield from _reported(function)
        for layer in function.layers:
            yield Edge(
                tail=function.path, head=layer.path, text="used", accent=layer.path, relation=Relation.USE
            )


def _reported(function: Function) -> Iterator[Edge]:
    """Where the records of asynchronous calls go."""
    for one in function.destinations:
        yield Edge(
            tail=function.path,
            head=(one.section, one.key),
            text=f"on {one.outcome}",
            accent=function.path,
            relation=Relation.CALL,
        )


_URL = Style(
    name="url",
    hue=None,
    icon="M3 12h18M12 3a14 14 0 0 1 0 18a14 14 0 0 1 0-18zM12 3a9 9 0 1 0 .1 0z",
    shape=("([", "])"),
)


def _url(function: Function) -> Iterator[Node | Edge]:
    """Who calls the function by its URL."""
    if function.url:
        id = (*function.path, "url")
        note = "anyone" if function.url.is_open else "IAM"
        yield Node(id=id, noun="HTTPS", title="URL", note=note, style=_URL)
        yield Edge(tail=id, head=function.path, text="", accent=id, relation=Relation.CALL)


_SERVICE = Style(
    name="service", hue=None, icon="M7 18a4 4 0 0 1 0-8a5 5 0 0 1 10 0a4 4 0 0 1 0 8z", shape=("([", "])")
)


def _allowed(function: Function) -> Iterator[Node | Edge]:
    """The services that a function may call by statements of its own, each once for all functions."""
    for one in function.allowed:
        for action in one.actions:
            service, _, name = action.partition(":")
            id: Path = (SECTION, "services", service)
            yield Node(id=id, noun="service", title=service, note="outside of the spec", style=_SERVICE)
            yield Edge(tail=function.path, head=id, text=name, accent=function.path, relation=Relation.ACCESS)


def _changes(functions: tuple[Function, ...], pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """What an apply cannot make of deployed functions, or makes in steps."""
    yield from _closed_urls(functions, deployed)
    for function in functions:
        # Another function has another role, anyway.
        if deployed.get(f"{ADDRESS}.{function.label}", {}).get("function_name") == function.name:
            yield from function.runs_as.renamed("function", function.key, deployed, pipeline.suffix)


def _closed_urls(functions: tuple[Function, ...], deployed: Deployed) -> Iterator[Finding]:
    """The URLs that are to be open, but were not when they were made: the provider opens new ones only."""
    for function in functions:
        before = deployed.get(f"aws_lambda_function_url.{function.label}", {})
        if function.url and function.url.is_open and before.get("authorization_type") == "AWS_IAM":
            message = f"the URL of `{function.key}` would refuse everyone: it was made for signed requests"
            hint = "Remove `url`, apply, and add it again: it gets another address."
            yield stays((*function.path, "url"), message, hint)


FUNCTIONS = Kind(
    section=SECTION,
    noun="function",
    type=Function,
    address=ADDRESS,
    referred=True,
    used_in=None,
    resolve=resolve_functions,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=function_alarms,
    logs=_logs,
    status=FUNCTION_STATUS,
    traces=None,
    changes=_changes,
    contents=None,
    refuses=None,
    preflight=function_preflight,
    in_spec=None,
    waits={ADDRESS: "the provider works on one function after the other"},
    renamable=False,
    access=Access(
        service="lambda",
        operations={
            "create_function": "lambda:CreateFunction",
            "invoke": "lambda:InvokeFunction",
            "update_function_code": "lambda:UpdateFunctionCode",
        },
        objects={},
        address=ADDRESS,
        noun="function",
        # Its ARN is known without the function: two functions may invoke each other.
        variable=Variable(prefix="FUNCTION_", attribute="arn", live=_live_arn),
        phrase="{verbs} the function `{key}`",
        verbs={
            "invoke": Verb(
                actions=("lambda:InvokeFunction",),
                method="invoke",
                methods=frozenset({"invoke"}),
                reads=False,
            ),
        },
        examples=("invoke",),
        through=None,
        arn=_arn,
        statements=only_statement,
    ),
    existing=None,
    derived=_derived,
    drawing=_drawing,
    costs=FUNCTION_COSTS,
)
