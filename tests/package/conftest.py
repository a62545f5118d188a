from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

MakeWheel = Callable[..., Path]


@pytest.fixture
def make_wheel(tmp_path: Path) -> MakeWheel:
    def make(
        name: str,
        version: str = "1.0",
        files: Mapping[str, bytes] | None = None,
        requires: Sequence[str] = (),
        folder: Path = tmp_path,
    ) -> Path:
        headers = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        headers += [f"Requires-Dist: {need}" for need in requires]
        path = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        info = f"{name.replace('-', '_')}-{version}.dist-info"
        contents = {f"{name.replace('-', '_')}/__init__.py": b"x = 1\n" * 50} if files is None else files
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file, content in contents.items():
                archive.writestr(file, content)
            archive.writestr(f"{info}/METADATA", "\n".join(headers) + "\n\nSays hello.\n")
            archive.writestr(f"{info}/RECORD", "")
        return path

    return make
