"""An image is named by a tag, which may come to mean another image."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each image without a digest."""
    for function in pipeline.all(Function):
        if function.image and "@sha256:" not in function.image.uri:
            tag = function.image.uri.rpartition(":")[2]
            message = f"the image of `{function.key}` has the tag `{tag}` and no digest"
            hint = "Write the image with its digest, `NAME@sha256:DIGEST`, as `docker push` prints it."
            yield Finding((*function.path, "image"), message, hint)


RULE = Rule(
    code="IOT449",
    severity=Severity.WARNING,
    summary="An image is named by a tag, which may come to mean another image.",
    why=(
        "Lambda resolves a tag to a digest when a function is created or updated. After a push under the "
        "same tag, the function still runs the earlier image, and Terraform sees no change to deploy."
    ),
    fix="Write the image with its digest, or with a tag that is new for each build.",
    ignore="Each build has a tag of its own.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
    check=check,
)
