"""One loop for each environment."""

import os
from pathlib import Path

import pytest

from iotgen.dev.alone import alone
from iotgen.errors import IotgenError


def test_a_second_loop_names_the_first_and_another_environment_is_free(tmp_path: Path) -> None:
    with alone(tmp_path, "dev"):
        with pytest.raises(IotgenError) as refused, alone(tmp_path, "dev"):
            pass
        with alone(tmp_path, "prod"):
            pass
    assert refused.value.message == f"another `iotgen dev` (process {os.getpid()}) watches `dev`"
    with alone(tmp_path, "dev"):
        pass
