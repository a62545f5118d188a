"""What an account must have for a private API: the VPC endpoints that it is called by."""

from collections.abc import Iterator

from iotgen.kinds.endpoints.api import API, Api
from iotgen.model.preflight import Account, Check, Level

# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
_SERVICE = "execute-api"


def api_preflight(apis: tuple[Api, ...], account: Account) -> Iterator[Check]:
    """Whether the VPC endpoints are there, and are for APIs."""
    for api in apis:
        if api.vpc_endpoints:
            yield from _vpc_endpoints(api, account)


def _vpc_endpoints(api: Api, account: Account) -> Iterator[Check]:
    # By a filter, since AWS refuses the whole call where it names one that is not there.
    filters = [{"Name": "vpc-endpoint-id", "Values": list(api.vpc_endpoints)}]
    pages = account.client("ec2").get_paginator("describe_vpc_endpoints").paginate(Filters=filters)
    there = {one["VpcEndpointId"]: str(one["ServiceName"]) for page in pages for one in page["VpcEndpoints"]}
    for index, one in enumerate(api.vpc_endpoints):
        path = (*API, "vpc_endpoints", index)
        if one not in there:
            message = f"there is no VPC endpoint `{one}` in {account.live.region}"
            hint = "Make it first, or correct its id."
        elif not there[one].endswith(f".{_SERVICE}"):
            message = f"the VPC endpoint `{one}` is for `{there[one]}`, and reaches no API"
            hint = f"Name one for `com.amazonaws.{account.live.region}.{_SERVICE}`."
        else:
            continue
        yield Check(level=Level.ERROR, about="VPC endpoints", message=message, hint=hint, path=path)
