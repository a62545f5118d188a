"""The specs in `cases/RULE/`: `good.yaml` keeps to the rule, the others are named by their defect.

`example.yaml` is for the rule's page in docs/problems, `example.fixed.yaml` the same spec without its defect.

What a user reads of a defect is in the `.txt` beside it; `--update-golden` writes it anew.
"""

from pathlib import Path

import pytest

CASES = Path(__file__).parent / "cases"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    specs = sorted(CASES.glob("*/*.yaml"))
    if "good" in metafunc.fixturenames:
        metafunc.parametrize("good", [pytest.param(spec, id=_name(spec)) for spec in specs if _good(spec)])
    if "bad" in metafunc.fixturenames:
        metafunc.parametrize("bad", [pytest.param(spec, id=_name(spec)) for spec in specs if not _good(spec)])


def _good(spec: Path) -> bool:
    return spec.stem == "good" or spec.name.endswith(".fixed.yaml")


def _name(spec: Path) -> str:
    return f"{spec.parent.name}-{spec.stem}"


@pytest.fixture
def cases() -> Path:
    return CASES
