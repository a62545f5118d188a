"""A key of the pipeline's own that is switched off."""

from collections.abc import Iterator

from iotgen.changes.found import STAYS, Found, State
from iotgen.model.pipeline import Pipeline


def key_changes(pipeline: Pipeline, state: State) -> Iterator[Found]:
    """What a key has encrypted stays so, and a key that is to be deleted decrypts nothing.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
    """
    if pipeline.encryption_key or "aws_kms_key.pipeline" not in state:
        return
    buckets = [
        attributes["bucket"]
        for address, attributes in sorted(state.items())
        if address.startswith("aws_s3_bucket.")
    ]
    copy = " and ".join(f"aws s3 cp s3://{name} s3://{name} --recursive --sse AES256" for name in buckets)
    yield (
        ("encryption",),
        STAYS,
        "objects, messages and log lines that the pipeline's key encrypted stay so: "
        "this apply deletes the key, so they cannot be read from then on, and are lost in 30 days",
        "Wait until the queues are empty before the apply"
        + (f", and encrypt the objects anew: {copy}" if copy else "."),
    )
