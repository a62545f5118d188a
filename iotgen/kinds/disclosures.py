"""Disclosures: the values of secrets that variables of functions have, each read once at an apply."""

from collections.abc import Iterator
from dataclasses import dataclass

from iotgen.kinds.functions import Function
from iotgen.kinds.functions.environment import DISCLOSING
from iotgen.model.context import label
from iotgen.model.cost import FREE
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Edge, Relation
from iotgen.model.kind import Kind, Resolving, no_names, no_outputs
from iotgen.model.log_group import no_logs
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Rendering
from iotgen.model.resource import Resource
from iotgen.problem import Path

SECTION = "disclosures"


@dataclass(frozen=True, kw_only=True)
class Disclosure(Resource):
    """A secret, by what AWS takes for it, and the functions that have its value in a variable."""

    id: str
    functions: tuple[Path, ...]


def _resolve(context: Resolving) -> tuple[Disclosure, ...]:
    found: dict[tuple[str, str], dict[Path, None]] = {}
    for function in context.resources.all(Function):
        for one in function.disclosed:
            if not one.own:
                found.setdefault((one.key, one.id), {})[function.path] = None
    return tuple(
        Disclosure(
            key=key, name=id, label=label(key), path=("secrets", key), id=id, functions=tuple(functions)
        )
        for (key, id), functions in found.items()
    )


def _render(disclosures: tuple[Disclosure, ...], _digests: Digests) -> Iterator[Rendering]:
    for one in disclosures:
        yield Rendering("secrets", one.path, "secret_value", {"secret": one, "address": DISCLOSING})


def _drawing(disclosures: tuple[Disclosure, ...], _pipeline: Pipeline) -> Iterator[Edge]:
    for one in disclosures:
        for function in one.functions:
            yield Edge(tail=one.path, head=function, text="value", accent=one.path, relation=Relation.USE)


DISCLOSURES: Kind[Disclosure] = Kind(
    section=SECTION,
    noun="disclosure",
    type=Disclosure,
    address=DISCLOSING,
    referred=False,
    used_in=None,
    resolve=_resolve,
    names=no_names,
    render=_render,
    outputs=no_outputs,
    alarms=None,
    logs=no_logs,
    status=None,
    traces=None,
    changes=None,
    contents=None,
    in_spec=None,
    waits={},
    preflight=None,
    renamable=False,
    access=None,
    existing=None,
    derived=no_derived,
    drawing=_drawing,
    costs=FREE,
)
