"""What workflows cost: standard ones by transition, express ones by start and duration.

https://aws.amazon.com/step-functions/pricing/
"""

from collections.abc import Iterator

from iotgen.kinds.workflows.structure import every_state
from iotgen.kinds.workflows.workflow import Workflow
from iotgen.model.cost import SECONDS, Amounts, Charge, Costs, Scope, Use, Work

# Assumed of an express execution: a second, in the least memory that is billed.
_EXPRESS_GB_SECONDS = 0.0625


def _charges(workflow: Workflow, uses: tuple[Use, ...], _scope: Scope) -> Iterator[Charge]:
    """Those that functions start, and those that start by themselves; each state is taken to run once."""
    path = f"workflow {workflow.key}"
    for use in uses:
        yield from _executions(workflow, use.get("executions"), path)
    own = sum(trigger.per_second for trigger in workflow.triggers) * SECONDS
    yield from _executions(workflow, own, path)


def _executions(workflow: Workflow, number: float, path: str) -> Iterator[Charge]:
    if not number:
        return
    if workflow.is_express:
        yield Charge("states.requests", number, path)
        yield Charge("states.duration", number * _EXPRESS_GB_SECONDS, path)
        return
    steps = sum(1 for _ in every_state(workflow.definition.data)) + 1  # the start is one, too
    yield Charge("states.transitions", number * steps, path)


def _started(work: Work) -> Amounts:
    return {"executions": work.calls}


def _nothing(_work: Work) -> Amounts:
    """Looking at executions, stopping them and answering their tasks cost nothing."""
    return {}


WORKFLOW_COSTS: Costs[Workflow] = Costs(
    charges=_charges,
    calls={
        **dict.fromkeys(("start", "start_sync"), _started),
        **dict.fromkeys(("stop", "describe", "history", "list", "answer"), _nothing),
    },
    per_reading={},
    apart=True,
    levers=(),
)
