"""An endpoint whose requests API Gateway publishes to a topic by itself.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

from dataclasses import dataclass
from typing import ClassVar

from iotgen.kinds.endpoints.cors import Cors
from iotgen.kinds.endpoints.receiver import Receiver, refusal
from iotgen.model.arn import PARTITION
from iotgen.model.context import Context
from iotgen.model.expression import Joined, joined
from iotgen.model.key_use import key_statements, key_use
from iotgen.model.policy import Statement

SECTION = "topics"
_REFUSED = ("InvalidParameter", "InvalidParameterValue", "ValidationError")
_MESSAGE = "$input.path('$.PublishResponse.PublishResult.MessageId')"


@dataclass(frozen=True, kw_only=True)
class TopicReceiver(Receiver):
    """The topic that an endpoint publishes to; `arn` is its own."""

    content_type: ClassVar[str] = "application/x-www-form-urlencoded"

    arn: Joined

    @property
    def request(self) -> Joined:
        """The template of a message with the body."""
        return joined(
            "Action=Publish&TopicArn=$util.urlEncode('", self.arn, "')&Message=$util.urlEncode($input.body)"
        )

    @property
    def accepted(self) -> str:
        """The template of the answer to a body that is published."""
        return f'{self.origin}{{"message_id":"{_MESSAGE}"}}'

    @property
    def refused(self) -> str:
        """The template of the other answers: 400 for what SNS refuses, 503 for all else."""
        test = " || ".join(f'$code == "{code}"' for code in _REFUSED)
        invalid, unavailable = "SNS refuses the body: $code", "the topic did not take the body"
        return refusal(self.origin, "$input.path('$.Error.Code')", test, invalid, unavailable)


def topic_receiver(context: Context, key: str, role: str, cors: Cors | None) -> TopicReceiver:
    """The topic with a key as a receiver of requests, whether it exists already or not."""
    own, already = context.arn(SECTION, key), context.existing(SECTION, key)
    region = already.region if already and already.region else context.region
    uses = key_use(context, SECTION, key, "sns", reads=False)
    return TopicReceiver(
        key=key,
        path=(SECTION, key),
        uri=joined("arn:", PARTITION, f":apigateway:{region}:sns:action/Publish"),
        role=role,
        arn=own,
        is_fifo=context.name_of(SECTION, key).endswith(".fifo"),
        statements=(Statement("PublishToTopic", ("sns:Publish",), (own,)), *key_statements(context, uses)),
        cors=cors,
    )
