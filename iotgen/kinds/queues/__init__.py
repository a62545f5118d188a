"""Queues: messages that wait for a function, in SQS."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from iotgen.kinds.accepting import Accepted, accepted, users_drawing
from iotgen.kinds.queues.contents import queue_contents
from iotgen.kinds.queues.status import QUEUE_STATUS
from iotgen.kinds.wiring import Senders, senders
from iotgen.model.access import Access, Variable, Verb, only_statement
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.arn import arn
from iotgen.model.change import Deployed, loses, named_anew
from iotgen.model.context import Context
from iotgen.model.cost import Amounts, Charge, Costs, Scope, Use, Work, units
from iotgen.model.dead_letters import (
    AGE,
    Holder,
    Retry,
    dead_letter_alarms,
    dead_letter_name,
    dead_letter_outputs,
    dead_letter_preflight,
    dead_letter_rendering,
    dead_letters,
    dead_letters_of,
    queue_taken,
)
from iotgen.model.derived import Derived
from iotgen.model.drawing import Edge, Node, Style
from iotgen.model.expression import Expression, Joined, Reference
from iotgen.model.kind import Kind, Name, Resolving, Settings
from iotgen.model.live import Live
from iotgen.model.log_group import no_logs
from iotgen.model.outside import Form, Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.plural import lasting
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Digests, Output, Rendering, output_of
from iotgen.problem import Finding, Path

SECTION = "queues"
ADDRESS = "aws_sqs_queue"

# AWS's own advice for a queue that Lambda polls: room for the retries of a throttled batch.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
VISIBILITY_FACTOR = 6
# SQS's default, for a queue that no function reads.
_VISIBILITY = 30
# Each 64 KB of a payload are a request: https://aws.amazon.com/sqs/pricing/
REQUEST = 64 * 1024
# The seconds of what each setting of the retention counts; the first that there is holds.
_RETENTIONS = {"retention_minutes": 60, "retention_days": 86_400}
_DEAD_LETTER_NAME = "dead_letter_name"
# What a policy may allow others, by verb; the second is what Lambda and the SDKs need to poll.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html
ACCEPTED = {
    "send": ("sqs:SendMessage",),
    "receive": (
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
    ),
}

# In bytes.
_USUAL_SIZE = 256 * 1024


@dataclass(frozen=True, kw_only=True)
class Queue(Holder):
    """An SQS queue with its dead-letter queue; `max_message_size` is in bytes.

    `retention` is how long it keeps a message, in seconds, by the setting `retention_setting`.
    `kms_key` is the ARN of the KMS key that encrypts it, None with SQS's own. `senders` are the services that
    its policy lets send to it, `accepted` those that the spec lists. `dead_letter_given` is the name that the
    spec gives its dead-letter queue, with its placeholders, `dead_letter_visibility` the visibility timeout
    that the functions need which its dead letters trigger.
    """

    max_receives: int
    visibility_timeout: int
    retention: int
    retention_setting: str
    delay: int
    max_message_size: int
    content_deduplication: bool
    high_throughput: bool
    kms_key: str | Expression | None
    senders: Senders
    accepted: tuple[Accepted, ...]
    dead_letter_given: str = ""
    dead_letter_visibility: int | None = None

    @property
    def is_large(self) -> bool:
        """Whether it takes larger messages than those that every provider makes queues for."""
        return self.max_message_size > _USUAL_SIZE

    @property
    def least_provider(self) -> tuple[int, int] | None:
        """The first provider that makes a queue for such messages, which SQS takes since August 2025.

        https://github.com/hashicorp/terraform-provider-aws/blob/v6.8.0/CHANGELOG.md
        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
        """
        return (6, 8) if self.is_large else None

    @property
    def dead_letter_named_at(self) -> Path:
        """Where the spec names its dead-letter queue."""
        return (*self.path, _DEAD_LETTER_NAME)

    @property
    def retention_text(self) -> str:
        """How long it keeps a message, in words."""
        return lasting(self.retention)

    @property
    def retry(self) -> Retry:
        """By sending them to the queue."""
        return Retry.MESSAGE


def _resolve(context: Resolving) -> tuple[Queue, ...]:
    return tuple(
        Queue(
            **context.renamable(key, path),
            **dead_letters(dead_letters_of(context, key), f"{key}-dlq", context.kms_key(SECTION, key)),
            kms_key=context.kms_key(SECTION, key),
            max_receives=settings["max_receives"],
            visibility_timeout=settings.get("visibility_timeout", _visibility(context, key)),
            **_retention(settings),
            delay=settings["delay"],
            max_message_size=settings["max_message_size"],
            fifo=settings["fifo"],
            content_deduplication=settings["content_deduplication"],
            high_throughput=settings["high_throughput"],
            senders=senders(context, SECTION, key),
            accepted=accepted(context, SECTION, key, ACCEPTED),
            dead_letter_visibility=max(_needed(context, "dead_letters", key), default=None),
            dead_letter_given=settings.get(_DEAD_LETTER_NAME, ""),
        )
        for key, settings, path in context.entries(SECTION)
    )


def _retention(settings: Settings) -> dict[str, Any]:
    """How long messages are kept; days have a default."""
    setting = next(one for one in _RETENTIONS if one in settings)
    return {"retention": settings[setting] * _RETENTIONS[setting], "retention_setting": setting}


def _visibility(context: Context, queue: str) -> int:
    """The visibility timeout that the slowest consumer of `queue` needs, in seconds."""
    return max(_needed(context, "queue", queue), default=_VISIBILITY)


def _needed(context: Context, word: str, queue: str) -> tuple[int, ...]:
    """What the triggers by messages, or by dead letters, of a queue need."""
    return tuple(
        VISIBILITY_FACTOR * function["timeout"] + trigger["batch_window"]
        for function in context.functions()
        for trigger in function["triggers"]
        if trigger.get(word) == queue
    )


def _names(queue: Queue) -> Iterator[Name]:
    yield Name(what="a queue", text=queue.name, space="queue", most=80)
    own = dead_letter_name(queue)
    given = bool(queue.dead_letter_given)
    yield replace(own, path=queue.dead_letter_named_at, given=True) if given else own


def _preflight(queues: tuple[Queue, ...], account: Account) -> Iterator[Check]:
    """The names of queues and their dead-letter queues that are taken."""
    for queue in queues:
        yield from queue_taken("the queue", queue.name, queue.path, account)
    yield from dead_letter_preflight(queues, account)


def _render(queues: tuple[Queue, ...], _digests: Digests) -> Iterator[Rendering]:
    for queue in queues:
        yield Rendering(SECTION, queue.path, "queue", {"queue": queue}, moved=queue.moved)
        size = queue.max_message_size if queue.is_large else None
        visibility = queue.dead_letter_visibility
        yield dead_letter_rendering(SECTION, queue, queue.name, size=size, visibility=visibility)


def _outputs(queues: tuple[Queue, ...]) -> tuple[Output, ...]:
    labels = {queue.key: queue.label for queue in queues}
    urls = output_of("queue_urls", "The queues' URLs", labels, f"{ADDRESS}.url")
    return (*urls, *dead_letter_outputs(queues))


def _alarms(make: AlarmMaker, settings: Settings, queues: tuple[Queue, ...]) -> Iterator[Alarm]:
    """The age of messages in each queue, and its dead letters.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    """
    age = settings[SECTION]["age"]
    for queue in queues:
        if age:
            own = {"QueueName": Reference(f"{ADDRESS}.{queue.label}.name")}
            description = f"The oldest message of {queue.name} has waited {age} seconds"
            yield make(
                key=f"{queue.key}-age",
                path=queue.path,
                description=description,
                metric=AGE,
                dimensions=own,
                threshold=age,
                statistic="Maximum",
            )
        yield from dead_letter_alarms(make, settings, queue)


def _changes(queues: tuple[Queue, ...], pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """A queue with another name, or that becomes FIFO, or standard: SQS makes it one or the other once.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-moving.html
    """
    for queue in queues:
        there = deployed.get(f"{ADDRESS}.{queue.label}")
        if there and bool(there.get("fifo_queue")) != queue.fifo:
            is_now = "a standard" if queue.fifo else "a FIFO"
            yield loses(
                (*queue.path, "fifo"),
                f"the queue `{queue.key}` is deployed as {is_now} queue, and SQS cannot change that: "
                "the queue would be replaced by an empty one",
                f"Add a queue under another key, such as `{queue.key}-2`, and remove this one once empty.",
            )
        elif there:
            yield from named_anew(queue, "queue", there, pipeline.suffix)
            yield from _dead_letters_named_anew(queue, deployed)


def _dead_letters_named_anew(queue: Queue, deployed: Deployed) -> Iterator[Finding]:
    there = deployed.get(f"{ADDRESS}.{queue.dead_letter_label}")
    if there and there["name"] != queue.dead_letter_name:
        place = queue.dead_letter_named_at if queue.dead_letter_given else queue.path
        yield loses(
            place,
            f"the dead-letter queue of `{queue.key}` is deployed as `{there['name']}`: "
            f"named `{queue.dead_letter_name}`, it would be a new, empty one",
            f"Redrive its messages first, by `iotgen dlq redrive {queue.dead_letter_key}`, or keep the name.",
        )


def _live_url(at: Live, queue: Queue) -> str:
    # A URL is to be asked for, and not made of its parts.
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
    return str(at.client("sqs").get_queue_url(QueueName=queue.name)["QueueUrl"])


def _live_dead_letter_url(at: Live, queue: Queue) -> str:
    return str(at.client("sqs").get_queue_url(QueueName=queue.dead_letter_name)["QueueUrl"])


def _derived(queue: Queue) -> Iterator[Derived]:
    source = f"{VISIBILITY_FACTOR} times the timeout of its slowest function, and its batch window"
    yield Derived((*queue.path, "visibility_timeout"), queue.visibility_timeout, source)


_STYLE = Style(
    name="queue",
    hue=322,
    icon="M2 8h5v8H2zM9.5 8h5v8h-5zM17 12h5M19.5 9.5 22 12l-2.5 2.5",
    shape=("[[", "]]"),
)


def _drawing(queues: tuple[Queue, ...], _pipeline: Pipeline) -> Iterator[Node | Edge]:
    for queue in queues:
        yield from users_drawing(queue.path, queue.accepted)
        yield Node(
            id=queue.path,
            noun="queue",
            title=queue.key,
            note="SQS · FIFO" if queue.fifo else "SQS",
            style=_STYLE,
            dead_letters="dead letters",
        )


def _arn(context: Context, key: str, verb: Any) -> Joined:
    if str(verb).split("-")[0] in _REJECTED:
        return arn("sqs", context.region, dead_letters_of(context, key))
    return context.arn(SECTION, key)


def _own_arn(context: Context, key: str) -> Joined:
    return arn("sqs", context.region, context.name_of(SECTION, key))


def _is_read(context: Context, key: str) -> bool:
    """Whether a function, a rule, a workflow, a variable or an output needs the queue's URL."""
    named = (*_rule_targets(context), *_variables(context), *context.data["outputs"].values())
    accessed = any(key in one["access"].get(SECTION, ()) for one in context.functions())
    return accessed or _is_in_workflow(context, key) or any(one.get("queue") == key for one in named)


