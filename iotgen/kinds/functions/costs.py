"""What functions cost: invocations, their duration by memory and processor, logs, traces and metrics."""

from collections.abc import Iterator
from dataclasses import replace

from iotgen.kinds.functions.function import Function
from iotgen.model.cost import Amounts, Charge, Costs, Lever, Scope, Use, Work, logged

_MIB = 1024
_LEAST_MEMORY = 128
_SHORT_RETENTION = 7


def _charges(function: Function, uses: tuple[Use, ...], scope: Scope) -> Iterator[Charge]:
    for use in uses:
        yield Charge("lambda.requests", use.get("invocations"), use.path)
        gb_seconds = use.get("seconds") * function.memory / _MIB
        yield Charge(f"lambda.{function.architecture}", gb_seconds, use.path)
        yield Charge("xray.traces", use.get("traces"), use.path)
        yield Charge("cloudwatch.metrics", use.get("metrics"), "metrics")
        yield from logged(use.get("log_bytes"), function.log_retention_days, use.path, scope)


def _invoked(work: Work) -> Amounts:
    return {"invocations": work.calls}


def _on_arm(functions: tuple[Function, ...]) -> tuple[Function, ...]:
    return tuple(replace(function, architecture="arm64") for function in functions)


def _with_half_the_memory(functions: tuple[Function, ...]) -> tuple[Function, ...]:
    return tuple(replace(function, memory=max(_LEAST_MEMORY, function.memory // 2)) for function in functions)


def _logging_less(functions: tuple[Function, ...]) -> tuple[Function, ...]:
    return tuple(
        function if function.log_level == "ERROR" else replace(function, log_level="WARN")
        for function in functions
    )


def _keeping_logs_for_a_week(functions: tuple[Function, ...]) -> tuple[Function, ...]:
    return tuple(
        replace(function, log_retention_days=min(function.log_retention_days, _SHORT_RETENTION))
        for function in functions
    )


FUNCTION_COSTS: Costs[Function] = Costs(
    charges=_charges,
    # How long what is invoked takes is not known.
    calls={"invoke": _invoked},
    per_reading={},
    apart=False,
    levers=(
        Lever(setting="architecture: arm64", change=_on_arm),
        Lever(setting="half the memory", change=_with_half_the_memory),
        Lever(setting="log_level: WARN", change=_logging_less),
        Lever(setting=f"log_retention_days: {_SHORT_RETENTION}", change=_keeping_logs_for_a_week),
    ),
)
