"""The layer's lock file: everything pinned, with hashes, and nothing of the machine that made it."""

import re
from importlib.metadata import version
from pathlib import Path

HANDLERS = Path(__file__).parent.parent.parent / "handlers"
LOCK = (HANDLERS / "requirements.txt").read_text()
PINS = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, re.MULTILINE))


def test_pins_what_is_asked_for() -> None:
    asked = [
        line
        for line in (HANDLERS / "requirements.in").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    for requirement in asked:
        name, _, exactly = requirement.partition("==")
        assert PINS[name]
        assert exactly in ("", PINS[name])
    assert {"boto3", "requests", "aws-lambda-powertools", "fastjsonschema", "urllib3", "jmespath"} <= set(
        PINS
    )


def test_every_pin_has_hashes() -> None:
    for block in re.split(r"^(?=\S)", LOCK, flags=re.MULTILINE):
        if block and not block.startswith("#"):
            assert block.count("--hash=sha256:") >= 1, block


def test_names_no_index_and_no_path() -> None:
    assert "://" not in LOCK
    assert not re.search(r"(^|\s)/\w", LOCK)
    assert "--index-url" not in LOCK
    assert "--find-links" not in LOCK


def test_tests_run_with_the_versions_of_the_layer() -> None:
    for name in ("boto3", "botocore", "aws-lambda-powertools"):
        assert version(name) == PINS[name]
