import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from iotgen.errors import IotgenError
from iotgen.package.fetch import Say
from iotgen.package.layers import build_layer
from iotgen.package.platforms import Platform
from iotgen.package.requirements import Pin

MakeWheel = Callable[..., Path]
H = f"--hash=sha256:{'0' * 64}"
SIX = "six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274\n"


class Index:
    """Stands for pip and the index: makes a wheel of each pin, and remembers what it was asked."""

    def __init__(self, make_wheel: MakeWheel, requires: Sequence[str] = ()) -> None:
        self.asked: list[tuple[str, ...]] = []
        self._make = make_wheel
        self._requires = requires

    def __call__(self, pins: Sequence[Pin], platform: Platform, folder: Path, say: Say) -> None:
        self.asked.append((str(platform), *map(str, pins)))
        for pin in pins:
            self._make(pin.name, pin.version, requires=self._requires, folder=folder)


class Project:
    """A requirements file, a cache and a destination."""

    def __init__(self, root: Path, text: str) -> None:
        self.requirements = root / "requirements.txt"
        self.requirements.write_text(text)
        self.cache = root / "cache"
        self.destination = root / "out/layer.zip"
        self.said: list[str] = []

    def build(self, fetch: Index | Callable[..., None] | None, architecture: str = "x86_64") -> bytes:
        artifact = build_layer(
            self.requirements,
            "python3.11",
            architecture,
            self.destination,
            self.cache,
            fetch,
            self.said.append,
        )
        assert artifact.size == self.destination.stat().st_size
        return self.destination.read_bytes()

    def left(self) -> list[str]:
        return sorted(path.suffix for path in (self.cache / "layers").iterdir())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, f"one==1.0 {H}\ntwo==2.0 {H}\nmac==1 ; sys_platform == 'darwin' {H}\n")


@pytest.fixture
def index(make_wheel: MakeWheel) -> Index:
    return Index(make_wheel)


def test_a_layer_is_built_once_and_then_copied(project: Project, index: Index) -> None:
    first = project.build(index)
    assert index.asked == [("python3.11 on x86_64", "one 1.0", "two 2.0")]
    with zipfile.ZipFile(project.destination) as layer:
        assert {name.split("/")[1] for name in layer.namelist()} == {
            "one", "one-1.0.dist-info", "two", "two-2.0.dist-info",
        }  # fmt: skip
    assert project.build(index) == first
    assert len(index.asked) == 1
    assert project.left() == [".json", ".zip"]
    assert project.said[0] == (
        f"Building the layer of {project.requirements}: 2 packages for python3.11 on x86_64"
    )
    assert re.fullmatch(r"Built it in \d+\.\d s: 0\.0 MB zipped; it is cached from now on", project.said[-1])


def test_another_platform_or_text_is_another_layer(project: Project, index: Index) -> None:
    project.build(index)
    project.build(index, "arm64")
    project.requirements.write_text(f"one==1.0 {H}\n")
    project.build(index)
    assert [asked[0] for asked in index.asked] == [
        "python3.11 on x86_64", "python3.11 on arm64", "python3.11 on x86_64",
    ]  # fmt: skip


def test_a_damaged_cache_is_built_anew(project: Project, index: Index) -> None:
    first = project.build(index)
    (cached,) = (project.cache / "layers").glob("*.zip")
    cached.write_bytes(first[:100])
    assert project.build(index) == first
    assert len(index.asked) == 2


def test_two_at_once_get_the_same(project: Project, index: Index) -> None:
    def fetch_twice(pins: Sequence[Pin], platform: Platform, folder: Path, say: Say) -> None:
        project.build(index)  # another process is faster
        index(pins, platform, folder, say)

    first = project.build(fetch_twice)
    assert project.build(index) == first
    assert len(index.asked) == 2
    assert project.left() == [".json", ".zip"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), IotgenError("no wheel")])
def test_nothing_is_left_of_a_build_that_fails(project: Project, error: BaseException) -> None:
    def fail(pins: Sequence[Pin], platform: Platform, folder: Path, say: Say) -> None:
        (folder / "half.whl").write_bytes(b"half")
        raise error

    with pytest.raises(type(error)):
        project.build(fail)
    assert project.left() == []
    assert not project.destination.exists()


def test_what_a_killed_build_left_is_swept_away(project: Project, index: Index) -> None:
    for name, age in (("building-old", 1), ("building-now", None)):
        (project.cache / "layers" / name).mkdir(parents=True)
        if age:
            os.utime(project.cache / "layers" / name, (age, age))
    project.build(index)
    assert [path.name for path in (project.cache / "layers").glob("building-*")] == ["building-now"]


