"""ARNs derived from names, which are known at plan time, unlike the attributes of a new resource.

Terraform reads both data sources that they refer to before the plan, since these depend on nothing.
"""

from iotgen.model.expression import Joined, Reference, joined

PARTITION = Reference("data.aws_partition.current.partition")
ACCOUNT = Reference("data.aws_caller_identity.current.account_id")


def arn(service: str, region: str, *resource: str | Reference | Joined) -> Joined:
    """The ARN of a resource of this account: `arn("sqs", "us-east-1", "jobs-dev")`."""
    return joined("arn:", PARTITION, f":{service}:{region}:", ACCOUNT, ":", *resource)


def bucket_arn(name: str | Joined, objects: str = "") -> Joined:
    """The ARN of a bucket, or of the `objects` in it (`/in/*`); it names neither account nor region."""
    return joined("arn:", PARTITION, ":s3:::", name, objects)


def invocation_arn(region: str, function: str) -> Joined:
    """The ARN by which API Gateway invokes a Lambda function."""
    path = "lambda:path/2015-03-31/functions/"
    called = arn("lambda", region, f"function:{function}")
    return joined("arn:", PARTITION, f":apigateway:{region}:{path}", called, "/invocations")
