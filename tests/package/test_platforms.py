import pytest

from iotgen.errors import IotgenError
from iotgen.package.platforms import lambda_platform


def test_amazon_linux_2_has_glibc_2_26() -> None:
    tags = lambda_platform("python3.11", "x86_64").tags
    assert tags[0] == "manylinux_2_26_x86_64"
    assert {"manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux1_x86_64"} < set(tags)
    assert "manylinux_2_28_x86_64" not in tags


def test_amazon_linux_2023_has_glibc_2_34() -> None:
    tags = lambda_platform("python3.12", "arm64").tags
    assert tags[0] == "manylinux_2_34_aarch64"
    assert tags[-2:] == ("manylinux_2_17_aarch64", "manylinux2014_aarch64")


@pytest.mark.parametrize(
    ("runtime", "architecture", "message"),
    [
        ("nodejs22.x", "x86_64", "cannot build a layer for the runtime nodejs22.x"),
        ("python3.11", "riscv", "there is no architecture riscv"),
    ],
)
def test_where_no_layer_runs(runtime: str, architecture: str, message: str) -> None:
    with pytest.raises(IotgenError) as caught:
        lambda_platform(runtime, architecture)
    assert caught.value.message == message
