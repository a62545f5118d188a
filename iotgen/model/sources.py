"""The contents of the project's files, as later stages need them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from iotgen.problem import Problem
from iotgen.spec.paths import NamedPath

# Path and text of each file in a folder; a text is None if it cannot be read.
PythonFiles = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Sources:
    """The contents of the project's files, read before the spec is resolved.

    `named` are the paths in the spec. `folders` has the files (paths below it) of each folder that the spec
    names, None if it does not exist; `texts` the text of each file, None if it does not exist; `code` the
    Python of each folder, None if it does not exist, or is larger than anyone writes by hand. `archives` are
    the zips that are built. `beside` has, for a missing path, the existing ones that differ from it in one
    part. `today` is the day of the check.
    `layer_modules` has the top-level modules of each layer that is already built, by the layer's key.
    `unreadable` has a problem for each file that exists but cannot be read. `outside` are the paths, named in
    the spec or in such a folder, that lead out of the project: these are not read. `referred` are the
    Terraform addresses that overrides and the project's own Terraform refer to; `variables` the label of each
    function that overrides give environment variables, and the variable's name.
    """

    folders: Mapping[str, tuple[str, ...] | None]
    texts: Mapping[str, str | None]
    archives: frozenset[str] = frozenset()
    code: Mapping[str, PythonFiles | None] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    today: date = date.min
    layer_modules: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unreadable: tuple[Problem, ...] = ()
    outside: frozenset[str] = frozenset()
    named: tuple[NamedPath, ...] = ()
    referred: frozenset[str] = frozenset()
    variables: frozenset[tuple[str, str]] = frozenset()

    def text(self, path: str) -> str | None:
        """The text of the file at `path`, None if it does not exist."""
        return self.texts.get(path)

    def python(self) -> dict[str, str]:
        """The text of each Python file by its path in the project."""
        return {
            f"{folder.rstrip('/')}/{path}": text
            for folder, files in self.code.items()
            for path, text in files or ()
            if text is not None
        }