def _variables(context: Context) -> Iterator[Settings]:
    """The variables of functions that have a URL."""
    for function in context.functions():
        for one in function["environment"].values():
            if isinstance(one, Mapping) and one.get("attribute", "url") == "url":
                yield one


def _is_in_workflow(context: Context, key: str) -> bool:
    """Whether the definition of a workflow refers to the queue by its URL."""
    mark = f"${{{SECTION}.{key}}}"
    for one in context.data["workflows"].values():
        written = one.get("definition")
        text = context.sources.text(written) if isinstance(written, str) else json.dumps(written)
        if mark in (text or "") or any(mark in value for value in one["substitutions"].values()):
            return True
    return False


def _rule_targets(context: Context) -> Iterator[Settings]:
    """The targets of rules of AWS IoT, those of functions' triggers too."""
    for rule in context.data["rules"].values():
        yield from (*rule["to"], rule.get("on_error", {}))
    for function in context.functions():
        yield from (trigger.get("on_error", {}) for trigger in function["triggers"])


def _there(live: Live, queue: Outside) -> None:
    owner = {"QueueOwnerAWSAccountId": queue.account} if queue.account else {}
    live.client("sqs").get_queue_url(QueueName=queue.name, **owner)


def _charges(queue: Queue, uses: tuple[Use, ...], _scope: Scope) -> Iterator[Charge]:
    item = "sqs.fifo_requests" if queue.fifo else "sqs.requests"
    for use in uses:
        yield Charge(item, use.get("requests"), use.path)


