"""Puts objects into the bucket that the trigger watches."""

from iotgen.simulate.bucket import Bucket, Form, stored
from iotgen.simulate.clients import Clients
from iotgen.simulate.ledger import Reply
from iotgen.simulate.places import Places
from iotgen.simulate.send import RefusedError


def bucket(clients: Clients, places: Places, run: str, form: Form) -> Bucket:
    """The bucket of a deployment, as a destination."""
    from botocore.exceptions import BotoCoreError, ClientError

    s3 = clients("s3")

    def put(key: str, body: bytes) -> Reply:
        try:
            s3.put_object(Bucket=places.bucket, Key=key, Body=body)
        except ClientError as error:
            status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
            if status in (408, 429) or status >= 500:
                return Reply(str(status), again=True)
            raise RefusedError(
                f"cannot put objects into the bucket {places.bucket}: {error}",
                f"Grant the caller s3:PutObject on {places.bucket}.",
            ) from error
        except BotoCoreError:  # no response, after several attempts by boto3
            return Reply("no answer", again=True)
        return stored("200")

    return Bucket(places.prefix, run, form, put)
