"""Whether what a template makes is what Terraform and the AWS provider take.

It is held against the settings in `provider`; nothing is rendered or read here.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from iotgen.problem import Severity
from iotgen.render import provider
from iotgen.render.fault import Fault, Path
from iotgen.spec.nearest import nearest

BLOCKS = (
    *("check", "data", "ephemeral", "import", "locals", "module", "moved", "output", "provider", "removed"),
    *("resource", "terraform", "variable"),
)
# What Terraform itself takes in each block. https://developer.hashicorp.com/terraform/language/meta-arguments
META = {
    "resource": ("connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"),
    "data": ("count", "depends_on", "for_each", "lifecycle", "provider"),
}
# The settings of Terraform's own blocks, with the flags of `provider`.
_OWN: dict[str, dict[str, str]] = {
    "output": {
        **dict.fromkeys(("description", "ephemeral", "sensitive"), ""),
        **dict.fromkeys(("depends_on", "precondition"), "o"),
        "value": "!o",
    },
    "variable": {
        **dict.fromkeys(("description", "ephemeral", "nullable", "sensitive", "type"), ""),
        **dict.fromkeys(("default", "validation"), "o"),
    },
    "terraform": {
        **dict.fromkeys(("backend", "cloud", "experiments", "provider_meta", "required_providers"), "o"),
        "required_version": "",
    },
}
_PAGES = "https://developer.hashicorp.com/terraform/language/block"
_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


def faults(document: Any) -> Iterator[Fault]:
    """Every fault of one rendering of a template; what is null there is not there."""
    if not isinstance(document, dict):
        yield Fault((), "IOT503", f"this makes {_shown(document)}: a template makes an object of blocks")
        return
    for block, content in document.items():
        if block not in BLOCKS:
            yield _unknown_block(block)
        elif content is not None and not isinstance(content, dict):
            yield _no_object((block,), content)
        elif content is not None and block in META:
            yield from _types(block, content)
        elif content is not None:
            yield from _terraform(block, content)


def _terraform(block: str, content: Mapping[str, Any]) -> Iterator[Fault]:
    """Faults of the blocks that are not of a provider's types."""
    if block == "terraform":
        yield from _settings((block,), content, _OWN[block], block, f"{_PAGES}/{block}")
    for label, body in content.items() if block in ("output", "variable") else ():
        if isinstance(body, dict):
            yield from _settings((block, label), body, _OWN[block], block, f"{_PAGES}/{block}")
        elif body is not None:
            yield _no_object((block, label), body)
    for path, body in _bodies((block, "aws"), content.get("aws")) if block == "provider" else ():
        if isinstance(body, dict):
            known = provider.settings(block, "aws") or {}
            own = {key: value for key, value in body.items() if key not in ("alias", "version")}
            yield from _settings(path, own, known, "aws", provider.page(block, "aws"))


def _types(block: str, content: Mapping[str, Any]) -> Iterator[Fault]:
    for name, resources in content.items():
        if resources is None:
            continue
        if not isinstance(resources, dict):
            yield _no_object((block, name), resources)
            continue
        known = provider.settings(block, name)
        if known is None:
            yield _unkept_type(block, name)
        for label, body in resources.items():
            yield from _resource(block, name, label, body, known)


def _resource(block: str, name: str, label: str, body: Any, known: provider.Node | None) -> Iterator[Fault]:
    path: Path = (block, name, label)
    if not _LABEL.match(label):
        yield Fault(
            path,
            "IOT503",
            f"`{label}` cannot be the Terraform name of a resource",
            "use a label, such as `queue.label`",
        )
    if body is None:
        return
    if not isinstance(body, dict):
        yield _no_object(path, body)
        return
    yield from _depends_on(path, body.get("depends_on"))
    if known is not None:
        own = {key: value for key, value in body.items() if key not in META[block]}
        yield from _settings(path, own, known, name, provider.page(block, name))


def _settings(
    path: Path, body: Mapping[str, Any], known: provider.Node, owner: str, page: str
) -> Iterator[Fault]:
    """Faults of the `body` of a resource, or of a block in it; `owner` is the one's or the other's name."""
    dynamic = body.get("dynamic")
    there = {key for key, value in body.items() if value is not None and key not in ("//", "dynamic")}
    meant = set()
    for key in body:
        if key not in there:
            continue
        if not key or key not in known:
            suggestion = _meant(key, tuple(name for name in known if name and name not in there))
            meant.add(suggestion)
            yield _unknown_setting((*path, key), owner, suggestion, page)
        else:
            yield from _setting((*path, key), body[key], known[key], owner, page)
    if isinstance(dynamic, dict):
        yield from _dynamic((*path, "dynamic"), dynamic, known, owner, page)
        there |= dynamic.keys()
    for key, setting in known.items():
        empty = isinstance(setting, dict) and body.get(key) == []  # no block at all
        if key and "!" in provider.flags(setting) and (empty or key not in there) and key not in meant:
            yield Fault(path, "IOT512", f"`{owner}` needs `{key}`", page, about=_about((*path, key)))


