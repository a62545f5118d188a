from pathlib import Path

import pytest

from iotgen.errors import IotgenError
from iotgen.package.completeness import applying, lacking
from iotgen.package.platforms import lambda_platform
from iotgen.package.requirements import Pin
from iotgen.package.wheels import Wheel

LAMBDA = lambda_platform("python3.11", "arm64").markers


def pin(name: str, version: str = "1.0", extras: tuple[str, ...] = (), marker: str = "") -> Pin:
    return Pin(name, version, extras, marker, (), 1)


def wheel(name: str, *requires: str, version: str = "1.0") -> Wheel:
    return Wheel(Path(f"{name}.whl"), name, version, requires)


def test_a_missing_package_names_who_needs_it() -> None:
    made = [wheel("a", "B_c<2,>=1.1", "d"), wheel("d", "b.c")]
    assert lacking([pin("a"), pin("d")], made, LAMBDA) == (
        "a 1.0 needs b-c<2,>=1.1, which is not listed",
        "d 1.0 needs b-c, which is not listed",
    )


def test_a_version_that_does_not_fit() -> None:
    made = [wheel("a", "b>=2"), wheel("b")]
    assert lacking([pin("a"), pin("b")], made, LAMBDA) == ("a 1.0 needs b>=2, but 1.0 is listed",)


def test_what_another_platform_needs_is_not_missed() -> None:
    needs = (
        "colorama ; sys_platform == 'win32'",
        "uvloop ; sys_platform == 'darwin'",
        "old ; python_version < '3.11'",
        "older ; python_full_version < '3.11.3'",
        "new ; python_version >= '3.12'",
        "intel ; platform_machine == 'x86_64'",
        "extra ; extra == 'all'",
    )
    assert lacking([pin("a")], [wheel("a", *needs)], LAMBDA) == ()


def test_extras_are_followed_on_the_way() -> None:
    made = [
        wheel("a", "b[fast]", "c; extra == 'x'"),
        wheel("b", "speed ; extra == 'fast'"),
        wheel("c", "a[x]"),
    ]
    pins = [pin("a", extras=("x",)), pin("b"), pin("c")]
    assert lacking(pins, made, LAMBDA) == ("b 1.0 needs speed, which is not listed",)


def test_a_package_may_be_too_new_to_be_released() -> None:
    made = [wheel("a", "b>=1"), wheel("b", version="2.0rc1")]
    assert lacking([pin("a"), pin("b")], made, LAMBDA) == ()


def test_markers_hold_for_the_function_not_for_this_machine() -> None:
    pins = [
        pin("always"),
        pin("arm", marker="platform_machine == 'aarch64'"),
        pin("mac", marker="sys_platform == 'darwin'"),
        pin("later", marker="python_version >= '3.12'"),
    ]
    assert [held.name for held in applying(pins, LAMBDA)] == ["always", "arm"]


@pytest.mark.parametrize(
    "need", ["b (>dev)", "b (1.0)", "b 1.0", "b>=2004d", "b (>1.0.*); python_version > '3'"]
)
def test_a_requirement_of_an_old_form_asks_for_the_package(need: str) -> None:
    assert lacking([pin("a")], [wheel("a", need)], LAMBDA) == ("a 1.0 needs b, which is not listed",)
    assert lacking([pin("a"), pin("b")], [wheel("a", need), wheel("b", version="2004d")], LAMBDA) == ()


def test_a_marker_of_an_old_form_holds_nowhere() -> None:
    made = [wheel("a", "b (>dev); python_version < '3'", "c; os_name ~= 'posix'")]
    assert lacking([pin("a")], made, LAMBDA) == ()


def test_a_version_of_an_old_form_fits_no_range() -> None:
    made = [wheel("a", "b>=1", "c"), wheel("b", version="2004d"), wheel("c", version="2004d")]
    assert lacking([pin("a"), pin("b"), pin("c")], made, LAMBDA) == ("a 1.0 needs b>=1, but 2004d is listed",)


@pytest.mark.parametrize("need", ["", "?", "b; nonsense"])
def test_a_requirement_that_nobody_can_read(need: str) -> None:
    with pytest.raises(IotgenError) as caught:
        lacking([pin("a")], [wheel("a", need)], LAMBDA)
    assert caught.value.message == f"a 1.0 needs `{need}`, which cannot be parsed"
