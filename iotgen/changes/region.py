"""The region of a state's resources: Terraform looks for them only in the region of the provider.

In another region, provider 5 does not find them and creates them again; provider 6 replaces them.
"""

from collections.abc import Iterator

from iotgen.model.change import Attributes, Deployed, loses
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Finding


def region_changes(pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """A problem if the resources are deployed in another region."""
    if actual := elsewhere(deployed, pipeline.region):
        yield loses(
            ("region",),
            f"the environment `{pipeline.suffix}` is deployed in {actual}: in {pipeline.region} everything "
            "would be created again, and the deployed resources would be lost or left behind",
            f"Keep `region: {actual}` for it, and deploy to {pipeline.region} with another suffix.",
        )


def elsewhere(deployed: Deployed, region: str) -> str:
    """The region of all resources in the state, if it is not `region`; else an empty string."""
    regions = {name for attributes in deployed.values() if (name := _region(attributes))}
    return "" if region in regions else min(regions, default="")


def _region(attributes: Attributes) -> str:
    """The region in a resource's ARN; the ARNs of buckets, roles and policies have none."""
    parts = str(attributes.get("arn") or "").split(":")
    in_arn = parts[3] if len(parts) > 3 else ""
    return in_arn or str(attributes.get("bucket_region") or attributes.get("region") or "")
