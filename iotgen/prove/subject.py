"""What a campaign tries: the functions of a spec that run here, laid out as in their zips."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from iotgen.credentials import Credentials
from iotgen.invoke.place import Place, folders
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.prove import laws
from iotgen.prove.directory import ACCOUNT
from iotgen.prove.shape import Shape
from iotgen.prove.shaping import (
    shape_of,
    unknown_endpoints,
    unknown_events,
    unknown_rules,
    unknown_triggers,
)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Subject:
    """A shape, the project's folder, and those of its layers' packages.

    `replaced` has texts that stand for files of code, by their paths in the project. `places` is what becomes
    of readings in calm, where that is known already. `left_out` are the keys of functions that are not
    simulated: those that are not Python in a folder. `unknown` are the rules and events that are not, with
    the reasons.
    """

    shape: Shape
    root: Path
    packages: tuple[str, ...] = ()
    replaced: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, laws.Place] | None = None
    left_out: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@contextmanager
def subject(pipeline: Pipeline, root: Path, cache: Path, say: Say) -> Iterator[Subject]:
    """The functions of a pipeline in temporary folders; RemoteError where a layer cannot be built."""
    nobody = Credentials("simulated", "simulated")
    place = Place(root=root, cache=cache, region=pipeline.region, account=ACCOUNT, credentials=nobody)
    with ExitStack() as stack:
        code: dict[str, tuple[Path, ...]] = {}
        packages: dict[str, None] = {}
        for function in pipeline.all(Function):
            if function.read:
                made = stack.enter_context(folders(function, place, say))
                code[function.key] = (made.task,)
                packages |= {str(layer): None for layer in made.layers}
        left_out = tuple(one.key for one in pipeline.all(Function) if one.key not in code)
        yield Subject(
            shape_of(pipeline, code),
            root,
            tuple(packages),
            left_out=left_out,
            unknown=(
                *unknown_rules(pipeline),
                *unknown_triggers(pipeline),
                *unknown_events(pipeline),
                *unknown_endpoints(pipeline),
            ),
        )
