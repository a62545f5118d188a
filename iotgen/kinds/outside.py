"""What exists already: resources of all sections, which the spec refers to and iotgen never changes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from iotgen.model.change import Deployed, loses
from iotgen.model.contents import Clients
from iotgen.model.cost import FREE
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Node
from iotgen.model.kind import AnyKind, Kind, Resolving, no_names, no_outputs
from iotgen.model.live import Live
from iotgen.model.log_group import no_logs
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.preflight import Account, Check, Level
from iotgen.model.rendering import Digests, Rendering
from iotgen.model.status import Fact, Metric, Status
from iotgen.problem import Finding

SECTION = "outside"
# The words for a resource that is not there, in the codes of all services.
_MISSING = ("NotFound", "NonExistent", "DoesNotExist", "404")


def outside(kinds: Sequence[AnyKind]) -> Kind[Outside]:
    """The kind of what exists already of these kinds; it has no section of its own."""
    sections = [kind.section for kind in kinds if kind.existing]

    def resolve(context: Resolving) -> tuple[Outside, ...]:
        return tuple(
            replace(one, sends=_needed(context, section, key))
            for section in sections
            for key in context.data[section]
            if (one := context.existing(section, key))
        )

    return Kind(
        section=SECTION,
        noun="existing resource",
        type=Outside,
        address="data",
        referred=False,
        used_in=None,
        resolve=resolve,
        names=no_names,
        render=_render,
        outputs=no_outputs,
        alarms=None,
        logs=no_logs,
        status=_STATUS,
        traces=None,
        changes=_changes,
        contents=None,
        refuses=None,
        in_spec=None,
        waits={},
        preflight=_preflight,
        renamable=False,
        access=None,
        existing=None,
        derived=no_derived,
        drawing=_drawing,
        costs=FREE,
    )


def _needed(context: Resolving, section: str, key: str) -> Callable[[Live, Outside], bool] | None:
    """How AWS is asked whether a resource sends its events, where something of the spec needs them."""
    events = context.forms[section].events
    return events.sends if events and events.heard(context, key) else None


def _render(resources: tuple[Outside, ...], _digests: Digests) -> Iterator[Rendering]:
    """The data sources of those of which something is needed that only AWS knows."""
    for one in resources:
        if one.read:
            yield Rendering(one.section, one.path, "outside", {"outside": one})


def _changes(resources: tuple[Outside, ...], pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """One that the pipeline has made itself: without its settings, Terraform would destroy it."""
    for one in resources:
        address = f"{one.address}.{one.label}"
        there = deployed.get(address, {})
        if one.name in (there.get("name"), there.get("bucket"), there.get("id")):
            yield loses(
                (*one.path, "existing"),
                f"the {one.noun} `{one.key}` is this pipeline's own: as `existing`, it would be destroyed",
                f"Take it out of the state first: terraform -chdir=out/{pipeline.suffix} state rm {address}",
            )


def _preflight(resources: tuple[Outside, ...], account: Account) -> Iterator[Check]:
    """Whether each is there."""
    for one in resources:
        found = _is_there(one, account.live)
        yield found
        if one.sends and found.level is Level.OK and not one.sends(account.live, one):
            message = (
                f"the {one.noun} `{one.key}` ({one.name}) does not send its events to EventBridge, "
                "and a pattern of the spec is on them"
            )
            hint = "Have its owner switch on Amazon EventBridge in its event notifications."
            yield Check(level=Level.WARNING, about="existing", message=message, hint=hint, path=one.path)


def _is_there(one: Outside, live: Live) -> Check:
    about, name = "existing", f"the {one.noun} `{one.key}` ({one.name})"
    if one.region not in (None, live.region):
        message = f"{name} is in {one.region}, where nothing is looked at"
        return Check(level=Level.UNKNOWN, about=about, message=message, path=one.path)
    try:
        one.there(live, one)
    except live.client("sts").exceptions.ClientError as error:
        code = str(error.response["Error"]["Code"])
        if any(word in code for word in _MISSING):
            message = f"{name} does not exist"
            hint = "Correct its name, or omit `existing` to have iotgen create one."
            return Check(level=Level.ERROR, about=about, message=message, hint=hint, path=one.path)
        hint = "Allow the caller to read it, or check it yourself."
        message = f"{name}: AWS answers {code}"
        return Check(level=Level.UNKNOWN, about=about, message=message, hint=hint, path=one.path)
    return Check(level=Level.OK, about=about, message=f"{name} is there", path=one.path)


def _no_metrics(_one: Outside) -> tuple[Metric, ...]:
    return ()


def _facts(clients: Clients, one: Outside) -> Iterator[Fact]:
    """What it is, once it is known to be there."""
    client = clients("sts")
    if one.region in (None, client.meta.region_name):
        one.there(Live(client.meta.region_name, clients), one)
    yield Fact(column="is", value=f"{one.noun} {one.name}")


_STATUS: Status[Outside] = Status(columns=("is",), metrics=_no_metrics, facts=_facts)


def _drawing(resources: tuple[Outside, ...], _pipeline: Pipeline) -> Iterator[Node]:
    """In grey, like everyone outside."""
    for one in resources:
        style = replace(one.style, name=f"outside-{one.style.name}", hue=None)
        yield Node(id=one.path, noun=one.noun, title=one.key, note="exists already", style=style)
