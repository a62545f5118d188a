"""Campaigns of the reference pipelines, without their layers: the packages are those of the tests.

They run in processes of their own, as for a user: nobody keeps the log lines of thousands of invocations.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from iotgen.cli.environment import sound
from iotgen.kinds.functions import Function
from iotgen.prove import Campaign, Subject, campaign, subject

SubjectOf = Callable[[str], Subject]
CampaignOf = Callable[[str], Campaign]


@pytest.fixture(scope="session")
def subject_of(repo: Path) -> Iterator[SubjectOf]:
    """The subject of a spec of this repository."""
    made: dict[str, Subject] = {}
    with ExitStack() as stack:

        def of(spec: str) -> Subject:
            if spec not in made:
                _, pipeline = sound(repo / spec, "dev")
                functions = tuple(replace(one, layers=()) for one in pipeline.all(Function))
                bare = replace(pipeline, by_type={**pipeline.by_type, Function: functions})
                made[spec] = stack.enter_context(subject(bare, repo, repo / "nowhere", print))
            return made[spec]

        yield of


@pytest.fixture(scope="session")
def campaign_of(subject_of: SubjectOf) -> Iterator[CampaignOf]:
    """The campaign of a spec of this repository, in one process."""
    made: dict[str, Campaign] = {}
    with ExitStack() as stack:

        def of(spec: str) -> Campaign:
            if spec not in made:
                made[spec] = stack.enter_context(campaign(subject_of(spec), 1))
            return made[spec]

        yield of
