"""Finds where a pipeline receives and stores readings, from its outputs and from AWS."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.errors import IotgenError
from iotgen.simulate import wiring
from iotgen.simulate.clients import Clients
from iotgen.simulate.places import Places, Table, To


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The user's choice among several endpoints, buckets or tables; None or empty selects by the deployment.

    `bucket` and `tables` are keys of the spec. `topic` has `{device}` in it. `rejected` is the prefix under
    which the handlers of objects put rejected content.
    """

    to: To | None = None
    path: str | None = None
    bucket: str | None = None
    prefix: str | None = None
    topic: str | None = None
    tables: tuple[str, ...] = ()
    rejected: str = "rejected/"


def find_places(outputs: Mapping[str, Any], clients: Clients, choice: Choice, *, verify: bool) -> Places:
    """The places of a deployment with these outputs; tables are only needed to `verify`.

    Raises IotgenError if there is no such place, or if the user has to choose one; RemoteError if AWS cannot
    be reached.
    """
    to = choice.to or _best(outputs, choice)
    queues = tuple(_named(outputs, "queue_urls").values())
    dead = tuple(_named(outputs, "dead_letter_queue_urls").values())
    tables = _tables(outputs, clients, choice, to, queues) if verify else ()
    if to is To.API:
        path = _path(outputs, clients, choice, queues)
        return Places(to=to, path=path, tables=tables, queues=queues, dead_letter_queues=dead)
    if to is To.MQTT:
        topic = _topic(outputs, clients) if choice.topic is None else choice.topic
        return Places(to=to, topic=topic, tables=tables, queues=queues, dead_letter_queues=dead)
    bucket = _bucket(_named(outputs, "bucket_names"), choice.bucket)
    return Places(
        to=to,
        bucket=bucket,
        prefix=_prefix(clients, bucket) if choice.prefix is None else choice.prefix,
        rejected=choice.rejected,
        tables=tables,
        queues=queues,
        dead_letter_queues=dead,
    )


def _best(outputs: Mapping[str, Any], choice: Choice) -> To:
    """What the user names a part of; otherwise the API with a POST endpoint, the bucket, or the rule."""
    if choice.path is not None:
        return To.API
    if choice.topic is not None:
        return To.MQTT
    if choice.bucket is not None or choice.prefix is not None:
        return To.BUCKET
    if _posts(outputs):
        return To.API
    if _named(outputs, "bucket_names"):
        return To.BUCKET
    return To.MQTT if _named(outputs, "rule_names") else To.API


def _named(outputs: Mapping[str, Any], output: str) -> dict[str, str]:
    return {str(key): str(value) for key, value in (outputs.get(output) or {}).items()}


def _calls(outputs: Mapping[str, Any]) -> dict[str, str]:
    """The endpoints, those for signed calls first."""
    names = ("caller_policy_arns", "open_endpoints", "limited_endpoints")
    return {endpoint: value for name in names for endpoint, value in _named(outputs, name).items()}


def _posts(outputs: Mapping[str, Any]) -> list[str]:
    """The paths of the POST endpoints; the output has a key such as `POST /path` for each."""
    calls = (endpoint.split(" ", 1) for endpoint in _calls(outputs))
    return [path for method, path in calls if method in ("POST", "ANY")]


def _path(outputs: Mapping[str, Any], clients: Clients, choice: Choice, queues: Iterable[str]) -> str:
    """The path to send readings to; of several, the one whose function no queue triggers."""
    if "api_endpoint" not in outputs:
        raise IotgenError("this pipeline has no API", "Send to its bucket with `--to bucket`.")
    if choice.path is not None:
        return f"/{choice.path.strip('/')}"
    paths = _posts(outputs)
    if not paths and (guarded := _named(outputs, "guarded_endpoints")):
        problem = f"`{next(iter(guarded))}` asks for a key or a token, and readings are sent signed"
        raise IotgenError(problem, "Add a POST endpoint with `auth: iam` to `endpoints`.")
    if not paths:
        raise IotgenError("this pipeline has no POST endpoint", "Add one to `endpoints`.")
    if len(paths) > 1:
        behind = _behind(clients, queues)
        paths = [path for path in paths if _pattern(path) not in behind] or paths
    if len(paths) > 1:
        listed = " and ".join(f"`{path}`" for path in paths)
        raise IotgenError(f"this pipeline has POST endpoints at {listed}", "Choose one with `--path`.")
    if "{" in paths[0]:
        raise IotgenError(
            f"the path `{paths[0]}` has a variable", "Choose a path without variables with `--path`."
        )
    return paths[0]


