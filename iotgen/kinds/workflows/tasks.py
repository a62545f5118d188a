"""The tasks of a definition: which service each of them calls, with what arguments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from iotgen.problem import Path

# https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
_INTEGRATION = re.compile(
    r"arn:[^:]+:states:::(?P<sdk>aws-sdk:)?(?P<service>[A-Za-z0-9-]+):(?P<api>\w+)"
    r"(?P<pattern>(?:\.(?:sync(?::2)?|waitForTaskToken))?)"
)
# As boto3 calls them.
_SERVICES = {"states": "stepfunctions", "sfn": "stepfunctions", "eventbridge": "events"}
_ARGUMENTS = ("Arguments", "Parameters")


@dataclass(frozen=True)
class Task:
    """A call at `path` of the definition: `method` of a `service`, both as boto3 names them.

    `action` is that of IAM by AWS's rule, `pattern` how the workflow waits for the end. `texts` are those of
    the arguments; the `resource` itself is one for a function that is called without an integration.
    """

    path: Path
    resource: str
    service: str
    method: str
    action: str
    pattern: str
    arguments: Any = field(hash=False)
    texts: tuple[str, ...]


def tasks(data: Any, path: Path = ()) -> Iterator[Task]:
    """Each task, and each reader or writer of a map's items, wherever it stands in the definition."""
    if isinstance(data, dict):
        resource = data.get("Resource")
        if isinstance(resource, str):
            arguments: Any = next((data[name] for name in _ARGUMENTS if name in data), {})
            yield task(resource, arguments, (*path, "Resource"))
        for key, value in data.items():
            if key not in _ARGUMENTS:
                yield from tasks(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from tasks(value, (*path, index))


def task(resource: str, arguments: Any, path: Path) -> Task:
    """The task that calls a resource."""
    match = _INTEGRATION.fullmatch(resource)
    if match is None:
        lambda_ = _activity(resource) is None
        service, api = ("lambda", "invoke") if lambda_ else ("", "")
        action = "lambda:InvokeFunction" if lambda_ else ""
        return Task(path, resource, service, api, action, "", {}, (resource,))
    prefix, api = match["service"], match["api"]
    service = _SERVICES.get(prefix, prefix)
    iam = {"stepfunctions": "states"}.get(service, service)
    invokes = service == "lambda" and api == "invoke"
    action = "lambda:InvokeFunction" if invokes else f"{iam}:{api[:1].upper()}{api[1:]}"
    texts = tuple(_texts(arguments))
    return Task(path, resource, service, _snake(api), action, match["pattern"], arguments, texts)


def _activity(resource: str) -> re.Match[str] | None:
    """An activity, for which the role needs nothing: its workers ask for work by themselves."""
    return re.fullmatch(r"arn:[^:]+:states:[^:]+:[^:]+:activity:.+", resource)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _snake(api: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", api).lower()
