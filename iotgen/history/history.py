"""The deployments of one environment on one target."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from iotgen.errors import IotgenError
from iotgen.history.record import Outcome, Record, before, id_of, parsed
from iotgen.history.snapshot import digest, pack, unpack
from iotgen.history.store import Store

# A year of two deployments a week; older ones are removed.
KEPT = 100
_RECORD, _SNAPSHOT = ".json", ".zip"


@dataclass(frozen=True)
class History:
    """The records of an environment in a `store`."""

    store: Store

    def begin(self, record: Record, files: Mapping[str, bytes]) -> Record:
        """Note that a deployment begins, with the project's `files`; `record` gets its id and digest.

        The snapshot is there before its record, so that a kill in between leaves no record without one.
        """
        snapshot = digest(files) if files else ""
        record = replace(record, id=id_of(datetime.fromisoformat(record.began), snapshot), snapshot=snapshot)
        if files:
            self.store.put(record.id + _SNAPSHOT, pack(files))
        self.store.put(record.id + _RECORD, record.text().encode())
        return record

    def finish(self, record: Record, outcome: Outcome, now: datetime) -> None:
        """Note how the deployment ended, and remove the oldest beyond `KEPT`."""
        ended = replace(record, outcome=outcome, ended=now.astimezone(UTC).isoformat(timespec="seconds"))
        self.store.put(record.id + _RECORD, ended.text().encode())
        for old in self.ids()[KEPT:]:
            # The record first: one without its snapshot could not be restored.
            self.store.remove(old + _RECORD)
            self.store.remove(old + _SNAPSHOT)

    def ids(self) -> list[str]:
        """The ids of all deployments, the latest first."""
        names = [name for name in self.store.names() if name.endswith(_RECORD)]
        return sorted((name.removesuffix(_RECORD) for name in names), reverse=True)

    def records(self) -> Iterator[Record]:
        """All deployments, the latest first, each read when it is asked for."""
        for one in self.ids():
            yield self._record(one)

    def target(self, wanted: str | None) -> Record:
        """The deployment to return to: `wanted` by its id or the start of it, else the one before.

        IotgenError if there is none, or the id is ambiguous.
        """
        if wanted is None:
            if found := before(self.records()):
                return found
            raise IotgenError(
                "there is no deployment to return to",
                "`iotgen history` lists what was deployed; the first deployment has none before it.",
            )
        matches = [one for one in self.ids() if one.startswith(wanted)]
        if len(matches) != 1:
            number = "no deployment has" if not matches else f"{len(matches)} deployments have"
            raise IotgenError(f"{number} the id `{wanted}`", "`iotgen history` lists the ids.")
        return self._checked(self._record(matches[0]))

    def restore(self, record: Record, folder: Path) -> Path:
        """Write the files of a deployment into `folder`, and return the path of its spec there."""
        archive = self.store.get(record.id + _SNAPSHOT)
        if archive is None:
            raise IotgenError(
                f"the files of the deployment {record.id} are gone", "Choose another with `--to ID`."
            )
        unpack(archive, folder)
        return folder / record.spec

    def _record(self, one: str) -> Record:
        return parsed(self.store.get(one + _RECORD) or b"", one + _RECORD)

    def _checked(self, record: Record) -> Record:
        if not record.restorable:
            raise IotgenError(
                f"the deployment {record.id} {_WHY[record.outcome]}",
                "Choose one that `iotgen history` shows as done.",
            )
        return record


_WHY = {
    Outcome.UNFINISHED: "did not end",
    Outcome.FAILED: "failed",
    Outcome.DONE: "was a destroy",
}
