"""Where callers of an endpoint are."""

from dataclasses import dataclass

from iotgen.model.kind import Settings


@dataclass(frozen=True, kw_only=True)
class Network:
    """Where callers are: at some `addresses`, all if there are none, but not at the `excluded` ones."""

    addresses: tuple[str, ...]
    excluded: tuple[str, ...]


def network_of(written: str | Settings) -> Network | None:
    """What the spec's `from` means; None for anywhere."""
    if isinstance(written, str):
        return None
    return Network(
        addresses=tuple(written.get("addresses", ())),
        excluded=tuple(written.get("except", ())),
    )
