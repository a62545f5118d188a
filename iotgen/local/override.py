"""The override file that points a rendered folder to the local AWS; the rendered files stay the same.

Terraform merges `*_override.tf.json` into the files beside it: a provider's and an output's arguments one
by one, a backend as a whole. https://developer.hashicorp.com/terraform/language/files/override
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE_NAME = "local_override.tf.json"

# The services for which both the oldest and the newest provider have endpoints, as listed by
# `scripts/provider-attributes`. AWS_ENDPOINT_URL covers the others.
SERVICES: tuple[str, ...] = tuple(
    Path(__file__).with_name("endpoints.txt").read_text(encoding="ascii").split()
)

PARAMETER = "aws_ssm_parameter"
WEB_ACL = "aws_wafv2_web_acl"
FIREWALL = "aws_wafv2_web_acl_association"
API_POLICY = "aws_api_gateway_rest_api_policy"
FUNCTION = "aws_lambda_function"
FUNCTION_URLS = "function_urls"
# The provider wants the form of an ARN even of what is not made.
_NO_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/none/none"
SUBSCRIPTION = "aws_cloudwatch_log_subscription_filter"
BUCKET_METRIC = "aws_s3_bucket_metric"
RECORD = "aws_route53_record"
CODE_SIGNING = "code_signing_config_arn"
PUBLISH = "publish"
# The settings of functions that the local AWS does without.
_OF_AWS = (CODE_SIGNING, PUBLISH)
ROLE = "aws_iam_role"
BOUNDARY = "permissions_boundary"
ATTACHED_POLICY = "aws_iam_role_policy_attachment"
# The account of the policies that the local AWS has, too.
_OF_ALL = ":iam::aws:policy/"
MAPPING = "aws_lambda_event_source_mapping"
TUMBLING_WINDOW = "tumbling_window_in_seconds"
ALIASES = "aws_lambda_alias"
APPLICATION = "aws_codedeploy_app"
DEPLOYMENT_CONFIG = "aws_codedeploy_deployment_config"
DEPLOYMENT_GROUP = "aws_codedeploy_deployment_group"


@dataclass(frozen=True)
class Api:
    """A REST API: the name of its `aws_api_gateway_rest_api`, and its stage's name or a reference to it.

    `address` is the name of the local value with its address, empty if there is none. `outputs` are the names
    of the outputs with the URL of its stage, and `published` those of the parameters with it.
    """

    name: str
    stage: str
    address: str = ""
    outputs: tuple[str, ...] = ("api_endpoint",)
    published: tuple[str, ...] = ()


def override(
    endpoint: str,
    *,
    api: Api | None = None,
    urls: Mapping[str, str] | None = None,
    resources: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the content of `local_override.tf.json` for the local AWS at `endpoint`.

    `api` is the API whose local URL replaces its outputs, its address and what is published of it.
    `urls` are those of functions, as the output `function_urls` has them on AWS, which it has local ones for.
    `resources` has the changed arguments of resources, by type and name.
    """
    content: dict[str, Any] = {
        "terraform": {"backend": {"local": {}}},
        "provider": {
            "aws": {
                "skip_credentials_validation": True,
                "skip_metadata_api_check": "true",
                "s3_use_path_style": True,
                # On a busy machine a response is lost now and then, even twice in a row. With Terraform's
                # default of 25, a server that has stopped would look like a slow one.
                "max_retries": 5,
                "endpoints": dict.fromkeys(SERVICES, endpoint),
            }
        },
    }
    if api is not None:
        url = api_url(endpoint, f"${{aws_api_gateway_rest_api.{api.name}.id}}", api.stage)
        content["output"] = {name: {"value": url} for name in api.outputs}
        if api.address:
            content["locals"] = {api.address: url}
    if urls:
        content.setdefault("output", {})[FUNCTION_URLS] = {"value": _function_urls(endpoint, urls)}
    content["resource"] = dict(resources or {})
    if api is not None and api.published:
        content["resource"][PARAMETER] = {name: {"value": url} for name in api.published}
    if not content["resource"]:
        del content["resource"]
    return content


def api_url(endpoint: str, api: str, stage: str) -> str:
    """Return where the local AWS at `endpoint` answers for the API with the id `api`."""
    return f"{endpoint}/restapis/{api}/{stage}/_user_request_"


def _function_urls(endpoint: str, urls: Mapping[str, str]) -> dict[str, str]:
    """Where the local AWS at `endpoint` answers for the functions, by expressions of their URLs on AWS."""
    ids = {key: url.replace(".function_url}", ".url_id}") for key, url in urls.items()}
    return {key: f"{endpoint}/_aws/lambda-url/{id}/" for key, id in ids.items()}


def left_out(resources: Mapping[str, Any]) -> dict[str, Any]:
    """Return the override that removes references to resources of an account on AWS.

    A web ACL, a code signing configuration, a log destination, a zone, a boundary of roles and managed
    policies of one's own exist there already, and not on the local AWS. It has no firewall and no CodeDeploy
    either: an alias is the newest code. It has no tumbling windows, and counts no requests to buckets. By the
    policy of an API it would refuse all calls, which come from no address or VPC of the spec.
    """
    changes = {
        WEB_ACL: {name: {"count": 0} for name in resources.get(WEB_ACL, {})},
        # Nothing may refer to what is not there, even where it is not made itself.
        FIREWALL: {name: {"count": 0, "web_acl_arn": _NO_ACL} for name in resources.get(FIREWALL, {})},
        API_POLICY: {name: {"count": 0} for name in resources.get(API_POLICY, {})},
        RECORD: {name: {"count": 0} for name in resources.get(RECORD, {})},
        SUBSCRIPTION: {
            name: {"count": 0}
            for name, body in resources.get(SUBSCRIPTION, {}).items()
            if ":destination:" in str(body.get("destination_arn"))
        },
        BUCKET_METRIC: {name: {"count": 0} for name in resources.get(BUCKET_METRIC, {})},
        FUNCTION: {
            name: {setting: None for setting in _OF_AWS if setting in function}
            for name, function in resources.get(FUNCTION, {}).items()
            if any(setting in function for setting in _OF_AWS)
        },
        ROLE: {name: {BOUNDARY: None} for name, role in resources.get(ROLE, {}).items() if BOUNDARY in role},
        ATTACHED_POLICY: {
            name: {"count": 0}
            for name, attachment in resources.get(ATTACHED_POLICY, {}).items()
            if _OF_ALL not in str(attachment.get("policy_arn"))
        },
        MAPPING: {
            name: {TUMBLING_WINDOW: None}
            for name, mapping in resources.get(MAPPING, {}).items()
            if TUMBLING_WINDOW in mapping
        },
        ALIASES: {name: {"function_version": "$LATEST"} for name in resources.get(ALIASES, {})},
        APPLICATION: {name: {"count": 0} for name in resources.get(APPLICATION, {})},
        DEPLOYMENT_CONFIG: {name: {"count": 0} for name in resources.get(DEPLOYMENT_CONFIG, {})},
        DEPLOYMENT_GROUP: {
            name: {"count": 0, "app_name": "none", "deployment_config_name": "none"}
            for name in resources.get(DEPLOYMENT_GROUP, {})
        },
    }
    return {kind: changed for kind, changed in changes.items() if changed}
