"""The record of one deployment."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from iotgen.errors import IotgenError


class Action(StrEnum):
    """What changed the environment."""

    APPLY = "apply"
    ROLLBACK = "rollback"
    DESTROY = "destroy"


class Outcome(StrEnum):
    """How it ended; one that was killed stays `unfinished`."""

    UNFINISHED = "unfinished"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Record:
    """A deployment of `spec` (its path in the snapshot) to an environment, at `place`.

    `snapshot` is the SHA-256 of the project's files in it, empty for a destroy. `began` and `ended` are in
    UTC, ISO 8601. `revision` is git's, with a `+` if files differed from it, empty outside of a repository.
    `restores` is the id of the deployment that a rollback returned to.
    """

    id: str
    action: Action
    outcome: Outcome
    pipeline: str
    suffix: str
    place: str
    who: str
    began: str
    ended: str = ""
    version: str
    revision: str = ""
    spec: str = ""
    snapshot: str = ""
    restores: str = ""

    @property
    def restorable(self) -> bool:
        """Whether the environment was once as its snapshot has it."""
        return self.outcome is Outcome.DONE and bool(self.snapshot)

    def text(self) -> str:
        """The record as JSON."""
        return json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def parsed(text: bytes, name: str) -> Record:
    """The record in a JSON text; IotgenError, with its `name`, if it is damaged."""
    try:
        data = json.loads(text)
        return Record(**data | {"action": Action(data["action"]), "outcome": Outcome(data["outcome"])})
    except (ValueError, KeyError, TypeError) as error:
        raise IotgenError(
            f"the record {name} is damaged, or of a newer version of iotgen",
            "Remove that file, or choose a deployment with `iotgen rollback --to ID`.",
        ) from error


def id_of(began: datetime, snapshot: str) -> str:
    """An id that sorts by time."""
    return f"{began:%Y%m%dT%H%M%SZ}-{snapshot[:6] or 'gone'}"


def before(records: Iterable[Record]) -> Record | None:
    """The deployment to return to: the latest that was as a whole in effect before the current one.

    `records` are the latest first. If the last deployment failed or was a destroy, it is the one before that.
    After a rollback it is one from before the restored one, so a second rollback goes back further.
    """
    remaining = iter(records)
    current = next(remaining, None)
    if current is None:
        return None
    restorable = (record for record in remaining if record.restorable)
    if not current.restorable:
        return next(restorable, None)
    position = current.restores or current.id
    older = (one for one in restorable if one.id < position and one.snapshot != current.snapshot)
    return next(older, None)
