"""The region that a state's resources are in: Terraform looks for them only where the provider points.

In another region, provider 5 finds none of them, forgets them, and makes them anew; provider 6 replaces them.
"""

from collections.abc import Iterator

from iotgen.model.change import Attributes, Deployed, loses
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Finding


def region_changes(pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """Another region for what is deployed."""
    if there := elsewhere(deployed, pipeline.region):
        yield loses(
            ("region",),
            f"the environment `{pipeline.suffix}` is deployed in {there}: in {pipeline.region} everything "
            "would be made anew, and what is deployed would be lost or left behind",
            f"Keep `region: {there}` for it, and give what is for {pipeline.region} another suffix.",
        )


def elsewhere(deployed: Deployed, region: str) -> str:
    """The region that everything in the state is in, when that is not `region`; else an empty string."""
    found = {there for attributes in deployed.values() if (there := _region(attributes))}
    return "" if region in found else min(found, default="")


def _region(attributes: Attributes) -> str:
    """The region in a resource's ARN; a bucket's has none, nor has that of a role or a policy."""
    parts = str(attributes.get("arn") or "").split(":")
    in_arn = parts[3] if len(parts) > 3 else ""
    return in_arn or str(attributes.get("bucket_region") or attributes.get("region") or "")
