"""Topics: notifications by SNS."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.accepting import Accepted, accepted, users_drawing
from iotgen.kinds.wiring import Senders, Wire, senders, undelivered
from iotgen.model.access import Access, Variable, Verb, only_statement
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.arn import arn
from iotgen.model.contents import Clients
from iotgen.model.context import Context, label
from iotgen.model.cost import Amounts, Charge, Costs, Scope, Use, Work
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.expression import Expression, Joined, Label, Reference
from iotgen.model.kind import Kind, Name, Resolving, Settings
from iotgen.model.live import Live
from iotgen.model.log_group import no_logs
from iotgen.model.outside import Form, Outside, never_read
from iotgen.model.pipeline import Pipeline
from iotgen.model.preflight import Account, Check, Level
from iotgen.model.rendering import Digests, Output, Rendering, output_of
from iotgen.model.resource import Resource
from iotgen.model.status import Fact, Metric, Status
from iotgen.model.traces import Traces

SECTION = "topics"
ADDRESS = "aws_sns_topic"

# How many subscriptions a preflight looks at; a spec has some.
_SUBSCRIPTIONS = 1000
# The share of readings of which a function notifies, where none is measured.
ALERTED = 1 / 333
# What a policy may allow others, by verb.
# https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html
ACCEPTED = {"publish": ("sns:Publish",), "subscribe": ("sns:Subscribe",)}


@dataclass(frozen=True)
class Subscription:
    """Someone outside who subscribes to a topic: `protocol` is email, https or sms.

    `filter` is SNS's filter policy, which with `body` is for the message's body. `failed` is the ARN of the
    queue for what cannot be delivered.
    """

    label: Label
    protocol: str
    endpoint: str
    raw: bool
    filter: Settings | None
    body: bool
    failed: Joined | None


@dataclass(frozen=True, kw_only=True)
class Topic(Resource):
    """An SNS topic; `senders` are the services that its policy lets publish, beside CloudWatch.

    `accepted` are those that the spec lists. `kms_key` is the ARN of the KMS key that encrypts it.
    """

    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sns-topic.html
    display_name: str | None
    kms_key: str | Expression | None
    fifo: bool
    content_deduplication: bool
    high_throughput: bool
    subscriptions: tuple[Subscription, ...]
    senders: Senders
    accepted: tuple[Accepted, ...]


def _resolve(context: Resolving) -> tuple[Topic, ...]:
    """The topics with their subscriptions, whose labels depend on the endpoint, not on the order."""
    return tuple(
        Topic(
            **context.named(key, path),
            display_name=settings.get("display_name"),
            kms_key=context.kms_key(SECTION, key),
            fifo=settings["fifo"],
            content_deduplication=settings["content_deduplication"],
            high_throughput=settings["high_throughput"],
            subscriptions=tuple(_subscriptions(context, key, settings["subscriptions"])),
            senders=senders(context, SECTION, key),
            accepted=accepted(context, SECTION, key, ACCEPTED),
        )
        for key, settings, path in context.entries(SECTION)
    )


def _subscriptions(context: Context, topic: str, settings: Sequence[Settings]) -> Iterator[Subscription]:
    for index, one in enumerate(settings):
        for protocol in ("email", "https", "sms"):
            if protocol in one:
                yield Subscription(
                    _label(topic, protocol, one[protocol]),
                    protocol,
                    one[protocol],
                    raw=one.get("raw", False),
                    filter=one.get("filter"),
                    body=one["filter_scope"] == "body",
                    failed=undelivered(context, one, (SECTION, topic, "subscriptions", index)),
                )


def _label(topic: str, protocol: str, endpoint: str) -> Label:
    readable = "".join(char if char.isascii() and char.isalnum() else "_" for char in endpoint)
    # Two addresses may differ only in characters that a label cannot have.
    digest = hashlib.sha256(endpoint.encode()).hexdigest()[:8]
    return Label(f"{label(topic)}__{protocol}__{readable}_{digest}")


def _names(topic: Topic) -> Iterator[Name]:
    yield Name(what="a topic", text=topic.name, space="topic", most=256)


def _preflight(topics: tuple[Topic, ...], account: Account) -> Iterator[Check]:
    """The names of topics that are taken, and the subscriptions that nobody has confirmed."""
    client = account.client("sns")
    for topic in topics:
        arn = account.arn("sns", topic.name)
        try:
            client.get_topic_attributes(TopicArn=arn)
        except client.exceptions.NotFoundException:
            continue
        yield from account.taken("the topic", topic.name, topic.path, arn)
        yield from _unconfirmed(client, topic, arn)


def _unconfirmed(client: Any, topic: Topic, arn: str) -> Iterator[Check]:
    """SNS deletes a subscription that is not confirmed within 48 hours.

    https://aws.amazon.com/about-aws/whats-new/2023/05/amazon-sns-automatic-deletion-unconfirmed-subscriptions/
    """
    pages = client.get_paginator("list_subscriptions_by_topic").paginate(
        TopicArn=arn, PaginationConfig={"MaxItems": _SUBSCRIPTIONS}
    )
    confirmed = {
        one["Endpoint"]
        for page in pages
        for one in page["Subscriptions"]
        if one["SubscriptionArn"] != "PendingConfirmation"
    }
    for subscription in topic.subscriptions:
        if subscription.protocol != "sms" and subscription.endpoint not in confirmed:
            yield Check(
                level=Level.WARNING,
                about="subscription",
                message=f"{subscription.endpoint} has not confirmed its subscription to `{topic.key}`",
                hint="Open the link that AWS sent there. After 48 hours, apply again to get a new one.",
                path=topic.path,
            )


def _render(topics: tuple[Topic, ...], _digests: Digests) -> Iterator[Rendering]:
    for topic in topics:
        yield Rendering(SECTION, topic.path, "topic", {"topic": topic})
        for subscription in topic.subscriptions:
            holes = {"topic": topic, "subscription": subscription}
            yield Rendering(SECTION, topic.path, "subscription", holes)


def _outputs(topics: tuple[Topic, ...]) -> tuple[Output, ...]:
    labels = {topic.key: topic.label for topic in topics}
    return output_of("topic_arns", "The topics' ARNs", labels, f"{ADDRESS}.arn")


def _alarms(make: AlarmMaker, settings: Settings, topics: tuple[Topic, ...]) -> Iterator[Alarm]:
    """The notifications of each topic that reach nobody."""
    failures = settings[SECTION]["failures"]
    if not failures:
        return
    for topic in topics:
        # Counts an email once, when SNS gives up, and HTTPS at each failed attempt. A subscription that SNS
        # suspended gets no notifications, so none fails: this metric does not show it.
        # https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
        own = {"TopicName": Reference(f"{ADDRESS}.{topic.label}.name")}
        description = f"Notifications of {topic.name} are not delivered"
        metric = "AWS/SNS:NumberOfNotificationsFailed"
        yield make(
            key=f"{topic.key}-failures",
            path=topic.path,
            description=description,
            metric=metric,
            dimensions=own,
            threshold=failures,
        )


def _live_arn(at: Live, topic: Topic) -> str:
    return f"arn:{at.partition}:sns:{at.region}:{at.account}:{topic.name}"


_STYLE = Style(
    name="topic",
    hue=140,
    icon="M12 11.5v1M8 16a6 6 0 0 1 0-8M16 8a6 6 0 0 1 0 8M5 19a10 10 0 0 1 0-14M19 5a10 10 0 0 1 0 14",
    shape=(">", "]"),
)
_SUBSCRIBERS = {
    "sms": Style(name="sms", hue=None, icon="M8 2h8v20H8zM11 19h2", shape=("([", "])")),
    "email": Style(name="email", hue=None, icon="M3 6h18v12H3zM3 7l9 7 9-7", shape=("([", "])")),
    "https": Style(
        name="https",
        hue=None,
        icon="M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18",
        shape=("([", "])"),
    ),
}


def _drawing(topics: tuple[Topic, ...], _pipeline: Pipeline) -> Iterator[Node | Edge]:
    """The topics, and each subscriber once, however many topics it is subscribed to."""
    for topic in topics:
        yield Node(
            id=topic.path,
            noun="topic",
            title=topic.key,
            note="SNS · FIFO" if topic.fifo else "SNS",
            style=_STYLE,
        )
        yield from users_drawing(topic.path, topic.accepted)
        for one in topic.subscriptions:
            subscriber = (SECTION, "subscribers", one.endpoint)
            yield Node(
                id=subscriber,
                noun="subscriber",
                title=one.endpoint,
                note=one.protocol,
                style=_SUBSCRIBERS[one.protocol],
            )
            yield Edge(tail=topic.path, head=subscriber, text="", accent=topic.path, relation=Relation.NOTICE)


def _arn(context: Context, key: str, _verb: Any) -> Joined:
    return context.arn(SECTION, key)


def _own_arn(context: Context, key: str) -> Joined:
    return arn("sns", context.region, context.name_of(SECTION, key))


def _there(live: Live, topic: Outside) -> None:
    live.client("sns").get_topic_attributes(TopicArn=live.text(topic.arn))


def _metrics(topic: Topic) -> Iterator[Metric]:
    own = {"TopicName": topic.name}
    yield Metric(
        column="published", title="published messages", of="AWS/SNS:NumberOfMessagesPublished", dimensions=own
    )
    yield Metric(
        column="failed",
        title="notifications that failed",
        of="AWS/SNS:NumberOfNotificationsFailed",
        dimensions=own,
        bad=True,
    )


def _facts(clients: Clients, topic: Topic) -> Iterator[Fact]:
    """Who is subscribed, and who has not followed the link yet that AWS mailed: they get nothing."""
    sns = clients("sns")
    at = Live(sns.meta.region_name, clients)
    asked = at.text(arn("sns", at.region, topic.name))
    about = sns.get_topic_attributes(TopicArn=asked)["Attributes"]
    yield Fact(column="subscribed", value=int(about["SubscriptionsConfirmed"]))
    yield Fact(column="pending", value=int(about["SubscriptionsPending"]), bad=True)


_STATUS = Status(columns=("published", "failed", "subscribed", "pending"), metrics=_metrics, facts=_facts)


def _charges(topic: Topic, uses: tuple[Use, ...], scope: Scope) -> Iterator[Charge]:
    """What is published, and delivered to each subscriber."""
    if topic.fifo:
        yield from _fifo_charges(topic, uses, scope.pipeline)
        return
    for use in uses:
        yield Charge("sns.requests", use.get("notifications"), use.path)
        # What a message to a phone costs depends on its country.
        for subscription in (one for one in topic.subscriptions if one.protocol != "sms"):
            yield Charge(f"sns.{subscription.protocol}", use.get("notifications"), use.path)


def _fifo_charges(topic: Topic, uses: tuple[Use, ...], pipeline: Pipeline) -> Iterator[Charge]:
    """A FIFO topic also costs by the byte, and for each queue that it delivers to.

    https://aws.amazon.com/sns/pricing/
    """
    queues = sum(wire.source == topic.path for wire in pipeline.all(Wire))
    for use in uses:
        sent, gigabytes = use.get("notifications"), use.get("bytes") / 1e9
        yield Charge("sns.fifo_requests", sent, use.path)
        yield Charge("sns.fifo_bytes", gigabytes, use.path)
        yield Charge("sns.fifo_delivered", sent * queues, use.path)
        yield Charge("sns.fifo_delivered_bytes", gigabytes * queues, use.path)


def _published(work: Work) -> Amounts:
    return {"notifications": work.calls, "bytes": work.calls * work.bytes}


def _free(_work: Work) -> Amounts:
    """The calls that cost nothing."""
    return {}


TOPICS = Kind(
    section=SECTION,
    noun="topic",
    type=Topic,
    address=ADDRESS,
    referred=True,
    used_in="the `access` of a function, set it as `notify` in `alarms`",
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=_alarms,
    logs=no_logs,
    status=_STATUS,
    traces=Traces(noted="notified", done="notified"),
    changes=None,
    contents=None,
    refuses=None,
    preflight=_preflight,
    in_spec=None,
    waits={},
    renamable=False,
    access=Access(
        service="sns",
        operations={
            "create_topic": "sns:CreateTopic",
            "list_topics": "sns:ListTopics",
            "publish": "sns:Publish",
            "publish_batch": "sns:Publish",
            "subscribe": "sns:Subscribe",
            "unsubscribe": "sns:Unsubscribe",
        },
        objects={"Topic": frozenset({"publish", "subscribe"})},
        address=ADDRESS,
        noun="topic",
        variable=Variable(prefix="TOPIC_", attribute="arn", live=_live_arn),
        phrase="{verbs} to the topic `{key}`",
        verbs={
            "publish": Verb(
                actions=("sns:Publish",),
                method="publish",
                methods=frozenset({"publish", "publish_batch"}),
                reads=False,
            ),
            "subscribe": Verb(
                actions=("sns:Subscribe",),
                method="subscribe",
                methods=frozenset({"subscribe"}),
                reads=False,
            ),
        },
        examples=("publish",),
        through="sns",
        arn=_arn,
        statements=only_statement,
    ),
    existing=Form(
        address=ADDRESS,
        service="sns",
        within="",
        own=_own_arn,
        read=never_read,
        there=_there,
        style=_STYLE,
    ),
    derived=no_derived,
    drawing=_drawing,
    costs=Costs(
        charges=_charges,
        calls={"publish": _published, "subscribe": _free},
        per_reading={"publish": ALERTED},
        apart=True,
        levers=(),
    ),
)


def is_fifo_topic(pipeline: Pipeline, key: str) -> bool:
    """Whether a topic, of the pipeline's own or one that exists already, is first-in-first-out."""
    return any(one.key == key and one.name.endswith(".fifo") for one in TOPICS.known(pipeline))
