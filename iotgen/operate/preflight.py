"""Whether an account is ready for a pipeline: what an apply would otherwise find out half-way."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from iotgen import api_logs
from iotgen.kinds import KINDS
from iotgen.kinds.endpoints import Api
from iotgen.model.kind import AnyKind
from iotgen.model.live import Live
from iotgen.model.pipeline import Pipeline, State
from iotgen.model.preflight import NAMES, Account, Check, Level

Clients = Callable[[str], Any]


def preflight(pipeline: Pipeline, clients: Clients, today: date) -> Iterator[Check]:
    """Each check as it is done; RemoteError if AWS does not say who the caller is."""
    live = Live(pipeline.region, clients)
    yield Check(level=Level.OK, about="account", message=f"{live.account} in {live.region}, as {live.caller}")
    account = Account(live=live, ours=_ours(clients, pipeline), tags=_marks(pipeline), today=today)
    taken = False
    for kind in KINDS:
        for check in _of_kind(kind, pipeline, account):
            taken = taken or check.about == NAMES
            yield check
    if not taken:
        yield Check(level=Level.OK, about=NAMES, message="none is taken by anything else")
    if api := pipeline.one(Api):
        yield _log_role(api, clients)
    if pipeline.state:
        yield from _state_bucket(pipeline.state, clients("s3"))


def _marks(pipeline: Pipeline) -> dict[str, str]:
    """The tags that only resources of this environment have."""
    return {name: pipeline.tags[name] for name in ("pipeline", "environment")}


def _ours(clients: Clients, pipeline: Pipeline) -> frozenset[str] | None:
    """The ARNs of this environment's resources in its region; None if the caller may not list them.

    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
    """
    client = clients("resourcegroupstaggingapi")
    filters = [{"Key": name, "Values": [value]} for name, value in _marks(pipeline).items()]
    try:
        pages = client.get_paginator("get_resources").paginate(TagFilters=filters)
        return frozenset(one["ResourceARN"] for page in pages for one in page["ResourceTagMappingList"])
    except client.exceptions.ClientError:
        return None


def _of_kind(kind: AnyKind, pipeline: Pipeline, account: Account) -> Iterator[Check]:
    """The checks of a kind; the last is `unknown` if AWS refuses to answer."""
    from botocore.exceptions import BotoCoreError, ClientError

    if kind.preflight is None or not kind.of(pipeline):
        return
    try:
        yield from kind.preflight(kind.of(pipeline), account)
    except (ClientError, BotoCoreError) as error:
        yield _unknown(kind.section, error)


def _unknown(about: str, error: Exception) -> Check:
    hint = "Allow the caller to read them, or check them yourself."
    return Check(level=Level.UNKNOWN, about=about, message=str(error).rstrip("."), hint=hint)


def _log_role(api: Api, clients: Clients) -> Check:
    """The role with which API Gateway writes logs in this account and region."""
    if not api_logs.lacking(clients):
        return Check(
            level=Level.OK, about="API logs", message="the account has a role for API Gateway's logs"
        )
    if api.manage_account:
        message = f"the first apply creates the role `{api_logs.ROLE}`, which all APIs of the account share"
        return Check(level=Level.OK, about="API logs", message=message)
    return Check(
        level=Level.ERROR,
        about="API logs",
        message="the account has no role for API Gateway's logs, and `manage_account` is false",
        hint="Set a role by the commands under `API Gateway's log role` in docs/operations.md.",
        path=api.path,
    )


def _state_bucket(state: State, s3: Any) -> Iterator[Check]:
    """Whether the bucket of the state exists, keeps versions and is encrypted."""
    try:
        versioning = s3.get_bucket_versioning(Bucket=state.bucket).get("Status")
        rules = s3.get_bucket_encryption(Bucket=state.bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    except s3.exceptions.ClientError as error:
        message = f"`{state.bucket}` cannot be used: {str(error).rstrip('.')}"
        hint = "Create it by the commands under `State` in docs/operations.md, or correct its name."
        yield Check(level=Level.ERROR, about="state", message=message, hint=hint, path=("state", "s3"))
        return
    if versioning != "Enabled":
        yield Check(
            level=Level.WARNING,
            about="state",
            message=f"`{state.bucket}` keeps no versions, so a damaged state cannot be restored",
            hint=f"aws s3api put-bucket-versioning --bucket {state.bucket} "
            "--versioning-configuration Status=Enabled",
            path=("state", "s3"),
        )
    else:
        algorithm = rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
        message = f"`{state.bucket}` exists, keeps versions, and encrypts with {algorithm}"
        yield Check(level=Level.OK, about="state", message=message)
