"""Outputs that the spec asks for, and values for other stacks in Parameter Store."""

from collections.abc import Iterator
from dataclasses import dataclass

from iotgen.kinds.attributes import SECTIONS, usual_attribute
from iotgen.kinds.endpoints import Api
from iotgen.kinds.functions.environment import DEVICES_HOST, Connecting
from iotgen.kinds.functions.function import ADDRESS as FUNCTION
from iotgen.kinds.functions.function import Function
from iotgen.kinds.user_pools import client_id, has_client
from iotgen.model.api_address import written_address
from iotgen.model.context import label
from iotgen.model.cost import FREE
from iotgen.model.derived import no_derived
from iotgen.model.drawing import no_drawing
from iotgen.model.expression import Expression, Label, Reference, joined
from iotgen.model.kind import Kind, Name, Resolving, Settings
from iotgen.model.log_group import no_logs
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Digests, Output, Rendering
from iotgen.model.resource import Resource
from iotgen.problem import Path

SECTION = "outputs"
# What Terraform calls a name, where it is not `name`.
_NAMES = {"buckets": "bucket", "functions": "function_name"}


@dataclass(frozen=True, kw_only=True)
class Export(Resource):
    """An output of an `attribute` of the resource `of`, by the word for its kind, or of what `word` says.

    `published` is the name of the parameter that has its value, too. With `asks` it is what first needs the
    host of AWS IoT, of which no function has a variable.
    """

    word: str
    of: str
    attribute: str | None
    description: str
    value: str | Expression
    published: str | None
    asks: bool

    @property
    def named_at(self) -> Path:
        """The path of the parameter's name."""
        return (*self.path, "publish") if self.given else self.path


def _resolve(context: Resolving) -> tuple[Export, ...]:
    entries = [one for one in context.entries(SECTION) if _is_there(context, one[1], one[2])]
    asked = any(function.variables(Connecting) for function in context.resources.all(Function))
    first = None if asked else next((key for key, settings, _ in entries if "iot" in settings), None)
    return tuple(_export(context, key, settings, path, asks=key == first) for key, settings, path in entries)


def _is_there(context: Resolving, settings: Settings, path: Path) -> bool:
    return all(
        context.has(section, settings[word], (*path, word))
        for word, section in SECTIONS.items()
        if word in settings
    ) and has_client(context, settings, path)


def _export(context: Resolving, key: str, settings: Settings, path: Path, *, asks: bool) -> Export:
    publish = settings.get("publish", "")
    word = next(one for one in (*SECTIONS, "api", "iot", "value") if one in settings)
    return Export(
        **context.common(key, path) | {"label": Label(key)},
        given=publish,
        word=word,
        of=settings[word],
        attribute=settings.get("attribute"),
        description=settings.get("description", f"The output {key} of the spec"),
        value=_value(context, word, settings),
        published=context.filled(publish) if publish else None,
        asks=asks,
    )


def _value(context: Resolving, word: str, settings: Settings) -> str | Expression:
    if word == "value":
        return context.with_account(settings["value"])
    if word == "iot":
        return DEVICES_HOST
    if word == "api":
        api = context.resources.one(Api)
        return _url(api, settings.get("path", "")) if api else ""
    return _of_resource(context, word, settings)


def _of_resource(context: Resolving, word: str, settings: Settings) -> str | Expression:
    section, key = SECTIONS[word], settings[word]
    if "client" in settings:
        return client_id(key, settings["client"])
    attribute = settings.get("attribute") or usual_attribute(context, section)
    if attribute == "role":
        return context.resources.get(Function, key).runs_as.arn
    if attribute == "url" and (url := context.forms[section].url):
        return url(context, key)
    if outside := context.existing(section, key) if section in context.forms else None:
        return outside.attribute(attribute)
    if attribute == "name":
        attribute = _NAMES.get(section, attribute)
    return Reference(f"{_address(context, section)}.{label(key)}.{attribute}")


def _url(api: Api, path: str) -> Expression:
    """Where the API answers, and a path after that: what functions have in a variable, too."""
    if path:
        return joined(written_address(api.label), path)
    if api.domain:
        return written_address(api.label)
    return Reference(f"aws_api_gateway_stage.{api.label}.invoke_url")


def _address(context: Resolving, section: str) -> str:
    return context.accesses[section].address if section in context.accesses else FUNCTION


def _names(export: Export) -> Iterator[Name]:
    if export.published:
        compared = export.published.removeprefix("/")
        yield Name(
            what="a parameter",
            text=export.published,
            space="parameter",
            most=1011,
            compared=compared,
            path=export.named_at,
            given=bool(export.given),
        )


def _render(exports: tuple[Export, ...], _digests: Digests) -> Iterator[Rendering]:
    for export in exports:
        if export.asks:
            yield Rendering(SECTION, export.path, "iot_endpoint", {})
        if export.published:
            yield Rendering("parameters", export.path, "published", {"export": export})


def _outputs(exports: tuple[Export, ...]) -> Iterator[Output]:
    for export in exports:
        yield Output(export.key, export.description, export.value)


def _preflight(exports: tuple[Export, ...], account: Account) -> Iterator[Check]:
    """The names of published parameters that are taken."""
    client = account.client("ssm")
    for export in exports:
        if not export.published:
            continue
        try:
            found = client.get_parameter(Name=export.published)["Parameter"]
        except client.exceptions.ParameterNotFound:
            continue
        yield from account.taken("the parameter", export.published, export.named_at, found["ARN"])


EXPORTS = Kind(
    section=SECTION,
    noun="output",
    type=Export,
    address="output",
    referred=False,
    used_in=None,
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=None,
    logs=no_logs,
    status=None,
    traces=None,
    changes=None,
    contents=None,
    refuses=None,
    in_spec=None,
    waits={},
    preflight=_preflight,
    renamable=False,
    access=None,
    existing=None,
    derived=no_derived,
    drawing=no_drawing,
    # Parameters of the standard tier are free: https://aws.amazon.com/systems-manager/pricing/
    costs=FREE,
)
