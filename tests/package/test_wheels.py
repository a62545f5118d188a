import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from iotgen.errors import IotgenError
from iotgen.package.wheels import read_wheel, write_layer

MakeWheel = Callable[..., Path]


def layer_of(*wheels: Path, say: Callable[[str], None] = print) -> zipfile.ZipFile:
    out = io.BytesIO()
    write_layer(out, [read_wheel(wheel) for wheel in wheels], say)
    return zipfile.ZipFile(out)


def test_the_metadata(make_wheel: MakeWheel) -> None:
    wheel = read_wheel(make_wheel("Some-Thing", "2.0", requires=["other>=1", "more ; extra == 'x'"]))
    assert (wheel.name, wheel.version) == ("some-thing", "2.0")
    assert wheel.requires == ("other>=1", "more ; extra == 'x'")


def test_the_files_lie_below_python_and_nothing_of_an_installer(make_wheel: MakeWheel) -> None:
    wheel = make_wheel(
        "thing",
        files={
            "thing/__init__.py": b"a",
            "thing/lib.so": b"\x7fELF" * 99,
            "thing/__pycache__/x.cpython-311.pyc": b"c",
            "thing-1.0.data/purelib/pure.py": b"p",
            "thing-1.0.data/platlib/plat.py": b"q",
            "thing-1.0.data/scripts/thing": b"#!python",
            "thing-1.0.data/data/share/man/thing.1": b"m",
            "thing-1.0.dist-info/INSTALLER": b"pip",
            "thing-1.0.dist-info/direct_url.json": b"{}",
        },
    )
    with layer_of(wheel) as layer:
        assert layer.testzip() is None
        assert layer.namelist() == [
            "python/plat.py",
            "python/pure.py",
            "python/thing-1.0.dist-info/METADATA",
            "python/thing/__init__.py",
            "python/thing/lib.so",
        ]
        assert layer.read("python/thing/lib.so") == b"\x7fELF" * 99
        assert layer.getinfo("python/thing/lib.so").compress_type == zipfile.ZIP_DEFLATED


def test_the_order_of_the_wheels_does_not_matter(make_wheel: MakeWheel) -> None:
    one, two = make_wheel("one"), make_wheel("two")
    with layer_of(one, two) as first, layer_of(two, one) as second:
        assert isinstance(first.fp, io.BytesIO)
        assert isinstance(second.fp, io.BytesIO)
        assert first.fp.getvalue() == second.fp.getvalue()


def test_a_file_in_two_packages_is_told_where_it_differs(make_wheel: MakeWheel) -> None:
    said: list[str] = []
    one = make_wheel("one", files={"tests/__init__.py": b"1", "ns/__init__.py": b""})
    two = make_wheel("two", files={"tests/__init__.py": b"2", "ns/__init__.py": b""})
    with layer_of(two, one, say=said.append) as layer:
        assert layer.read("python/tests/__init__.py") == b"2"
    assert said == ["python/tests/__init__.py differs in two packages: the layer has that of two"]


@pytest.mark.parametrize("name", ["../evil.py", "/etc/evil", "a/../../evil"])
def test_a_wheel_that_reaches_out(make_wheel: MakeWheel, name: str) -> None:
    with pytest.raises(IotgenError, match="has a file outside its folder"):
        layer_of(make_wheel("evil", files={name: b""}))


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_wheel(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a-1-py3-none-any.whl"
    path.write_bytes(content)
    with pytest.raises(IotgenError, match=r"a-1-py3-none-any\.whl is not a valid wheel"):
        read_wheel(path)


def test_a_way_of_packing_that_lambda_lacks(tmp_path: Path, make_wheel: MakeWheel) -> None:
    path = make_wheel("a")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("a/b.py", b"x" * 100, zipfile.ZIP_LZMA)
    with pytest.raises(IotgenError, match=r"Lambda cannot unpack a/b\.py: it is encrypted, or not deflated"):
        layer_of(path)


@pytest.mark.parametrize(
    ("metadata", "fault"),
    [
        (b"Metadata-Version: 1.0\nVersion: 1.0\n", "its metadata has no Name"),
        (b"Metadata-Version: 1.0\nName: a\n", "its metadata has no Version"),
        (b"", "its metadata has no Name"),
    ],
)
def test_metadata_that_lacks_what_it_needs(tmp_path: Path, metadata: bytes, fault: str) -> None:
    path = _with_metadata(tmp_path, metadata)
    with pytest.raises(IotgenError) as caught:
        read_wheel(path)
    assert caught.value.message == f"a-1-py3-none-any.whl is not a valid wheel: {fault}"


def test_metadata_of_another_encoding(tmp_path: Path) -> None:
    headers = "Metadata-Version: 1.1\nName: a\nVersion: 1 \nAuthor: Andr\xe9\nRequires-Dist: b (>=1)\n"
    wheel = read_wheel(_with_metadata(tmp_path, headers.encode("latin-1")))
    assert (wheel.name, wheel.version, wheel.requires) == ("a", "1", ("b (>=1)",))


def _with_metadata(folder: Path, metadata: bytes) -> Path:
    path = folder / "a-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a-1.dist-info/METADATA", metadata)
    return path


def test_modules_that_are_compiled_only_are_in_the_layer(make_wheel: MakeWheel) -> None:
    files = {"m/__init__.pyc": b"c", "m/old.pyo": b"o", "m/both.py": b"s", "m/both.pyc": b"c"}
    with layer_of(make_wheel("m", files={**files, "m-1.0.data/purelib/m/data.pyc": b"d"})) as layer:
        assert [name for name in layer.namelist() if name.startswith("python/m/")] == [
            "python/m/__init__.pyc",
            "python/m/both.py",
            "python/m/data.pyc",
        ]


@pytest.mark.parametrize(("one", "two"), [("m", "m/__init__.py"), ("n/m", "n/m/deep/x.py")])
def test_a_file_with_the_name_of_a_folder(make_wheel: MakeWheel, one: str, two: str) -> None:
    first, second = make_wheel("one", files={one: b""}), make_wheel("two", version="2.0", files={two: b""})
    with pytest.raises(IotgenError) as caught:
        layer_of(first, second)
    assert caught.value.message == (
        f"{one} is a file in one 1.0 and a folder in two 2.0: a layer cannot have both"
    )
