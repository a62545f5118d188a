"""What a client of the simulated account is asked before anything runs."""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from iotgen.kinds.user_pools import UserPool
from iotgen.model.pipeline import Pipeline

# Nobody's account.
ACCOUNT = "123456789012"


class Directory:
    """Who the caller is, and where queues and others are."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._region = pipeline.region
        self._pools = {f"{self._region}_{one.label}": one for one in pipeline.all(UserPool)}

    def get_caller_identity(self) -> Mapping[str, str]:
        """The account."""
        return {"Account": ACCOUNT, "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/simulated/prove"}

    def get_queue_url(self, QueueName: str, **_: Any) -> Mapping[str, str]:  # noqa: N803 - boto3's name
        """The URL of a queue."""
        return {"QueueUrl": queue_url(self._region, QueueName)}

    def get_parameter(self, Name: str, **_: Any) -> Any:  # noqa: N803 - boto3's name
        """A parameter whose value the spec does not have."""
        return {"Parameter": {"Name": Name, "Value": f"the value of {Name}"}}

    def describe_key(self, KeyId: str) -> Any:  # noqa: N803 - boto3's name
        """The ARN of a KMS key, by its alias."""
        return {"KeyMetadata": {"Arn": f"arn:aws:kms:{self._region}:{ACCOUNT}:key/{KeyId}"}}

    def get_paginator(self, operation: str) -> Any:
        """The IDs of user pools, or of the clients of one."""
        return SimpleNamespace(paginate=getattr(self, f"_{operation}"))

    def _list_user_pools(self, **_: Any) -> Iterator[Any]:
        yield {"UserPools": [{"Name": pool.name, "Id": key} for key, pool in self._pools.items()]}

    def _list_user_pool_clients(self, UserPoolId: str, **_: Any) -> Iterator[Any]:  # noqa: N803 - boto3's name
        clients = self._pools[UserPoolId].clients
        yield {"UserPoolClients": [{"ClientName": one.name, "ClientId": str(one.label)} for one in clients]}


def queue_url(region: str, name: str) -> str:
    """The URL of a queue."""
    return f"https://sqs.{region}.amazonaws.com/{ACCOUNT}/{name}"
