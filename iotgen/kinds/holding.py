"""The kinds whose resources hold something that is lost with them."""

from collections.abc import Iterator

from iotgen.kinds import KINDS
from iotgen.model.kind import AnyKind


def _by_type() -> Iterator[tuple[str, tuple[str, AnyKind]]]:
    """By the type in Terraform: what the name of one ends in, where other kinds have that type too."""
    for kind in KINDS:
        if kind.contents and kind.existing and kind.existing.ending:
            yield kind.existing.address, (kind.existing.ending, kind)
        elif kind.contents:
            yield kind.address, ("", kind)


_BY_TYPE = dict(_by_type())


def holding(type_: str, label: str) -> AnyKind | None:
    """The kind of a resource in Terraform that holds something, None for any other resource."""
    ending, kind = _BY_TYPE.get(type_, ("", None))
    return kind if label.endswith(ending) else None


def key_of(kind: AnyKind, label: str) -> str:
    """The key that a resource of a kind has in the spec, by its name in Terraform."""
    ending = kind.existing.ending if kind.existing else ""
    return label.removesuffix(ending).replace("_", "-") if kind.referred else kind.section
