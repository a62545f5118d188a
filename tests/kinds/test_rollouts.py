"""The ways to shift calls to a new version, by the words of the spec."""

import pytest

from iotgen.kinds.functions.rollout import resolve_rollout


@pytest.mark.parametrize(
    ("written", "preset"),
    [
        ("AllAtOnce", "CodeDeployDefault.LambdaAllAtOnce"),
        ("all_at_once", "CodeDeployDefault.LambdaAllAtOnce"),
        ("Linear10PercentEvery1Minute", "CodeDeployDefault.LambdaLinear10PercentEvery1Minute"),
        ({"canary": 10, "after": 5}, "CodeDeployDefault.LambdaCanary10Percent5Minutes"),
    ],
)
def test_the_presets_of_sam_are_those_of_codedeploy(written: object, preset: str) -> None:
    found = resolve_rollout(written)  # type: ignore[arg-type]

    assert found is not None
    assert found.preset == preset
