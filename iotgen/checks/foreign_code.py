"""A layer or an image is in another region than the function."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.layers import Layer
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each layer by ARN and each image with another region in its name."""
    for layer in pipeline.all(Layer):
        region = layer.arn.split(":")[3] if layer.arn else pipeline.region
        if region != pipeline.region:
            message = f"the layer `{layer.key}` is in {region}, and the functions are in {pipeline.region}"
            yield Finding((*layer.path, "arn"), message, "Name a version of it in that region.")
    for function in pipeline.all(Function):
        region = function.image.uri.split(".")[3] if function.image else pipeline.region
        if region != pipeline.region:
            message = (
                f"the image of `{function.key}` is in {region}, and the function is in {pipeline.region}"
            )
            yield Finding((*function.path, "image"), message, "Push it to a repository in that region.")


RULE = Rule(
    code="IOT448",
    summary="A layer or an image is in another region than the function.",
    why=(
        "Lambda takes layers and images from the region of the function only. AWS refuses the function, at "
        "the end of an apply."
    ),
    fix="Name one in the region of the spec.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
    check=check,
)
