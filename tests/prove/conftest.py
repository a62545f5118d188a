"""Simulators of the reference pipelines, without their layers: the packages are those of the tests."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from iotgen.cli.environment import sound
from iotgen.kinds.functions import Function
from iotgen.prove import Simulator, Subject, subject
from iotgen.prove.modules import Code

SubjectOf = Callable[[str], Subject]


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
def simulator_of(subject_of: SubjectOf) -> Callable[[str], Simulator]:
    """The simulator of a spec of this repository."""
    made: dict[str, Simulator] = {}

    def of(spec: str) -> Simulator:
        if spec not in made:
            made[spec] = simulator(subject_of(spec))
        return made[spec]

    return of


def simulator(tried: Subject, sound_one: Simulator | None = None) -> Simulator:
    """A simulator; one with a fault is held against what a sound one does in calm."""
    codes = {one.key: Code(one.folders, tried.root, tried.replaced) for one in tried.shape.functions}
    return Simulator(tried.shape, codes, sound_one.places if sound_one else None)
