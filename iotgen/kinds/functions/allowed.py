"""What a function is allowed beside its access: statements of IAM, for what no verb covers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.context import Context
from iotgen.model.policy import Statement
from iotgen.problem import Path


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """Actions on resources, as the spec has them, and the statement that they make."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditional: bool
    statement: Statement
    path: Path

    def words(self) -> str:
        """What it allows, in words."""
        under = ", under conditions" if self.conditional else ""
        return f"{' and '.join(self.actions)} on {' and '.join(f'`{one}`' for one in self.resources)}{under}"


def resolve_allowed(context: Context, settings: Mapping[str, Any], path: Path) -> Iterator[Allowed]:
    """The statements under `allow` of a function's access."""
    for index, one in enumerate(settings.get("allow", ())):
        actions, resources = _listed(one["actions"]), _listed(one["resources"])
        yield Allowed(
            actions=actions,
            resources=resources,
            conditional="conditions" in one,
            statement=Statement(
                f"Allow{index + 1}",
                tuple(sorted(actions)),
                tuple(map(context.with_account, resources)),
                tuple(
                    (test, key, tuple(map(context.with_account, _listed(values))))
                    for test, keys in one.get("conditions", {}).items()
                    for key, values in keys.items()
                ),
            ),
            path=context.place((*path, "allow", index)),
        )


def _listed(written: str | list[str]) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else tuple(written)
