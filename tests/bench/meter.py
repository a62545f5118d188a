"""Counts what AWS bills for, from the calls that clients really make."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# aws.amazon.com/sqs/pricing: every 64 KB of a payload is a request, also of a batch, sent or received.
_SQS_CHUNK = 64 * 1024
# docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html: an item's write costs a
# unit for each KB begun; a query that may lag behind writes half a unit for each 4 KB begun of what it read.
_WRITE_UNIT = 1024
_READ_UNIT = 4 * 1024


@dataclass
class Usage:
    """What was used.

    `writes` are DynamoDB's write request units and `reads` halves of its read request units, by table.
    `parameter_calls` go by function. `function_calls` are the AWS calls that functions waited for; `messages`
    are those sent to a queue, which are not billed as such. `rows` are the items of batch writes, `read_rows`
    those that queries gave, `puts` single writes, by table; `*_bytes` what these items, messages, answers and
    objects hold.
    """

    api_requests: int = 0
    invocations: int = 0
    function_calls: int = 0
    writes: Counter[str] = field(default_factory=Counter)
    reads: Counter[str] = field(default_factory=Counter)
    sqs_requests: int = 0
    messages: int = 0
    notifications: int = 0
    parameter_calls: Counter[str] = field(default_factory=Counter)
    s3_puts: int = 0
    s3_gets: int = 0
    log_bytes: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    row_bytes: Counter[str] = field(default_factory=Counter)
    puts: Counter[str] = field(default_factory=Counter)
    queries: Counter[str] = field(default_factory=Counter)
    read_rows: Counter[str] = field(default_factory=Counter)
    message_bytes: int = 0
    response_bytes: int = 0


@dataclass
class Meter:
    """Adds up the usage of the clients that it watches."""

    usage: Usage = field(default_factory=Usage)

    def watch(self, client: Any, function: str = "") -> None:
        """Count a client's calls from now on; `function` names whose they are, if they are a function's."""

        def before(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
            context["sent"] = params["body"]

        def after(model: Any, context: Mapping[str, Any], parsed: Mapping[str, Any], **_: Any) -> None:
            # An operation that is not listed has no price: the KeyError tells.
            _COUNTS[model.name](self.usage, Call(function, context["sent"], parsed))
            self.usage.function_calls += bool(function)

        client.meta.events.register("before-call", before)
        client.meta.events.register("after-call", after)


@dataclass(frozen=True)
class Call:
    """One call of a client: the function that made it, the body that was sent, and the answer."""

    function: str
    body: Any
    answer: Mapping[str, Any]

    @property
    def request(self) -> Any:
        """The body of a service that speaks JSON."""
        return json.loads(self.body)


def item_size(item: Mapping[str, Any]) -> int:
    """Give an item's bytes as DynamoDB counts them, of its attributes in DynamoDB's JSON.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(attribute: Mapping[str, Any]) -> int:
    [(kind, value)] = attribute.items()
    if kind == "S":
        return len(value.encode())
    if kind == "N":
        return _number_size(value)
    if kind == "M":
        return 3 + item_size(value) + len(value)
    if kind == "L":
        return 3 + sum(_value_size(element) + 1 for element in value)
    if kind in ("BOOL", "NULL"):
        return 1
    raise ValueError(f"{kind} is no type that handlers write")


def _number_size(text: str) -> int:
    """A byte for each two significant digits, one more for the exponent, and one for a minus."""
    digits = text.lower().partition("e")[0].lstrip("-").replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")


def _units(size: int, unit: int) -> int:
    return max(1, -(-size // unit))


def _batch_write(usage: Usage, call: Call) -> None:
    for table, requests in call.request["RequestItems"].items():
        for request in requests:
            size = item_size(request["PutRequest"]["Item"])
            usage.writes[table] += _units(size, _WRITE_UNIT)
            usage.rows[table] += 1
            usage.row_bytes[table] += size


def _put_item(usage: Usage, call: Call) -> None:
    """A conditional write costs the same whether the condition holds or not."""
    usage.writes[call.request["TableName"]] += _units(item_size(call.request["Item"]), _WRITE_UNIT)
    usage.puts[call.request["TableName"]] += 1


def _query(usage: Usage, call: Call) -> None:
    size = sum(item_size(item) for item in call.answer["Items"])
    usage.reads[call.request["TableName"]] += _units(size, _READ_UNIT)
    usage.queries[call.request["TableName"]] += 1
    usage.read_rows[call.request["TableName"]] += len(call.answer["Items"])


def _send(usage: Usage, call: Call) -> None:
    bodies = [entry["MessageBody"].encode() for entry in call.request["Entries"]]
    usage.messages += len(bodies)
    usage.message_bytes += sum(map(len, bodies))
    usage.sqs_requests += _units(sum(map(len, bodies)), _SQS_CHUNK)


def _receive(usage: Usage, call: Call) -> None:
    bodies = [message["Body"].encode() for message in call.answer.get("Messages", ())]
    usage.sqs_requests += _units(sum(map(len, bodies)), _SQS_CHUNK)


def _delete(usage: Usage, _: Call) -> None:
    usage.sqs_requests += 1


def _publish(usage: Usage, _: Call) -> None:
    usage.notifications += 1


def _get_parameter(usage: Usage, call: Call) -> None:
    usage.parameter_calls[call.function] += 1


def _put_object(usage: Usage, _: Call) -> None:
    usage.s3_puts += 1


def _get_object(usage: Usage, _: Call) -> None:
    usage.s3_gets += 1


_COUNTS: dict[str, Callable[[Usage, Call], None]] = {
    "BatchWriteItem": _batch_write,
    "PutItem": _put_item,
    "Query": _query,
    "SendMessageBatch": _send,
    "ReceiveMessage": _receive,
    "DeleteMessageBatch": _delete,
    "Publish": _publish,
    "GetParameter": _get_parameter,
    "PutObject": _put_object,
    "GetObject": _get_object,
}