def test_a_cache_that_can_not_be_made(project: Project, index: Index) -> None:
    project.cache.write_text("a file")
    with pytest.raises(IotgenError, match=r"cannot write .*cache/layers: "):
        project.build(index)


def test_each_line_that_is_not_pinned_is_named(project: Project, index: Index) -> None:
    project.requirements.write_text(f"one\nok==1 {H}\ntwo==2\n")
    with pytest.raises(IotgenError) as caught:
        project.build(index)
    name = project.requirements
    assert caught.value.message == (
        f"{name}:1: one is not pinned to one version: write one==1.2.3 --hash=sha256:...\n"
        f"{name}:3: two has no hash: add --hash=sha256:... for each of its wheels"
    )
    assert "pip-compile --generate-hashes" in caught.value.hint
    assert index.asked == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"one==1 " + H.encode() + b"\n# caf\xe9\n", ":2: is not UTF-8 text"),
        (f"a==1 ; sys_platform == 'win32' {H}\n".encode(), ":1: no package is for python3.11 on x86_64"),
        (
            f"a==1 ; os_name == 'posix' {H}\na==2 ; python_version < '4' {H}\n".encode(),
            ":2: a is listed twice for python3.11 on x86_64, first on line 1",
        ),
    ],
)
def test_files_that_give_no_layer(project: Project, index: Index, text: bytes, message: str) -> None:
    project.requirements.write_bytes(text)
    with pytest.raises(IotgenError) as caught:
        project.build(index)
    assert f"{project.requirements}{message}" in caught.value.message


def test_a_package_that_is_needed_and_not_listed(project: Project, make_wheel: MakeWheel) -> None:
    with pytest.raises(IotgenError) as caught:
        project.build(Index(make_wheel, requires=["three>=3"]))
    assert caught.value.message == (
        f"{project.requirements}: one 1.0 needs three>=3, which is not listed\n"
        f"{project.requirements}: two 2.0 needs three>=3, which is not listed"
    )


def test_no_requirements_file(project: Project, index: Index) -> None:
    project.requirements.unlink()
    with pytest.raises(IotgenError) as caught:
        project.build(index)
    assert caught.value.message == f"there is no requirements file {project.requirements}"


def test_a_cached_layer_needs_nothing_that_is_slow_to_import(project: Project, index: Index) -> None:
    project.build(index)
    code = (
        "import sys; from pathlib import Path; from iotgen.package import build_layer\n"
        f"build_layer(Path({str(project.requirements)!r}), 'python3.11', 'x86_64',"
        f" Path({str(project.destination)!r}), Path({str(project.cache)!r}))\n"
        "print(*{'packaging', 'subprocess', 'zipfile', 'email', 'tempfile', 'threading'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # threading and the like may come with the way that iotgen itself is installed
    assert set(done.stdout.split()) <= {"threading"}


@pytest.mark.system
def test_pip_and_a_package_index_give_a_layer_that_imports(project: Project) -> None:
    project.requirements.write_text(SIX)
    project.build(None)
    code = "import six; print(six.__file__)"
    found = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": f"{project.destination}/python"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip().endswith("layer.zip/python/six.py")


MARKUPSAFE = """\
markupsafe==3.0.4 \\
    --hash=sha256:6da83a088f8ef93b2d483a8232a4dbf4d69d3d8496b568a03c56becac43e1808 \\
    --hash=sha256:849dd2bb0e5e4ab2b71c7191726a4a8d5aa8a610daa584728cbee0b710ddc4ef
"""
ELF_AARCH64 = 183


@pytest.mark.system
def test_pip_and_an_index_give_compiled_code_for_the_other_architecture(project: Project) -> None:
    project.requirements.write_text(MARKUPSAFE)
    project.build(None, "arm64")
    with zipfile.ZipFile(project.destination) as layer:
        name = "python/markupsafe/_speedups.cpython-311-aarch64-linux-gnu.so"
        machine = int.from_bytes(layer.read(name)[18:20], "little")
    assert machine == ELF_AARCH64


@pytest.mark.system
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"six==1.17.0 {H}", "the wheel of six 1.17.0 has none of the hashes that are listed for it"),
        # its releases are sources only
        (
            f"python-terraform==0.10.1 {H}",
            "python-terraform 0.10.1 has no wheel for python3.11 on x86_64 (glibc 2.26)",
        ),
    ],
)
def test_pip_and_an_index_refuse(project: Project, text: str, message: str) -> None:
    project.requirements.write_text(text)
    with pytest.raises(IotgenError) as caught:
        project.build(None)
    assert caught.value.message == message
    assert caught.value.exit_code == 1
