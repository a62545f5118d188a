"""The test of the test: planted faults are found, and those that are not have a reason."""

from dataclasses import replace
from pathlib import Path

import pytest

from iotgen.prove import campaign
from iotgen.prove.kernel import SECOND
from tests.prove.conftest import CampaignOf, SubjectOf
from tests.prove.mutants import MUTANTS, PIPELINE, Mutant, functions

pytestmark = pytest.mark.system

# Seeds within which each is found.
BOUND = 1500


@pytest.mark.parametrize("mutant", [one for one in MUTANTS if not one.missed], ids=lambda one: one.fault)
def test_a_fault_is_found(mutant: Mutant, subject_of: SubjectOf, campaign_of: CampaignOf) -> None:
    # What it does is held against what the sound one does in calm.
    tried = replace(subject_of(mutant.spec), places=campaign_of(mutant.spec).places())
    if mutant.file:
        text = (tried.root / mutant.file).read_text("utf-8")
        assert text.count(mutant.old) == 1, "the handlers have changed: plant the fault anew"
        tried = replace(tried, replaced={mutant.file: text.replace(mutant.old, mutant.new)})
    if mutant.shape:
        tried = replace(tried, shape=mutant.shape(tried.shape))
    with campaign(tried, 1) as running:
        assert running.run(range(BOUND), lambda tally: not tally.failed).failed


def test_nearly_all_are_found(repo: Path) -> None:
    missed = [one for one in MUTANTS if one.missed]
    text = " ".join((repo / "docs/reliability.md").read_text("utf-8").split())
    assert f"plants {len(MUTANTS)} faults" in text
    assert f"{len(MUTANTS) - len(missed)} are found" in text
    assert len(MUTANTS) >= 60
    assert len(missed) <= 5


@pytest.mark.parametrize("seconds", [5, 8])
def test_the_laws_hold_where_functions_have_less_time(
    seconds: int, subject_of: SubjectOf, campaign_of: CampaignOf
) -> None:
    tried = replace(subject_of(PIPELINE), places=campaign_of(PIPELINE).places())
    with campaign(replace(tried, shape=functions(timeout=seconds * SECOND)(tried.shape)), 1) as running:
        assert not running.run(range(BOUND // 3), lambda tally: not tally.failed).broken
