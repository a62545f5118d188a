"""An endpoint whose requests API Gateway puts into a stream or a delivery as records.

https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-kinesis.html
"""

from dataclasses import dataclass
from typing import ClassVar

from iotgen.kinds.endpoints.cors import Cors
from iotgen.kinds.endpoints.receiver import Receiver, refusal
from iotgen.model.arn import PARTITION
from iotgen.model.expression import joined
from iotgen.model.key_use import key_statements, key_use
from iotgen.model.kind import Resolving
from iotgen.model.policy import Statement

STREAMS, DELIVERIES = "streams", "deliveries"
# A record that is refused for what it is, by its size or its partition key.
# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html
# https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html
_REFUSED = ("InvalidArgumentException", "ValidationException")
_CODE = "$input.path('$.__type')"
_DATA = "$util.base64Encode($input.body)"
# JSON has no escape for a single quote, which this function makes.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
_ESCAPED = '$util.escapeJavaScript($key).replaceAll("\\\\\'","\'")'


@dataclass(frozen=True, kw_only=True)
class RecordReceiver(Receiver):
    """The stream or the delivery that an endpoint puts records into, by its `name`."""

    content_type: ClassVar[str] = "application/x-amz-json-1.1"
    service: ClassVar[str]
    what: ClassVar[str]

    name: str

    @property
    def refused(self) -> str:
        """The template of the other answers: 400 for a record that is refused, 503 for all else."""
        test = " || ".join(f'$code.endsWith("{code}")' for code in _REFUSED)
        invalid, unavailable = (
            f"{self.service} refuses the body: $code",
            f"the {self.what} did not take the body",
        )
        return refusal(self.origin, _CODE, test, invalid, unavailable)


@dataclass(frozen=True, kw_only=True)
class StreamReceiver(RecordReceiver):
    """A stream; `partition_key` is what the spec has for it, None for one of each request's own."""

    service: ClassVar[str] = "Kinesis"
    what: ClassVar[str] = "stream"

    partition_key: str | None

    @property
    def request(self) -> str:
        """The template of a record with the body."""
        record = f'{{"StreamName":"{self.name}","Data":"{_DATA}","PartitionKey":"{_ESCAPED}"}}'
        return f'#set($key = "{self._key}")\n{record}'

    @property
    def _key(self) -> str:
        if self.partition_key is None:
            return "$context.requestId"
        if self.partition_key.startswith("{"):
            return f"$!input.params('{self.partition_key.strip('{}')}')"
        return f"$!input.path('{self.partition_key}')"

    @property
    def accepted(self) -> str:
        """The template of the answer to a record that is in the stream."""
        return f'{self.origin}{{"sequence_number":"$input.path(\'$.SequenceNumber\')"}}'


@dataclass(frozen=True, kw_only=True)
class DeliveryReceiver(RecordReceiver):
    """A delivery."""

    service: ClassVar[str] = "Firehose"
    what: ClassVar[str] = "delivery"

    @property
    def request(self) -> str:
        """The template of a record with the body."""
        return f'{{"DeliveryStreamName":"{self.name}","Record":{{"Data":"{_DATA}"}}}}'

    @property
    def accepted(self) -> str:
        """The template of the answer to a record that is in the delivery."""
        return f'{self.origin}{{"record_id":"$input.path(\'$.RecordId\')"}}'


def stream_receiver(
    context: Resolving, key: str, role: str, cors: Cors | None, partition_key: str | None
) -> StreamReceiver:
    """The stream with a key as a receiver of requests, whether it exists already or not."""
    already = context.existing(STREAMS, key)
    region = already.region if already and already.region else context.region
    allowed = (Statement("PutIntoStream", ("kinesis:PutRecord",), (context.arn(STREAMS, key),)),)
    uses = key_use(context, STREAMS, key, "kinesis", reads=False)
    return StreamReceiver(
        key=key,
        path=(STREAMS, key),
        uri=joined("arn:", PARTITION, f":apigateway:{region}:kinesis:action/PutRecord"),
        role=role,
        name=context.name_of(STREAMS, key),
        partition_key=partition_key,
        statements=(*allowed, *key_statements(context, uses)),
        cors=cors,
    )


def delivery_receiver(context: Resolving, key: str, role: str, cors: Cors | None) -> DeliveryReceiver:
    """The delivery with a key as a receiver of requests."""
    own = context.accesses[DELIVERIES].arn(context, key, None)
    return DeliveryReceiver(
        key=key,
        path=(DELIVERIES, key),
        uri=joined("arn:", PARTITION, f":apigateway:{context.region}:firehose:action/PutRecord"),
        role=role,
        name=context.name_of(DELIVERIES, key),
        statements=(Statement("PutIntoDelivery", ("firehose:PutRecord",), (own,)),),
        cors=cors,
    )
