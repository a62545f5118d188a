"""An endpoint whose requests API Gateway puts into a queue by itself.

https://docs.aws.amazon.com/prescriptive-guidance/latest/patterns/integrate-amazon-api-gateway-with-amazon-sqs-to-handle-asynchronous-rest-apis.html
"""

from dataclasses import dataclass
from typing import ClassVar

from iotgen.kinds.endpoints.cors import Cors
from iotgen.kinds.endpoints.receiver import Receiver, refusal
from iotgen.model.arn import ACCOUNT, PARTITION
from iotgen.model.context import Context
from iotgen.model.expression import Joined, joined
from iotgen.model.key_use import key_statements, key_use
from iotgen.model.policy import Statement

SECTION = "queues"
# A body that SQS refuses. All else, such as a missing permission on a key, is not the fault of the caller.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
_REFUSED = ("InvalidMessageContents", "InvalidParameterValue", "MissingParameter")
_MESSAGE = "$input.path('$.SendMessageResponse.SendMessageResult.MessageId')"


@dataclass(frozen=True, kw_only=True)
class QueueReceiver(Receiver):
    """The queue that an endpoint sends to."""

    content_type: ClassVar[str] = "application/x-www-form-urlencoded"

    @property
    def request(self) -> str:
        """The template of a message with the body."""
        return "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"

    @property
    def accepted(self) -> str:
        """The template of the answer to a body that is in the queue."""
        return f'{self.origin}{{"message_id":"{_MESSAGE}"}}'

    @property
    def refused(self) -> str:
        """The template of the other answers: 400 for what SQS refuses, 503 for all else."""
        known = " || ".join(f'$code == "{code}"' for code in _REFUSED)
        invalid, unavailable = "SQS refuses the body: $code", "the queue did not take the body"
        return refusal(self.origin, "$input.path('$.Error.Code')", known, invalid, unavailable)


def queue_receiver(context: Context, key: str, role: str, cors: Cors | None) -> QueueReceiver:
    """The queue with a key as a receiver of requests, whether it exists already or not."""
    whole = context.arn(SECTION, key)
    own = (Statement("SendToQueue", ("sqs:SendMessage",), (whole,)),)
    return QueueReceiver(
        key=key,
        path=(SECTION, key),
        uri=_uri(context, key),
        role=role,
        is_fifo=bool(context.data[SECTION][key].get("fifo"))
        or context.name_of(SECTION, key).endswith(".fifo"),
        statements=(*own, *key_statements(context, key_use(context, SECTION, key, "sqs", reads=False))),
        cors=cors,
    )


def _uri(context: Context, key: str) -> Joined:
    """Where API Gateway sends to, by the queue's account and name."""
    already = context.existing(SECTION, key)
    account = already.account if already and already.account else ACCOUNT
    region = already.region if already and already.region else context.region
    name = context.name_of(SECTION, key)
    return joined("arn:", PARTITION, f":apigateway:{region}:sqs:path/", account, f"/{name}")