def _sent(work: Work) -> Amounts:
    """Messages that are sent one at a time, or together up to the size of a request."""
    return {"requests": work.calls * units(work.bytes, REQUEST)}


def _asked(work: Work) -> Amounts:
    return {"requests": work.calls}


_SEND = frozenset({"send_message", "send_message_batch", "send_messages"})
_DEAD_LETTERS = Variable(
    prefix="DEAD_LETTER_QUEUE_", attribute="url", part="_dlq", live=_live_dead_letter_url
)
_REJECTED = {
    "reject": Verb(
        actions=("sqs:SendMessage",),
        method="send_message",
        methods=_SEND,
        variable=_DEAD_LETTERS,
        reads=False,
        phrase="put messages into the dead-letter queue of `{key}`",
    ),
    "receive_rejected": Verb(
        actions=("sqs:ReceiveMessage",),
        method="receive_message",
        methods=frozenset({"receive_message", "receive_messages"}),
        variable=_DEAD_LETTERS,
        reads=True,
        phrase="receive messages of the dead-letter queue of `{key}`",
    ),
    "delete_rejected": Verb(
        actions=("sqs:DeleteMessage",),
        method="delete_message",
        methods=frozenset({"delete_message", "delete_message_batch", "delete_messages", "delete"}),
        variable=_DEAD_LETTERS,
        reads=False,
        phrase="delete messages of the dead-letter queue of `{key}`",
    ),
    "count_rejected": Verb(
        actions=("sqs:GetQueueAttributes",),
        method="get_queue_attributes",
        methods=frozenset({"get_queue_attributes", "attributes"}),
        variable=_DEAD_LETTERS,
        reads=True,
        phrase="read the attributes of the dead-letter queue of `{key}`",
    ),
}

