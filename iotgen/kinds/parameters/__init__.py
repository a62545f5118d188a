"""Parameters: values that functions read from Systems Manager."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.kinds.parameters.changes import parameter_changes
from iotgen.kinds.parameters.contents import is_plain, parameter_contents
from iotgen.kinds.parameters.parameter import ADDRESS, SECTION, UNSET, Parameter
from iotgen.kinds.parameters.preflight import parameter_preflight
from iotgen.model.access import Access, Grant, Variable, Verb, statement
from iotgen.model.arn import PARTITION, arn
from iotgen.model.context import Context
from iotgen.model.cost import FREE
from iotgen.model.derived import Derived
from iotgen.model.drawing import Node, Style
from iotgen.model.expression import Joined, joined
from iotgen.model.kind import Kind, Name, Resolving, Settings, no_outputs
from iotgen.model.live import Live, live_name
from iotgen.model.log_group import no_logs
from iotgen.model.outside import Form, Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.policy import Statement, statement_id
from iotgen.model.rendering import Digests, Rendering

__all__ = ["PARAMETERS", "UNSET", "Parameter"]


def _resolve(context: Resolving) -> tuple[Parameter, ...]:
    """The parameters; values other than texts become JSON, with sorted keys."""
    return tuple(
        Parameter(
            **context.renamable(key, path),
            description=settings.get("description"),
            value=None if settings["secure"] else _text(settings),
            string_list=settings["string_list"],
            schema=settings.get("schema"),
            kept="initial" in settings,
            kms_key=context.kms_key(SECTION, key) if settings["secure"] else None,
            named_key=settings.get("kms_key"),
        )
        for key, settings, path in context.entries(SECTION)
    )


def _text(settings: Settings) -> str:
    value = settings.get("value", settings.get("initial"))
    if isinstance(value, str):
        return value
    if settings["string_list"]:
        return ",".join(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _names(parameter: Parameter) -> Iterator[Name]:
    # The limit applies to the name within its ARN.
    compared = parameter.name.removeprefix("/")
    yield Name(what="a parameter", text=parameter.name, space="parameter", most=1011, compared=compared)


def _render(parameters: tuple[Parameter, ...], _digests: Digests) -> Iterator[Rendering]:
    for parameter in parameters:
        holes = {"parameter": parameter, "unset": UNSET}
        yield Rendering(SECTION, parameter.path, "parameter", holes, moved=parameter.moved)


def _derived(parameter: Parameter) -> Iterator[Derived]:
    yield Derived((*parameter.path, "name"), parameter.name, "its key and the environment")


_STYLE = Style(
    name="parameter",
    hue=44,
    icon="M4 7h10M18 7h2M14 5h4v4h-4zM4 17h2M10 17h10M6 15h4v4H6z",
    shape=("[/", "/]"),
)


def _drawing(parameters: tuple[Parameter, ...], _pipeline: Pipeline) -> Iterator[Node]:
    for parameter in parameters:
        note = "secret" if parameter.secure else "parameter"
        yield Node(
            id=parameter.path, noun="parameter", title=parameter.key, note=note, style=_STYLE, shared=True
        )


def _arn(context: Context, key: str, _verb: Any) -> Joined:
    return context.arn(SECTION, key)


def _own_arn(context: Context, key: str) -> Joined:
    return arn("ssm", context.region, "parameter/", context.name_of(SECTION, key).removeprefix("/"))


def _read(context: Context, key: str) -> bool:
    """Whether a variable has the value of one that exists already."""
    environments = (function["environment"].values() for function in context.functions())
    return any(
        isinstance(one, Mapping) and one.get("parameter") == key for own in environments for one in own
    )


def _there(live: Live, parameter: Outside) -> None:
    live.client("ssm").get_parameter(Name=parameter.name)


def _statements(context: Context, grant: Grant) -> Iterator[Statement]:
    yield statement(grant)
    if context.data[SECTION][grant.key].get("secure"):
        yield _with_key(context, grant)


def _with_key(context: Context, grant: Grant) -> Statement:
    """Permission to encrypt or decrypt it.

    https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
    """
    # The parameter may be encrypted with a key of another account, whose policy then decides.
    own = context.kms_key(SECTION, grant.key) or context.encryption_key
    keys = own or joined("arn:", PARTITION, f":kms:{context.region}:*:key/*")
    through = ("StringEquals", "kms:ViaService", (f"ssm.{context.region}.amazonaws.com",))
    only = ("StringEquals", "kms:EncryptionContext:PARAMETER_ARN", (grant.arn,))
    reads = any(grant.access.verbs[verb].reads for verb in grant.verbs)
    actions = (("kms:Decrypt",) if reads else ()) + (("kms:Encrypt",) if "put" in grant.verbs else ())
    word = "-".join(action.removeprefix("kms:").lower() for action in actions)
    return Statement(statement_id(word, "parameter", grant.key), actions, (keys,), (through, only))


PARAMETERS = Kind(
    section=SECTION,
    noun="parameter",
    type=Parameter,
    address=ADDRESS,
    referred=True,
    used_in="the `access` of the function that reads it",
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=no_outputs,
    alarms=None,
    logs=no_logs,
    status=None,
    traces=None,
    changes=parameter_changes,
    contents=parameter_contents,
    refuses=None,
    preflight=parameter_preflight,
    in_spec=is_plain,
    waits={},
    renamable=True,
    access=Access(
        service="ssm",
        operations={
            "delete_parameter": "ssm:DeleteParameter",
            "describe_parameters": "ssm:DescribeParameters",
            "get_parameter": "ssm:GetParameter",
            "get_parameter_history": "ssm:GetParameterHistory",
            "get_parameters": "ssm:GetParameters",
            "get_parameters_by_path": "ssm:GetParametersByPath",
            "put_parameter": "ssm:PutParameter",
            "send_command": "ssm:SendCommand",
        },
        address=ADDRESS,
        noun="parameter",
        variable=Variable(prefix="PARAMETER_", attribute="name", live=live_name),
        phrase="{verbs} the parameter `{key}`",
        verbs={
            "get": Verb(
                actions=("ssm:GetParameter",),
                method="get_parameter",
                methods=frozenset({"get_parameter"}),
                reads=True,
            ),
            "put": Verb(
                actions=("ssm:PutParameter",),
                method="put_parameter",
                methods=frozenset({"put_parameter"}),
                reads=False,
            ),
            "read": Verb(
                actions=("ssm:GetParameter", "ssm:GetParameters"),
                method="get_parameter",
                methods=frozenset({"get_parameter", "get_parameters"}),
                reads=True,
            ),
        },
        examples=("read",),
        through=None,
        arn=_arn,
        statements=_statements,
    ),
    existing=Form(
        address=ADDRESS,
        service="ssm",
        within="parameter/",
        own=_own_arn,
        read=_read,
        there=_there,
        style=_STYLE,
    ),
    derived=_derived,
    drawing=_drawing,
    # Of the standard tier, which is free: https://aws.amazon.com/systems-manager/pricing/
    costs=FREE,
)
