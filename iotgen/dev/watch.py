"""Tells when files of a project may have changed. What has changed is read from the files themselves.

So nothing is queued: however many files a checkout touches, and whatever is saved meanwhile, one more look
follows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from iotgen.errors import MachineError
from iotgen.patch.own import FOLDER

# In milliseconds: how long nothing more has to happen, and the longest that it may go on. An editor's save is
# a few events within one.
_QUIET, _LONGEST = 20, 200
# What was saved before the watch began is found by a look after it.
_BEGUN = 500

Accept = Callable[[object, str], bool]


@dataclass(frozen=True)
class Places:
    """Where a project's files are: `folders` with all that is in them, and `files` by their names in others.

    `out` is not looked at: the local AWS and Terraform write there.
    """

    folders: tuple[Path, ...]
    files: tuple[Path, ...]
    out: Path

    @property
    def present(self) -> frozenset[tuple[Path, int]]:
        """The folders that are there, told apart from others that had their names before."""
        return frozenset((folder, folder.stat().st_ino) for folder in self.folders if folder.is_dir())


def places(root: Path, spec: Path, named: Iterable[str], out: Path) -> Places:
    """Where the files are that a spec names, below `root`: the first folders of their paths."""
    heads = {name.strip("/").split("/")[0] for name in named} - {"", ".", ".."} | {FOLDER}
    path = spec.absolute()
    if path.parent != root and path.is_relative_to(root):
        heads.add(path.relative_to(root).parts[0])
    tops = sorted(root / head for head in heads)
    return Places(tuple(tops), (*tops, path), out.absolute())


@dataclass
class Watch:
    """Sets `changed` whenever files may have changed; `ended` if watching fails."""

    changed: Event
    failure: Exception | None = None
    _places: Places | None = None
    _present: frozenset[tuple[Path, int]] = frozenset()
    _stop: Event = field(default_factory=Event)

    def on(self, places: Places) -> None:
        """Watch these places from now on; nothing to do if that is so already."""
        if self.failure:
            message = f"cannot watch the project's files: {self.failure}"
            raise MachineError(message, "Set WATCHFILES_FORCE_POLLING=1, then run it again.")
        present = places.present
        if (places, present) == (self._places, self._present):
            return
        self.end()
        self._places, self._present, self._stop = places, present, Event()
        folders = [folder for folder, _ in present]
        self._start(folders, _below(places.out), recursive=True)
        parents = sorted({path.parent for path in places.files})
        names = {str(path) for path in places.files}
        self._start(parents, lambda _, path: path in names, recursive=False)

    def end(self) -> None:
        """Watch no more."""
        self._stop.set()

    def _start(self, paths: Sequence[Path], accept: Accept, *, recursive: bool) -> None:
        if paths:
            arguments = (paths, accept, recursive, self._stop)
            Thread(target=self._follow, args=arguments, daemon=True).start()

    def _follow(self, paths: Sequence[Path], accept: Accept, recursive: bool, stop: Event) -> None:
        from watchfiles import watch

        try:
            begun = False
            for changes in watch(
                *paths,
                watch_filter=accept,
                step=_QUIET,
                debounce=_LONGEST,
                rust_timeout=_BEGUN,
                yield_on_timeout=True,
                stop_event=stop,
                recursive=recursive,
                raise_interrupt=False,
            ):
                if changes or not begun:
                    begun = True
                    self.changed.set()
        except FileNotFoundError:
            self.changed.set()  # a folder went meanwhile: the next look begins anew
        except (OSError, RuntimeError) as error:
            self.failure = error
            self.changed.set()


def _below(out: Path) -> Accept:
    """What matters in folders: not the output, nor what editors and Python leave there."""
    from watchfiles import DefaultFilter

    usual = DefaultFilter(ignore_paths=[out])
    return lambda change, path: usual(change, path)  # type: ignore[arg-type]