QUEUES = Kind(
    section=SECTION,
    noun="queue",
    type=Queue,
    address=ADDRESS,
    referred=True,
    used_in="the `access` or the `triggers` of a function",
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=_alarms,
    logs=no_logs,
    status=QUEUE_STATUS,
    traces=None,
    changes=_changes,
    contents=queue_contents,
    refuses=None,
    preflight=_preflight,
    in_spec=None,
    waits={ADDRESS: "the provider waits 25 s for each write of a queue's attributes"},
    renamable=True,
    access=Access(
        service="sqs",
        operations={
            "change_message_visibility": "sqs:ChangeMessageVisibility",
            "change_message_visibility_batch": "sqs:ChangeMessageVisibility",
            "create_queue": "sqs:CreateQueue",
            "delete_message": "sqs:DeleteMessage",
            "delete_message_batch": "sqs:DeleteMessage",
            "delete_queue": "sqs:DeleteQueue",
            "get_queue_attributes": "sqs:GetQueueAttributes",
            "get_queue_by_name": "sqs:GetQueueUrl",
            "get_queue_url": "sqs:GetQueueUrl",
            "list_queues": "sqs:ListQueues",
            "purge_queue": "sqs:PurgeQueue",
            "receive_message": "sqs:ReceiveMessage",
            "send_message": "sqs:SendMessage",
            "send_message_batch": "sqs:SendMessage",
            "send_messages": "sqs:SendMessage",
            "set_queue_attributes": "sqs:SetQueueAttributes",
            "start_message_move_task": "sqs:StartMessageMoveTask",
        },
        objects={
            "Queue": frozenset({"send_message", "send_messages"}),
            "get_queue_by_name": frozenset({"send_message", "send_messages"}),
        },
        address=ADDRESS,
        noun="queue",
        variable=Variable(prefix="QUEUE_", attribute="url", live=_live_url),
        phrase="{verbs} to the queue `{key}`",
        verbs={
            "receive": Verb(
                actions=("sqs:ReceiveMessage",),
                method="receive_message",
                methods=frozenset({"receive_message", "receive_messages"}),
                reads=True,
                phrase="{verbs} messages of the queue `{key}`",
            ),
            "delete": Verb(
                actions=("sqs:DeleteMessage",),
                method="delete_message",
                methods=frozenset({"delete_message", "delete_message_batch", "delete_messages", "delete"}),
                reads=False,
                phrase="{verbs} messages of the queue `{key}`",
            ),
            "extend": Verb(
                actions=("sqs:ChangeMessageVisibility",),
                method="change_message_visibility",
                methods=frozenset(
                    {"change_message_visibility", "change_message_visibility_batch", "change_visibility"}
                ),
                reads=False,
                phrase="extend the visibility timeout of messages of the queue `{key}`",
            ),
            "purge": Verb(
                actions=("sqs:PurgeQueue",),
                method="purge_queue",
                methods=frozenset({"purge_queue", "purge"}),
                reads=False,
                phrase="{verbs} the queue `{key}`",
            ),
            "attributes": Verb(
                actions=("sqs:GetQueueAttributes",),
                method="get_queue_attributes",
                methods=frozenset({"get_queue_attributes", "attributes"}),
                reads=True,
                phrase="read the attributes of the queue `{key}`",
            ),
            "url": Verb(
                actions=("sqs:GetQueueUrl",),
                method="get_queue_url",
                methods=frozenset({"get_queue_url", "get_queue_by_name"}),
                reads=True,
                phrase="look up the URL of the queue `{key}`",
            ),
            "send": Verb(actions=("sqs:SendMessage",), method="send_message", methods=_SEND, reads=False),
            **_REJECTED,
        },
        examples=("send", "reject"),
        through="sqs",
        arn=_arn,
        statements=only_statement,
    ),
    existing=Form(
        address=ADDRESS,
        service="sqs",
        within="",
        own=_own_arn,
        read=_is_read,
        there=_there,
        style=_STYLE,
    ),
    derived=_derived,
    drawing=_drawing,
    costs=Costs(
        charges=_charges,
        calls={
            **dict.fromkeys(("send", "reject"), _sent),
            **dict.fromkeys(("receive", "delete", "extend", "purge", "attributes", "url"), _asked),
            **dict.fromkeys(("receive_rejected", "delete_rejected", "count_rejected"), _asked),
        },
        per_reading={"reject": 0},  # nothing fails
        apart=True,
        levers=(),
    ),
)


def is_fifo(pipeline: Pipeline, key: str) -> bool:
    """Whether a queue, of the pipeline's own or one that exists already, is first-in-first-out."""
    return any(one.key == key and one.name.endswith(".fifo") for one in QUEUES.known(pipeline))
