"""The environments that exist, and the one that a new name probably misspells."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from iotgen.guard.environments import likely_environment, with_state
from iotgen.model.pipeline import State

KNOWN = ("prod", "staging", "eu2", "prod")


@pytest.mark.parametrize(
    ("suffix", "likely"),
    [
        ("prdo", "prod"),
        ("prods", "prod"),
        ("stagin", "staging"),
        ("prod", None),
        ("dev", None),
        ("eu1", None),
        ("eu3", None),
    ],
)
def test_the_environment_that_was_probably_meant(suffix: str, likely: str | None) -> None:
    assert likely_environment(suffix, KNOWN) == likely


class Bucket:
    """An S3 that lists keys below a prefix."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys

    def list_objects_v2(self, *, Bucket: str, Prefix: str, Delimiter: str) -> dict[str, Any]:  # noqa: N803
        assert (Bucket, Delimiter) == ("b", "/")
        if not self.keys:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "ListObjectsV2")
        below = [key.removeprefix(Prefix) for key in self.keys if key.startswith(Prefix)]
        folders = dict.fromkeys(key.split("/")[0] for key in below if "/" in key)
        return {
            "CommonPrefixes": [{"Prefix": f"{Prefix}{name}/"} for name in folders],
            "Contents": [{"Key": Prefix + key} for key in below if "/" not in key],
        }


@pytest.mark.parametrize(
    ("key", "keys", "names"),
    [
        (
            "p/dev/terraform.tfstate",
            ("p/prod/terraform.tfstate", "p/qa/terraform.tfstate", "q/x/terraform.tfstate"),
            ("prod", "qa"),
        ),
        ("iot/dev.tfstate", ("iot/prod.tfstate", "iot/note.txt", "iot/x/y"), ("prod",)),
        ("dev.tfstate", ("prod.tfstate",), ("prod",)),
        ("p/dev/dev.tfstate", ("p/prod/prod.tfstate",), ("prod",)),
        ("p/dev/terraform.tfstate", ("q/x",), ()),
        ("p/dev/terraform.tfstate", (), ()),
    ],
)
def test_states_beside_one_name_the_other_environments(
    key: str, keys: tuple[str, ...], names: tuple[str, ...]
) -> None:
    assert with_state(Bucket(*keys), State("b", key, "us-east-1"), "dev") == names
