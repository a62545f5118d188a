"""Which demands an override leaves unmet, beside what the built-in template makes of the same holes."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.render.demands import ALL, ANY, DEMANDS, Demand
from iotgen.render.fault import Fault, Path


def unmet(template: str, document: Mapping[str, Any], built_in: Mapping[str, Any]) -> Iterator[Fault]:
    """Every demand of `template` that `built_in` meets, and `document` doesn't."""
    told: set[Path] = set()
    for demand in DEMANDS:
        if demand.template != template:
            continue
        for label, model in _resources(built_in, demand.type).items():
            wanted = _leaves(model, demand.path.split("."))
            if not (wanted or demand.implied) or _replaced(demand, document, label):
                continue
            fault = _fault(demand, label, _resources(document, demand.type).get(label), wanted)
            # What is missing as a whole isn't told again for each part of it.
            if fault and not any(fault.about[: len(above)] == above for above in told):
                told.add(fault.about)
                yield fault


def _fault(demand: Demand, label: str, body: Any, wanted: list[Any]) -> Fault | None:
    steps = demand.path.split(".")
    kind = _block(demand.type)
    hint = f"{demand.source}; if it is meant so, write {{# iotgen: ignore IOT520 because ... #}} above"
    if not isinstance(body, dict):
        if demand.implied:
            return None
        about = kind if len(kind) > 1 else (*kind, _role(demand, label))
        gone = demand.type if len(kind) > 1 else ".".join(about)
        said = f"this no longer makes the `{gone}` of the built-in template: {demand.why}"
        return Fault((), "IOT520", said, hint, demand.severity, about)
    found = _leaves(body, steps)
    if _met(demand, found, wanted):
        return None
    path: Path = (*kind, label)
    said = _said(demand, found, wanted)
    at = (*path, steps[0]) if body.get(steps[0]) is not None else path
    return Fault(at, "IOT520", said, hint, demand.severity, (*path, *steps))


def _met(demand: Demand, found: list[Any], wanted: list[Any]) -> bool:
    if not found:
        return demand.implied
    if any(_opaque(leaf) and leaf not in wanted for leaf in found) or demand.value is ANY:
        return True
    if demand.value is ALL:
        return all(leaf in found for leaf in wanted)
    # Terraform takes "true" for true, and "5" for 5.
    return any(leaf == demand.value or leaf == json.dumps(demand.value) for leaf in found)


def _opaque(leaf: Any) -> bool:
    """Whether only Terraform knows what it is."""
    return isinstance(leaf, str) and leaf.startswith("${")


def _said(demand: Demand, found: list[Any], wanted: list[Any]) -> str:
    name = f"`{demand.path}` of `{demand.type}`"
    if not found:
        return f"this leaves out {name}: {demand.why}"
    if demand.value is ALL and len(wanted) > 1:
        lacking = ", ".join(_general(leaf) for leaf in wanted if leaf not in found)
        return f"this leaves {lacking} out of {name}: {demand.why}"
    value = wanted[0] if demand.value is ALL else demand.value
    return f"{name} has to be {json.dumps(value)}: {demand.why}"


def _role(demand: Demand, label: str) -> str:
    """What a label is for: a local's begins with the name of the one resource that it is of."""
    return f"*__{label.rpartition('__')[2]}" if demand.type == "locals" else label


def _general(leaf: Any) -> str:
    """A leaf without the name of the one resource that it is of, so that a template is told a thing once."""
    address = str(leaf)
    return f"`{address.split('.')[0] if address.startswith('aws_') else address}`"


def _replaced(demand: Demand, document: Mapping[str, Any], label: str) -> bool:
    """Whether the document does in another way what is demanded."""
    body = _resources(document, demand.type).get(label)
    own = {key for key, value in body.items() if value is not None} if isinstance(body, dict) else set()
    return any(name in own or _resources(document, name) for name in demand.unless)


def _block(kind: str) -> tuple[str, ...]:
    """The steps to the bodies of a type, or of one of Terraform's own blocks."""
    if not kind.startswith(("aws_", "data.")):
        return (kind,)
    return ("data", kind.removeprefix("data.")) if kind.startswith("data.") else ("resource", kind)


def _resources(document: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """The bodies of a type, by label."""
    found: Any = document
    for step in _block(kind):
        found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _leaves(node: Any, steps: list[str]) -> list[Any]:
    """What is at `steps` below `node`, in every list on the way; without nulls."""
    if isinstance(node, list):
        return [leaf for inner in node for leaf in _leaves(inner, steps)]
    if not steps:
        return [] if node is None else [node]
    return _leaves(node.get(steps[0]), steps[1:]) if isinstance(node, dict) else []
