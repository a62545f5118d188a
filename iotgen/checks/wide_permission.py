"""A statement under `allow` has a wildcard."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.functions.allowed import Allowed
from iotgen.kinds.roles import Permitted, permitted
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

# The parts of an ARN before that of the resource itself.
_BEFORE = 5

# Actions that handlers call and that have no resource types, so that they are allowed on every resource or on
# none: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_WITHOUT_ARN = frozenset(
    {
        "acm:ListCertificates",
        "cloudformation:ListStacks",
        "cloudwatch:GetMetricData",
        "cloudwatch:GetMetricStatistics",
        "cloudwatch:ListMetrics",
        "cloudwatch:PutMetricData",
        "comprehend:DetectDominantLanguage",
        "comprehend:DetectSentiment",
        "dynamodb:DescribeLimits",
        "dynamodb:ListTables",
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRegions",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSnapshots",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVolumes",
        "ec2:DescribeVpcs",
        "ecr:GetAuthorizationToken",
        "events:PutPermission",
        "events:RemovePermission",
        "firehose:ListDeliveryStreams",
        "health:DescribeEvents",
        "iam:ListAccountAliases",
        "iot:CreateCertificateFromCsr",
        "iot:CreateKeysAndCertificate",
        "iot:DescribeEndpoint",
        "iot:GetRegistrationCode",
        "iot:ListCertificates",
        "iot:ListPolicies",
        "iot:ListThingGroups",
        "iot:ListThingTypes",
        "iot:ListThings",
        "iot:RegisterCertificate",
        "iot:RegisterCertificateWithoutCA",
        "iot:RegisterThing",
        "kinesis:ListStreams",
        "kms:GenerateRandom",
        "lambda:GetAccountSettings",
        "lambda:ListFunctions",
        "logs:DescribeLogGroups",
        "mediaconvert:DescribeEndpoints",
        "organizations:DescribeOrganization",
        "organizations:ListAccounts",
        "pricing:GetProducts",
        "rekognition:DetectFaces",
        "rekognition:DetectLabels",
        "rekognition:DetectText",
        "route53:ListHostedZones",
        "s3:ListAllMyBuckets",
        "secretsmanager:GetRandomPassword",
        "secretsmanager:ListSecrets",
        "servicequotas:ListServices",
        "ses:GetSendQuota",
        "sns:CheckIfPhoneNumberIsOptedOut",
        "sns:ListTopics",
        "sns:SetSMSAttributes",
        "sqs:ListQueues",
        "ssm:DescribeParameters",
        "states:ListStateMachines",
        "sts:GetCallerIdentity",
        "support:DescribeTrustedAdvisorCheckResult",
        "support:DescribeTrustedAdvisorChecks",
        "support:RefreshTrustedAdvisorCheck",
        "tag:GetResources",
        "textract:AnalyzeDocument",
        "textract:DetectDocumentText",
        "timestream:DescribeEndpoints",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }
)
# The conditions that limit one of them.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
_LIMITED_BY = {"cloudwatch:PutMetricData": "cloudwatch:namespace"}
# The conditions of all services that say which resource is meant, or how a new one has to be.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_OF_RESOURCES = ("aws:resource", "aws:requesttag/")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each wildcard in actions, and each for all resources of a service.

    The messages do not name the holder: those of an anchor's aliases are one problem, where it is written.
    """
    for holder in permitted(pipeline):
        for one in holder.allowed:
            for index, action in enumerate(one.actions):
                if "*" in action or "?" in action:
                    message = f"`{action}` allows every action that it matches"
                    hint = f"Name the actions that the {_noun(holder)} calls."
                    yield Finding(_at(one.path, "actions", index), message, hint)
            hint = _hint(one)
            for index, resource in enumerate(one.resources if hint else ()):
                if _is_wide(resource):
                    message = f"`{resource}` allows {_on(one)} on every resource"
                    yield Finding(_at(one.path, "resources", index), message, hint)


def _noun(holder: Permitted) -> str:
    return type(holder).__name__.lower()


def _on(one: Allowed) -> str:
    return f"`{one.actions[0]}`" if len(one.actions) == 1 else "these actions"


def _hint(one: Allowed) -> str:
    """How to limit a statement for every resource; empty if it is limited, or cannot be."""
    keys = {key.lower() for _, key, _ in one.statement.conditions}
    if any(not key.startswith("aws:") or key.startswith(_OF_RESOURCES) for key in keys):
        return ""
    scoped = [action for action in one.actions if action not in _WITHOUT_ARN]
    if not scoped:
        return next((_limit(action) for action in one.actions if action in _LIMITED_BY), "")
    if len(scoped) < len(one.actions):
        free = listed([action for action in one.actions if action in _WITHOUT_ARN])
        return (
            f"Name the resources by their ARNs, and allow {free}, which can have none, in a statement apart."
        )
    if keys:
        return "Name the resources by their ARNs: these `conditions` do not say which resources are meant."
    return "Name the resources by their ARNs, or limit it by `conditions`."


def _limit(action: str) -> str:
    return f"Limit it by `conditions: {{StringEquals: {{{_LIMITED_BY[action]}: NAME}}}}`: it takes no ARN."


def _at(path: tuple[str | int, ...], setting: str, index: int) -> tuple[str | int, ...]:
    return (*path, setting, index)


def _is_wide(resource: str) -> bool:
    return resource.split(":", _BEFORE)[-1] == "*" or resource == "*"


RULE = Rule(
    code="IOT420",
    severity=Severity.WARNING,
    summary="A statement under `allow` has a wildcard.",
    why=(
        "Least privilege limits the damage that a bug or an attacker can do. A wildcard also allows actions "
        "that AWS adds later, and resources that have nothing to do with the pipeline."
    ),
    fix="Name the actions and the resources.",
    ignore="The action is another one that takes no ARN, or the function really needs all of them.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    check=check,
)
