"""An endpoint whose requests API Gateway puts into a queue by itself.

https://docs.aws.amazon.com/prescriptive-guidance/latest/patterns/integrate-amazon-api-gateway-with-amazon-sqs-to-handle-asynchronous-rest-apis.html
"""

from dataclasses import dataclass

from iotgen.kinds.endpoints.cors import Cors, mapped
from iotgen.model.arn import ACCOUNT, PARTITION
from iotgen.model.context import Context
from iotgen.model.expression import Joined, joined
from iotgen.model.key_use import key_statements, key_use
from iotgen.model.policy import Statement
from iotgen.problem import Path

SECTION = "queues"
# A body that SQS refuses. All else, such as a missing permission on a key, is not the fault of the caller.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
_REFUSED = ("InvalidMessageContents", "InvalidParameterValue", "MissingParameter")
_MESSAGE = "$input.path('$.SendMessageResponse.SendMessageResult.MessageId')"


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """The queue that an endpoint sends to; `role` is the name of the role by which it may."""

    key: str
    path: Path
    uri: Joined
    role: str
    is_fifo: bool
    statements: tuple[Statement, ...]
    cors: Cors | None

    @property
    def headers(self) -> dict[str, str]:
        """The headers of each answer."""
        return mapped(self.cors.headers_of_all) if self.cors else {}

    @property
    def declared(self) -> dict[str, bool]:
        """The headers that the method is declared to answer with."""
        return dict.fromkeys(self.headers, True)

    @property
    def accepted(self) -> str:
        """The template of the answer to a body that is in the queue."""
        return f'{self._origin}{{"message_id":"{_MESSAGE}"}}'

    @property
    def refused(self) -> str:
        """The template of the other answers: 400 for what SQS refuses, 503 for all else."""
        known = " || ".join(f'$code == "{code}"' for code in _REFUSED)
        return (
            f"{self._origin}#set($code = $input.path('$.Error.Code'))\n"
            f"#if({known})#set($context.responseOverride.status = 400)\n"
            '{"error":{"code":"invalid_body","message":"SQS refuses the body: $code","details":[]}}\n'
            "#else\n"
            '{"error":{"code":"unavailable","message":"the queue did not take the body","details":[]}}\n'
            "#end\n"
        )

    @property
    def _origin(self) -> str:
        return (self.cors.template if self.cors else None) or ""


def receiver(context: Context, key: str, role: str, cors: Cors | None) -> Receiver:
    """The queue with a key as a receiver of requests, whether it exists already or not."""
    whole = context.arn(SECTION, key)
    own = (Statement("SendToQueue", ("sqs:SendMessage",), (whole,)),)
    return Receiver(
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
