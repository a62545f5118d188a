from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from iotgen.errors import RemoteError
from iotgen.simulate.bucket import Form
from iotgen.simulate.ledger import Answer
from iotgen.simulate.packets import Packet
from iotgen.simulate.places import Places, To
from iotgen.simulate.storage import bucket

PLACES = Places(to=To.BUCKET, bucket="measured-dev", prefix="incoming/")
PACKET = Packet(0, 2, 0, repeated=False)


class S3:
    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.objects: dict[tuple[str, str], bytes] = {}

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803
        if self.error:
            raise self.error
        self.objects[Bucket, Key] = Body


def _error(status: int) -> ClientError:
    return ClientError({"Error": {"Code": "X"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "PutObject")  # type: ignore[typeddict-item]


def test_objects_go_under_the_triggers_prefix() -> None:
    s3 = S3()
    made = bucket(lambda _: s3, PLACES, "run", Form.JSON)
    assert made.deliver(PACKET, b"body").accepted == Answer.PUT
    assert s3.objects == {("measured-dev", "incoming/run/00000000-00000001.json"): b"body"}


@pytest.mark.parametrize(
    ("error", "status"),
    [(_error(503), "503"), (_error(429), "429"), (EndpointConnectionError(endpoint_url="x"), "no answer")],
)
def test_what_may_pass_is_tried_again(error: Exception, status: str) -> None:
    reply = bucket(lambda _: S3(error=error), PLACES, "run", Form.JSON).deliver(PACKET, b"")
    assert (reply.status, reply.again) == (status, True)


def test_a_denial_ends_it() -> None:
    with pytest.raises(RemoteError, match="cannot put objects into the bucket"):
        bucket(lambda _: S3(error=_error(403)), PLACES, "run", Form.JSON).deliver(PACKET, b"")
