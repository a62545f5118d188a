"""The account must have a role for API logs before the first apply."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Report that an API with `manage_account: false` needs an existing role."""
    api = pipeline.one(Api)
    if api and not api.manage_account:
        message = (
            f"the account needs a role for API logs in {pipeline.region}, or the first apply fails with "
            "`CloudWatch Logs role ARN must be set`"
        )
        hint = "See `API Gateway's log role` in docs/operations.md, or set `manage_account: true`."
        yield Finding(("api", "manage_account"), message, hint)


RULE = Rule(
    code="IOT366",
    severity=Severity.INFO,
    summary="The account must have a role for API logs before the first apply.",
    why=(
        "API Gateway writes the logs of all APIs of an account and region with one role. With "
        "`manage_account: false` iotgen leaves that setting alone; where it is empty, the apply fails with "
        "`CloudWatch Logs role ARN must be set`."
    ),
    fix="Have something else set the role, or remove `manage_account: false`.",
    ignore="The role is set: `aws apigateway get-account` prints it as `cloudwatchRoleArn`.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
    check=check,
)
