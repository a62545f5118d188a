"""What is wrong with the spec's `overrides`, each at its place in the spec."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from iotgen.patch.address import bodies, canonical, meant, steps
from iotgen.patch.guarantees import broken
from iotgen.patch.merge import Overrides, merged, patched
from iotgen.patch.own import FOLDER, OwnFiles
from iotgen.patch.references import references
from iotgen.patch.settings import faults
from iotgen.problem import Finding, Problem, Severity
from iotgen.spec.document import Document

SECTION = "overrides"


def override_problems(
    document: Document, suffix: str, rendered: Mapping[str, Any], own: OwnFiles
) -> Iterator[Problem]:
    """Every problem of the overrides of `document`, in the environment `suffix`.

    `rendered` is what iotgen makes without them, all files in one.
    """
    overrides: Overrides = document.data.get(SECTION) or {}
    before, after = bodies(rendered), bodies(patched(rendered, overrides))
    for address, patch in overrides.items():
        name = canonical(address)
        if name not in before:
            yield _unknown(document, address, suffix, before)
            continue
        found = list(_faults(name, patch, before[name], after.get(name)))
        if not found and before[name] == after.get(name):
            message = f"this override changes nothing in `{suffix}`"
            found = [Finding((), message, "Remove it.", code="IOT508", severity=Severity.INFO)]
        lost = list(_lost(name, before[name], after, own))
        for fault in lost if lost and name not in after else (*found, *lost):
            yield _problem(document, address, fault)


def _faults(name: str, patch: Any, before: Any, after: Any) -> Iterator[Finding]:
    path = steps(name)
    kind = path[1] if path[0] in ("resource", "data") else name.partition(".")[0]
    wrong = list(faults(path, merged(before, patch, keep_nulls=True))) if patch is not None else []
    yield from wrong
    reported = {fault.path[0] for fault in wrong if fault.path}
    yield from (one for one in broken(kind, before, after) if not one.path or one.path[0] not in reported)


def _lost(name: str, before: Any, after: Mapping[str, Any], own: OwnFiles) -> Iterator[Finding]:
    """References of the patched body, or to the one that is gone, that lead nowhere."""
    if name not in after:
        if name not in own.made and (users := [one for one in after if name in references(after[one])]):
            message = f"this removes what `{users[0]}` refers to"
            yield Finding((), message, "Keep it, or patch that too.", code="IOT509")
        return
    for address in sorted(references(after[name]) - references(before)):
        if address not in after and address not in own.known:
            near, others = meant(address, (*after, *own.known))
            asked = f"; did you mean `{near}`?" if near else ""
            message = f"this refers to `{address}`, which neither iotgen nor `{FOLDER}/` makes{asked}"
            hint = "" if near else _some(others)
            yield Finding(_path_of(after[name], address), message, hint, code="IOT509")


def _path_of(node: Any, address: str) -> tuple[str | int, ...]:
    """The way to the text that refers to an address."""
    entries: Any = (
        node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    )
    for key, value in entries:
        if address in references({key: value}):
            return (key, *_path_of(value, address))
    return ()


def _unknown(document: Document, address: str, suffix: str, known: Mapping[str, Any]) -> Problem:
    near, others = meant(canonical(address), known)
    asked = f"; did you mean `{near}`?" if near else ""
    hint = "" if near else f"{_some(others)} What is your own goes into the folder `{FOLDER}/`."
    message = f"iotgen makes no `{address}` in `{suffix}`{asked}"
    return document.problem(Finding((SECTION, address), message, hint, at_key=True, code="IOT501"))


def _some(addresses: list[str]) -> str:
    return f"There are, among others: {', '.join(f'`{address}`' for address in addresses)}."


def _problem(document: Document, address: str, fault: Finding) -> Problem:
    """The problem of a fault whose path begins below the address."""
    return document.problem(replace(fault, path=(SECTION, address, *fault.path), at_key=True))
