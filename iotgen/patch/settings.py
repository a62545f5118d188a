"""Checks a patched body against the AWS provider's settings.

iotgen's own output is valid, as tests ensure, so every fault comes from the patch. The body still has the
nulls of the patch, since the name of a removed setting may be misspelt, too.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.patch import provider
from iotgen.patch.address import Steps
from iotgen.problem import Finding, Path, Severity
from iotgen.spec.nearest import nearest

# The meta-arguments of each block. https://developer.hashicorp.com/terraform/language/meta-arguments
_META = {
    "resource": ("connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"),
    "data": ("count", "depends_on", "for_each", "lifecycle", "provider"),
    "provider": ("alias", "version"),
}


def faults(steps: Steps, body: Any) -> Iterator[Finding]:
    """Every fault of the settings in the body at `steps` of a document."""
    if len(steps) < 2 or not isinstance(body, Mapping):
        return
    block, name = steps[:2]
    if block in ("resource", "data"):
        yield from _depends_on(body.get("depends_on"))
    if known := provider.settings(block, name):
        own = {key: value for key, value in body.items() if key not in _META[block]}
        yield from _settings((), own, known, name, f"See {provider.page(block, name)} for its arguments.")


def _settings(
    path: Path, body: Mapping[str, Any], known: provider.Node, owner: str, see: str
) -> Iterator[Finding]:
    """Faults of the `body` of a resource, or of a block in it; `owner` is the name of either."""
    suggestions = set()
    for key, value in body.items():
        if key in ("//", "dynamic"):
            continue
        if not key or key not in known:
            suggestion = nearest(key, filter(None, known))
            suggestions.add(suggestion)
            yield _unknown((*path, key), owner, suggestion, see)
        elif value is not None:
            yield from _setting((*path, key), value, known[key], owner, see)
    present = {*(key for key, value in body.items() if value not in (None, [])), *(body.get("dynamic") or ())}
    for key, setting in known.items():
        if key and "!" in provider.flags(setting) and key not in present | suggestions:
            yield Finding(
                (*path, key) if key in body else path, f"`{owner}` requires `{key}`", see, code="IOT505"
            )


def _setting(path: Path, value: Any, known: str | provider.Node, owner: str, see: str) -> Iterator[Finding]:
    name = str(path[-1])
    oldest, newest = provider.versions()
    if "5" in provider.flags(known):
        message = f"`{name}` of `{owner}` is no longer in the AWS provider: {newest} does not support it"
        yield Finding(path, message, see, code="IOT504")
    elif "6" in provider.flags(known):
        message = f"`{name}` of `{owner}` is not supported by every allowed AWS provider: {oldest} lacks it"
        yield Finding(path, message, see, code="IOT504", severity=Severity.WARNING)
    elif isinstance(known, str):
        yield from _attribute(path, value, known, see)
    else:
        for inner_path, inner in _bodies(path, value):
            if isinstance(inner, Mapping):
                yield from _settings(inner_path, inner, known, name, see)
            elif inner is not None:
                message = (
                    f"`{name}` is a block: it takes a mapping or a list of mappings, not {_shown(inner)}"
                )
                yield Finding(inner_path, message, see, code="IOT503")


def _attribute(path: Path, value: Any, flags: str, see: str) -> Iterator[Finding]:
    # Only Terraform knows the value of an expression.
    if "o" in flags or (isinstance(value, str) and "${" in value.replace("$${", "")):
        return
    if "l" in flags:
        kind, fits = "a list", isinstance(value, list)
    elif "m" in flags:
        kind, fits = "a mapping", isinstance(value, Mapping)
    else:
        kind, fits = "one value", not isinstance(value, Mapping | list)
    if not fits:
        yield Finding(path, f"`{path[-1]}` takes {kind}, not {_shown(value)}", see, code="IOT503")


def _bodies(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    """A block's bodies, which are one mapping or a list of mappings."""
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield (*path, index), inner
    else:
        yield path, value


def _depends_on(value: Any) -> Iterator[Finding]:
    if value is None:
        return
    if not isinstance(value, list):
        yield Finding(("depends_on",), f"`depends_on` takes a list, not {_shown(value)}", code="IOT503")
        return
    for index, address in enumerate(value):
        if not isinstance(address, str) or "${" in address:
            actual = "expressions" if isinstance(address, str) else _shown(address)
            message = f"`depends_on` takes plain addresses, not {actual}"
            yield Finding(
                ("depends_on", index),
                message,
                "Write `aws_sqs_queue.name`, without `${` and `}`.",
                code="IOT503",
            )


def _unknown(path: Path, owner: str, near: str | None, see: str) -> Finding:
    suggestion = f"; did you mean `{near}`?" if near else ""
    message = f"`{path[-1]}` is not a setting of `{owner}`{suggestion}"
    return Finding(path, message, "" if near else see, code="IOT502")


def _shown(value: Any) -> str:
    match value:
        case Mapping():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return "a text"
        case bool():
            return "true or false"
        case None:
            return "null"
        case _:
            return "a number"