def _behind(clients: Clients, queues: Iterable[str]) -> set[str]:
    """The POST paths of the functions that queues trigger: their readings arrive through another endpoint."""
    functions = wiring.consumers(clients, queues)
    calls = (call for function in functions for call in wiring.endpoints(clients, function))
    return {path for method, path in calls if method in ("POST", "*")}


def _pattern(path: str) -> str:
    """A path in the form of permissions, with `*` for variables."""
    return "/".join("*" if part.startswith("{") else part for part in path.split("/"))


def _bucket(names: Mapping[str, str], key: str | None) -> str:
    if not names:
        raise IotgenError("this pipeline has neither an API nor a bucket to send readings to")
    if key is None and len(names) == 1:
        return next(iter(names.values()))
    if key in names:
        return names[key or ""]
    problem = f"there is no bucket `{key}`" if key else "this pipeline has more than one bucket"
    raise IotgenError(problem, f"Choose with `--bucket`: {', '.join(sorted(names))}.")


def _prefix(clients: Clients, bucket: str) -> str:
    prefixes = wiring.watched(clients, bucket)
    if not prefixes:
        raise IotgenError(
            f"the bucket {bucket} triggers no function",
            "Choose another one with `--bucket`, or the API with `--to api`.",
        )
    if len(prefixes) > 1:
        listed = " and ".join(f"`{prefix}`" for prefix in prefixes)
        raise IotgenError(f"the bucket {bucket} has triggers on {listed}", "Choose one with `--prefix`.")
    return prefixes[0]


def _topic(outputs: Mapping[str, Any], clients: Clients) -> str:
    """The topic of each device, from what the only rule listens to."""
    rules = _named(outputs, "rule_names")
    if not rules:
        raise IotgenError("this pipeline has no rule that hears devices", "Name a topic with `--topic`.")
    filters = dict.fromkeys(wiring.heard(clients, rule) for rule in rules.values())
    devices = [one.replace("+", "{device}") for one in filters if one.count("+") == 1 and "#" not in one]
    if len(devices) == 1:
        return devices[0]
    listed = " and ".join(f"`{one}`" for one in filters)
    hint = "Name the topic with `--topic`, such as `dt/{device}/telemetry`."
    raise IotgenError(f"the rules of this pipeline listen to {listed}", hint)


def _tables(
    outputs: Mapping[str, Any], clients: Clients, choice: Choice, to: To, queues: Iterable[str]
) -> tuple[Table, ...]:
    """The tables that the user names, or all: each must have every reading."""
    names = _named(outputs, "table_names")
    unknown = [key for key in choice.tables if key not in names]
    if unknown or not names:
        problem = f"there is no table `{unknown[0]}`" if unknown else "this pipeline has no table"
        hint = f"Choose with `--table`: {', '.join(sorted(names))}." if names else "Omit `--verify`."
        raise IotgenError(f"cannot verify: {problem}", hint)
    late = set(names.values()) if to is not To.API else _behind_queues(clients, queues)
    return tuple(_table(clients, key, names[key], late) for key in choice.tables or names)


def _behind_queues(clients: Clients, queues: Iterable[str]) -> set[str]:
    """The values of the environment variables of functions that a queue triggers."""
    functions = wiring.consumers(clients, queues)
    return {name for function in functions for name in wiring.environment(clients, function)}


def _table(clients: Clients, key: str, name: str, late: Collection[str]) -> Table:
    attributes = wiring.key_of(clients, name)
    if "RANGE" not in attributes:
        raise IotgenError(
            f"the table `{key}` has no sort key, so it cannot have a row for each reading",
            "Choose tables with a sort key with `--table`.",
        )
    return Table(key, name, attributes["HASH"], attributes["RANGE"], name in late)
