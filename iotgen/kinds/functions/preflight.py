"""What an account must have for the functions: concurrency, a supported runtime, and free names."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from iotgen.kinds.functions.function import Function
from iotgen.kinds.functions.managed import managed_preflight
from iotgen.kinds.functions.role import Service, role_preflight
from iotgen.model.dead_letters import dead_letter_preflight
from iotgen.model.preflight import Account, Check, Level
from iotgen.model.runtimes import END_OF_SUPPORT

# Lambda keeps this many concurrent executions of an account unreserved.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
UNRESERVED = 100
_NOTICE = timedelta(days=365)


def function_preflight(functions: tuple[Function, ...], account: Account) -> Iterator[Check]:
    """The reservations against the account's limit, the runtimes, and the names."""
    if any(function.reserved_concurrency for function in functions):
        yield _concurrency(functions, account.client("lambda"))
    yield from _runtimes(functions, account)
    yield from _names(functions, account)
    yield from dead_letter_preflight(functions, account)


def _concurrency(functions: tuple[Function, ...], client: Any) -> Check:
    limit = client.get_account_settings()["AccountLimit"]
    total, free = limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"] - UNRESERVED
    missing = sum(
        (function.reserved_concurrency or 0) - _reserved(client, function.name) for function in functions
    )
    path = next(function for function in functions if function.reserved_concurrency).setting(
        "reserved_concurrency"
    )
    if missing <= max(0, free):
        message = f"{max(0, missing)} executions to reserve, and {max(0, free)} of {total} can be reserved"
        return Check(level=Level.OK, about="concurrency", message=message)
    return Check(
        level=Level.ERROR,
        about="concurrency",
        message=(
            f"the functions reserve {missing} more concurrent executions, and the account can reserve "
            f"{max(0, free)}: its limit is {total}, of which {UNRESERVED} stay unreserved"
        ),
        hint="Raise `Concurrent executions` of Lambda in Service Quotas, or lower `reserved_concurrency`.",
        path=path,
    )


def _reserved(client: Any, name: str) -> int:
    """The reservation that a deployed function has."""
    try:
        return int(client.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions", 0))
    except client.exceptions.ResourceNotFoundException:
        return 0


def _runtimes(functions: tuple[Function, ...], account: Account) -> Iterator[Check]:
    for runtime in sorted({function.runtime for function in functions if function.runtime}):
        end = END_OF_SUPPORT[runtime]
        user = next(function for function in functions if function.runtime == runtime)
        level = Level.OK if account.today < end - _NOTICE else Level.WARNING
        hint = "" if level is Level.OK else "Move to a later runtime: see `iotgen explain IOT308`."
        message = f"AWS supports {runtime} until {end}"
        yield Check(level=level, about="runtime", message=message, hint=hint, path=user.setting("runtime"))


def _names(functions: tuple[Function, ...], account: Account) -> Iterator[Check]:
    client, logs = account.client("lambda"), account.client("logs")
    for function in functions:
        name = function.name
        if arn := _function_arn(client, name):
            yield from account.taken("the function", name, function.path, arn)
        group = function.log_group
        if any(one["logGroupName"] == group for one in _log_groups(logs, group)):
            arn = account.arn("logs", f"log-group:{group}")
            yield from account.taken("the log group", group, function.path, arn)
        yield from _roles(function, account)
        if function.rollout:
            yield from _application(function, account)
        for trigger in function.triggers:
            yield from trigger.preflight(account)


def _roles(function: Function, account: Account) -> Iterator[Check]:
    """The role that exists already, the names of those that iotgen makes, and their policies."""
    made = [function.rollout_role] if function.rollout else []
    if function.runs_as.existing:
        yield from role_preflight(account, function.runs_as, Service.LAMBDA)
    else:
        yield from managed_preflight(account, function.runs_as.name, function.managed)
        made = [function.runs_as.name, *made]
    for role in made:
        if account.role_is_ours(role) is False:
            yield from account.taken("the role", role, function.path, "")


def _application(function: Function, account: Account) -> Iterator[Check]:
    """The application of CodeDeploy, of whose tags only CodeDeploy knows."""
    client = account.client("codedeploy")
    try:
        client.get_application(applicationName=function.name)
    except client.exceptions.ApplicationDoesNotExistException:
        return
    there = account.arn("codedeploy", f"application:{function.name}")
    tags = client.list_tags_for_resource(ResourceArn=there)["Tags"]
    if not account.tags.items() <= {tag["Key"]: tag.get("Value") for tag in tags}.items():
        yield from account.taken("the CodeDeploy application", function.name, function.path, there)


def _function_arn(client: Any, name: str) -> str:
    """The ARN of a function, empty if there is none."""
    try:
        return str(client.get_function_configuration(FunctionName=name)["FunctionArn"])
    except client.exceptions.ResourceNotFoundException:
        return ""


def _log_groups(logs: Any, prefix: str) -> list[dict[str, Any]]:
    # The group itself is the first of those that begin with its name.
    groups: list[dict[str, Any]] = logs.describe_log_groups(logGroupNamePrefix=prefix, limit=1)["logGroups"]
    return groups
