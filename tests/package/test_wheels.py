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
    assert said == ["python/tests/__init__.py is in two packages and differs: that of two is taken"]


@pytest.mark.parametrize("name", ["../evil.py", "/etc/evil", "a/../../evil"])
def test_a_wheel_that_reaches_out(make_wheel: MakeWheel, name: str) -> None:
    with pytest.raises(IotgenError, match="holds a file outside of its folder"):
        layer_of(make_wheel("evil", files={name: b""}))


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_wheel(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a-1-py3-none-any.whl"
    path.write_bytes(content)
    with pytest.raises(IotgenError, match=r"a-1-py3-none-any\.whl is not a wheel that can be read"):
        read_wheel(path)


def test_a_way_of_packing_that_lambda_lacks(tmp_path: Path, make_wheel: MakeWheel) -> None:
    path = make_wheel("a")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("a/b.py", b"x" * 100, zipfile.ZIP_LZMA)
    with pytest.raises(IotgenError, match=r"a/b\.py is packed in a way that Lambda can't read"):
        layer_of(path)
