"""The command that deploys an environment, as a hint names it."""

from pathlib import Path

import pytest

from iotgen.cli.environment import applying


@pytest.mark.parametrize(
    ("spec", "target", "command"),
    [
        ("specs/pipeline.yaml", "aws", "iotgen apply --suffix dev"),
        ("specs/pipeline.yaml", "local", "iotgen apply --suffix dev --target local"),
        ("specs/mqtt.yaml", "aws", "iotgen apply specs/mqtt.yaml --suffix dev"),
    ],
)
def test_the_spec_and_the_target_are_named_where_they_are_not_the_default(
    spec: str, target: str, command: str
) -> None:
    assert applying({"spec": Path(spec), "target": target, "suffix": "dev"}) == command
