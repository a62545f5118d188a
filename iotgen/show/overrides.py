"""What the spec overrides of what is rendered for a resource."""

from collections.abc import Iterator
from typing import Any

from iotgen.patch.address import canonical, found
from iotgen.problem import Path
from iotgen.show.description import Override
from iotgen.show.spec import Spec

_SECTION = "overrides"


def overrides_of(spec: Spec, addresses: tuple[str, ...]) -> Iterator[Override]:
    """Each setting that is overridden at one of the addresses, or in a local value named after one."""
    locals_ = {f"local.{address.rpartition('.')[2]}__" for address in addresses}
    for written, patch in (spec.document.data.get(_SECTION) or {}).items():
        address = found(written, addresses) or canonical(written)
        if address in addresses or any(address.startswith(start) for start in locals_):
            for path, value in _leaves(patch, (_SECTION, written)):
                setting = ".".join(str(step) for step in path[2:])
                yield Override(address, setting, value, spec.place(path).line)


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if not isinstance(value, dict) or not value:
        yield path, value
        return
    for step, below in value.items():
        yield from _leaves(below, (*path, step))
