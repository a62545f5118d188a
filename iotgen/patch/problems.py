"""The problems of the spec's `overrides`, each at its location in the spec."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from iotgen.patch.address import bodies, canonical, found, meant, steps
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

    `rendered` has all files that iotgen renders without them, in one document.
    """
    overrides: Overrides = document.data.get(SECTION) or {}
    before, after = bodies(rendered), bodies(patched(rendered, overrides))
    for address, patch in overrides.items():
        name = found(address, before)
        if name is None:
            yield _unknown(document, address, suffix, before)
            continue
        findings = list(_faults(name, patch, before[name], after.get(name)))
        if not findings and before[name] == after.get(name):
            message = f"this override changes nothing in `{suffix}`"
            findings = [Finding((), message, "Remove it.", code="IOT508", severity=Severity.INFO)]
        broken_references = list(_broken_references(name, before[name], after, own))
        removes_referred = broken_references and name not in after
        for finding in broken_references if removes_referred else (*findings, *broken_references):
            yield _problem(document, address, finding)


def _faults(name: str, patch: Any, before: Any, after: Any) -> Iterator[Finding]:
    path = steps(name)
    kind = path[1] if path[0] in ("resource", "data") else name.partition(".")[0]
    findings = list(faults(path, merged(before, patch, keep_nulls=True))) if patch is not None else []
    yield from findings
    reported = {finding.path[0] for finding in findings if finding.path}
    yield from (one for one in broken(kind, before, after) if not one.path or one.path[0] not in reported)


def _broken_references(name: str, before: Any, after: Mapping[str, Any], own: OwnFiles) -> Iterator[Finding]:
    """References of the patched body to undeclared addresses, or of others to a removed body."""
    if name not in after:
        if name not in own.made and (users := [one for one in after if name in references(after[one])]):
            message = f"this removes `{name}`, which `{users[0]}` refers to"
            yield Finding((), message, f"Keep it, or patch `{users[0]}` as well.", code="IOT509")
        return
    for address in sorted(references(after[name]) - references(before)):
        if address not in after and address not in own.known:
            near, others = meant(address, (*after, *own.known))
            suggestion = f"; did you mean `{near}`?" if near else ""
            message = f"this refers to `{address}`, which neither iotgen nor `{FOLDER}/` declares{suggestion}"
            hint = "" if near else _some(others)
            yield Finding(_path_of(after[name], address), message, hint, code="IOT509")


def _path_of(node: Any, address: str) -> tuple[str | int, ...]:
    """The path to the text that refers to an address."""
    entries: Any = (
        node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    )
    for key, value in entries:
        if address in references({key: value}):
            return (key, *_path_of(value, address))
    return ()


def _unknown(document: Document, address: str, suffix: str, known: Mapping[str, Any]) -> Problem:
    near, others = meant(canonical(address), known)
    suggestion = f"; did you mean `{near}`?" if near else ""
    hint = "" if near else f"{_some(others)} Put resources of your own into the folder `{FOLDER}/`."
    message = f"iotgen renders no `{address}` in `{suffix}`{suggestion}"
    return document.problem(Finding((SECTION, address), message, hint, at_key=True, code="IOT501"))


def _some(addresses: list[str]) -> str:
    *most, last = (f"`{address}`" for address in addresses)
    return f"Use an existing address, such as {', '.join(most)}{' or ' * bool(most)}{last}."


def _problem(document: Document, address: str, finding: Finding) -> Problem:
    """The problem for a finding whose path is relative to the address."""
    return document.problem(replace(finding, path=(SECTION, address, *finding.path), at_key=True))
