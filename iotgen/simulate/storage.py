"""Objects into the bucket that the trigger watches."""

from iotgen.simulate.bucket import Bucket, Form, stored
from iotgen.simulate.clients import Clients, told
from iotgen.simulate.ledger import Reply
from iotgen.simulate.places import Places
from iotgen.simulate.send import RefusedError


def bucket(clients: Clients, places: Places, run: str, form: Form) -> Bucket:
    """The bucket of a deployment; what it watches is asked of the bucket itself."""
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
                f"the bucket {places.bucket} takes no objects: {error}",
                f"the caller needs s3:PutObject on {places.bucket}",
            ) from error
        except BotoCoreError:  # no answer; boto3 has tried it several times by itself
            return Reply("no answer", again=True)
        return stored("200")

    return Bucket(prefix(clients, places.bucket), run, form, put)


def prefix(clients: Clients, name: str) -> str:
    """Which objects of a bucket trigger the function: those whose key begins so."""
    with told(f"reading what the bucket {name} triggers", f"s3:GetBucketNotification on {name}"):
        found = clients("s3").get_bucket_notification_configuration(Bucket=name)
    for trigger in found.get("LambdaFunctionConfigurations", ()):
        rules = trigger.get("Filter", {}).get("Key", {}).get("FilterRules", ())
        return next((str(rule["Value"]) for rule in rules if rule["Name"].lower() == "prefix"), "")
    raise RefusedError(
        f"the bucket {name} triggers no function", "`--bucket` chooses another one, `--to api` the API"
    )
