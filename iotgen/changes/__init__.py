"""Changes of deployed resources that an apply cannot make, detected in Terraform's state before the plan.

Terraform would replace a table or a bucket by an empty one, reset a secret, leave everything behind in
another region, or do nothing at all: the AWS provider ignores a new type of a table's key and a removed
`ttl`, and it writes a secure parameter only together with its value, which it does not know.
"""

from collections.abc import Iterator

from iotgen.changes.region import region_changes
from iotgen.kinds import KINDS
from iotgen.model.change import Deployed
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import steps
from iotgen.problem import Finding, Problem
from iotgen.spec.document import Document


def problems(pipeline: Pipeline, document: Document, deployed: Deployed) -> tuple[Problem, ...]:
    """Each change that an apply cannot make: an error where it would fail or lose something."""
    deployed = _moved(pipeline, deployed)
    # In another region everything differs, so a problem for each table and bucket would add nothing.
    changes = [*region_changes(pipeline, deployed)] or _of_kinds(pipeline, deployed)
    return tuple(sorted(map(document.problem, changes)))


def _moved(pipeline: Pipeline, deployed: Deployed) -> Deployed:
    """What is deployed, under the addresses of today: a renamed resource may still have an earlier one."""
    moved = dict(deployed)
    for kind in KINDS:
        for resource in kind.of(pipeline):
            for old, new in steps(resource.former, resource.label):
                if (there := f"{kind.address}.{old}") in moved:
                    moved.setdefault(f"{kind.address}.{new}", moved.pop(there))
    return moved


def _of_kinds(pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    for kind in KINDS:
        if kind.changes:
            yield from kind.changes(kind.of(pipeline), pipeline, deployed)