def _setting(path: Path, value: Any, known: str | provider.Node, owner: str, page: str) -> Iterator[Fault]:
    name = str(path[-1])
    oldest, newest = provider.versions()
    if "5" in provider.flags(known):
        said = f"`{name}` of `{owner}` is gone from the AWS provider: {newest} does not know it"
        yield Fault(path, "IOT514", said, page)
    elif "6" in provider.flags(known):
        said = f"`{name}` of `{owner}` is not in every AWS provider that this folder takes: {oldest} has none"
        yield Fault(path, "IOT514", said, page, Severity.WARNING)
    elif isinstance(known, str):
        yield from _attribute(path, value, known)
    else:
        for inner_path, inner in _bodies(path, value):
            if isinstance(inner, dict):
                yield from _settings(inner_path, inner, known, name, page)
            elif inner is not None:
                said = f"`{name}` is a block: it takes an object, or a list of objects, not {_shown(inner)}"
                yield Fault(inner_path, "IOT513", said, page, about=_about(path))


def _attribute(path: Path, value: Any, flags: str) -> Iterator[Fault]:
    # What an expression gives is known to Terraform only.
    if "o" in flags or (isinstance(value, str) and "${" in value.replace("$${", "")):
        return
    if "l" in flags:
        wanted, fits = "a list", isinstance(value, list)
    elif "m" in flags:
        wanted, fits = "an object", isinstance(value, dict)
    else:
        wanted, fits = "one value", not isinstance(value, dict | list)
    if not fits:
        yield Fault(path, "IOT513", f"`{path[-1]}` takes {wanted}, not {_shown(value)}", about=_about(path))


def _bodies(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    """A block's bodies: it is written as one object or as a list of them."""
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield (*path, index), inner
    else:
        yield path, value


def _dynamic(
    path: Path, dynamic: Mapping[str, Any], known: provider.Node, owner: str, page: str
) -> Iterator[Fault]:
    """Faults of blocks that Terraform itself makes: `{"dynamic": {BLOCK: {"for_each", "content"}}}`."""
    blocks = [name for name, setting in known.items() if not isinstance(setting, str)]
    for name, written in dynamic.items():
        if name not in blocks:
            yield _unknown_setting((*path, name), owner, nearest(name, blocks), page)
            continue
        for place, body in _bodies((*path, name), written):
            content = body.get("content") if isinstance(body, dict) else None
            if isinstance(content, dict):
                yield from _settings((*place, "content"), content, known[name], name, page)


def _depends_on(path: Path, value: Any) -> Iterator[Fault]:
    if value is None:
        return
    if not isinstance(value, list):
        here = (*path, "depends_on")
        yield Fault(here, "IOT513", f"`depends_on` takes a list, not {_shown(value)}", about=here)
        return
    for index, address in enumerate(value):
        if address is not None and (not isinstance(address, str) or "${" in address):
            wrong = "expressions" if isinstance(address, str) else _shown(address)
            said = f"`depends_on` takes plain addresses, not {wrong}"
            hint = "write `aws_sqs_queue.name`, without `${` and `}`"
            yield Fault((*path, "depends_on", index), "IOT513", said, hint, about=(*path, "depends_on"))


def _unknown_block(block: str) -> Fault:
    meant = nearest(block, BLOCKS)
    asked = f"; did you mean `{meant}`?" if meant else ""
    hint = "" if meant else f"known here: {', '.join(BLOCKS)}"
    return Fault((block,), "IOT510", f"`{block}` is not a block of Terraform{asked}", hint)


def _unknown_setting(path: Path, owner: str, meant: str | None, page: str) -> Fault:
    asked = f"; did you mean `{meant}`?" if meant else ""
    about = _about((*path[:-1], meant)) if meant else ()
    return Fault(path, "IOT511", f"`{path[-1]}` is not a setting of `{owner}`{asked}", page, about=about)


def _unkept_type(block: str, name: str) -> Fault:
    """A type whose settings are not kept: a misspelt one, or one that only Terraform can check."""
    kind = "resource" if block == "resource" else "data source"
    oldest, _ = provider.versions()
    known = frozenset(provider.names(block))
    if name in known and provider.newer(block, name):
        said = f"`{name}` is not in every AWS provider that this folder takes: {oldest} has none"
        return Fault((block, name), "IOT514", said, provider.page(block, name), Severity.WARNING)
    if name in known:
        said = f"iotgen does not know the settings of `{name}`: only Terraform can check them"
        return Fault((block, name), "IOT515", said, provider.page(block, name), Severity.INFO)
    if meant := nearest(name, known, most=2):
        said = f"`{name}` is not a {kind} of the AWS provider; did you mean `{meant}`?"
        return Fault((block, name), "IOT510", said, provider.page(block, meant), about=(block, meant))
    severity = Severity.WARNING if name.startswith("aws_") else Severity.INFO
    said = f"iotgen does not know the {kind} `{name}`: only Terraform can check it"
    return Fault((block, name), "IOT515", said, severity=severity)


@cache
def _meant(key: str, known: tuple[str, ...]) -> str | None:
    return nearest(key, known)


def _about(path: Path) -> Path:
    return tuple(step for step in path if isinstance(step, str))


def _no_object(path: Path, value: Any) -> Fault:
    return Fault(path, "IOT503", f"`{path[-1]}` takes an object, not {_shown(value)}", about=path)


def _shown(value: Any) -> str:
    """What kind of value it is: one template's values differ from resource to resource."""
    match value:
        case dict():
            return "an object"
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
