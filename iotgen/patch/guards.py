"""The settings of a rendered body that a patch should not change, and why.

Guards apply to rendered settings: one that iotgen does not render is not guarded.
"""

from dataclasses import dataclass
from enum import Enum


class Must(Enum):
    """What must be true of a setting after the patch; the value begins the message if it is not."""

    STAY = "with another"
    BE = "without"
    HOLD = "with fewer entries in"
    ABSENT = "with"


@dataclass(frozen=True)
class Guard:
    """What must be true of some settings of a kind of address, and the consequence otherwise.

    `kind` is a type, or the first word of an address. A path continues through lists. The guard does not
    apply if a setting in `unless` is set, which has the same effect. If iotgen itself relies on it
    (`relied`), breaking it is an error, and `instead` what to do.
    """

    kind: str
    paths: tuple[str, ...]
    must: Must
    why: str
    unless: tuple[str, ...] = ()
    relied: bool = False
    instead: str = "Use the spec's own settings instead."


_POLICY = "the policy could allow more than the spec grants, or requests without TLS"
STAY, BE, HOLD = Must.STAY, Must.BE, Must.HOLD
_NAMED = "policies, alarms, variables and outputs refer to it"
_ZIP = "iotgen builds the zip and its digest at each render"
_CODE = "iotgen checks and packages the code for the spec's value"

# fmt: off
GUARDS = (
    # Settings that iotgen itself relies on.
    *(Guard(kind, (name,), STAY, _NAMED, relied=True) for kind, name in (
        ("aws_lambda_function", "function_name"), ("aws_sqs_queue", "name"), ("aws_sns_topic", "name"),
        ("aws_dynamodb_table", "name"), ("aws_kinesis_stream", "name"), ("aws_s3_bucket", "bucket"),
        ("aws_ssm_parameter", "name"), ("aws_iot_topic_rule", "name"),
        ("aws_secretsmanager_secret", "name"), ("aws_lambda_alias", "name"),
        ("aws_cognito_user_pool", "name"), ("aws_cognito_user_pool_client", "name"),
        ("aws_codedeploy_app", "name"), ("aws_codedeploy_deployment_group", "deployment_group_name"),
        ("aws_api_gateway_rest_api", "name"),
        ("aws_api_gateway_stage", "stage_name"), ("aws_api_gateway_method", "http_method"),
        ("aws_api_gateway_resource", "path_part"), ("aws_cloudwatch_metric_alarm", "alarm_name"))),
    Guard("aws_cloudwatch_log_group", ("name",), STAY, _NAMED, relied=True,
          instead="Write the function's `log_group`, or the `name` of one of `log_groups`."),
    Guard("aws_lambda_*", ("filename", "source_code_hash"), STAY, _ZIP, relied=True,
          unless=("s3_bucket", "image_uri")),
    Guard("aws_lambda_function", ("handler", "runtime", "architectures", "layers"), STAY, _CODE,
          relied=True, unless=("image_uri",)),
    Guard("aws_lambda_function", ("publish",), BE, "callers would never get new code", relied=True),
    Guard("aws_dynamodb_table", ("hash_key", "range_key"), STAY,
          "handlers use the keys in the spec, and all stored items would be lost", relied=True),
    Guard("aws_api_gateway_deployment", ("triggers.redeployment",), STAY,
          "a change to the API would not go live", relied=True),
    Guard("provider", ("region", "default_tags.tags.pipeline"), STAY,
          "iotgen uses it to identify the deployed pipeline and its region", relied=True),
    Guard("aws_*", ("count", "for_each"), Must.ABSENT, "others refer to the resource without an index",
          relied=True),
    # The order of changes, and later applies.
    Guard("*", ("depends_on",), HOLD, "AWS may reject a resource that is created before its dependencies"),
    Guard("*", ("lifecycle.create_before_destroy", "lifecycle.ignore_changes"), HOLD,
          "a later apply would fail, or undo changes made outside Terraform"),
    Guard("aws_s3_bucket", ("force_destroy",), STAY, "`iotgen destroy` could not remove the bucket"),
    # Encryption and permissions.
    Guard("aws_sqs_queue", ("sqs_managed_sse_enabled",), STAY, "messages would not be encrypted",
          unless=("kms_master_key_id",)),
    Guard("*", ("kms_master_key_id", "kms_key_id", "kms_key_arn", "key_id",
                "server_side_encryption.kms_key_arn",
                "rule.apply_server_side_encryption_by_default.kms_master_key_id"), BE,
          "data would not be encrypted with the pipeline's own key"),
    Guard("aws_s3_bucket_server_side_encryption_configuration",
          ("rule.apply_server_side_encryption_by_default.sse_algorithm",), BE,
          "objects would be encrypted with AWS's default"),
    Guard("aws_s3_bucket_public_access_block",
          ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), STAY,
          "the bucket could be opened to everyone"),
    Guard("aws_s3_bucket_ownership_controls", ("rule.object_ownership",), STAY,
          "ACLs could grant access, too"),
    Guard("aws_s3_bucket_logging", ("target_bucket", "target_prefix"), STAY,
          "S3 may write access logs only where the spec has them"),
    Guard("*", ("policy",), STAY, _POLICY),
    Guard("local", ("Statement",), STAY, _POLICY),
    Guard("aws_iam_role", ("assume_role_policy",), STAY, "not only Lambda could assume the role"),
    Guard("aws_lambda_permission", ("source_arn", "source_account", "principal", "action"), STAY,
          "other callers could invoke the function"),
    Guard("aws_lambda_function_url", ("authorization_type",), STAY, "anyone could call the URL"),
    Guard("aws_api_gateway_method", ("authorization", "api_key_required", "authorizer_id"), STAY,
          "others could call the endpoint than the spec says"),
    Guard("aws_api_gateway_domain_name", ("security_policy",), STAY,
          "the domain would take calls by older TLS"),
    Guard("aws_api_gateway_rest_api", ("disable_execute_api_endpoint",), STAY,
          "the API would answer at its other address too"),
    Guard("aws_ssm_parameter", ("type", "value_wo", "value_wo_version"), STAY,
          "the secret would be plain text, or in Terraform's state"),
    Guard("aws_cognito_user_pool_client", ("generate_secret",), STAY,
          "the client's secret would be in Terraform's state"),
    Guard("aws_cognito_user_pool_client", ("write_attributes",), STAY,
          "users could change attributes of theirs that others rely on"),
    Guard("var", ("ephemeral", "default"), STAY,
          "the secret would be in Terraform's plan, or Terraform would prompt for it"),
    Guard("aws_lambda_function", ("code_signing_config_arn", "vpc_config"), BE,
          "the function would run outside its VPC, or run unsigned code"),
    Guard("aws_wafv2_web_acl", ("rule",), HOLD, "the firewall would let more through"),
    Guard("aws_wafv2_web_acl_association", ("web_acl_arn",), BE, "no web ACL would protect the API"),
    # No messages, events or data are lost.
    Guard("aws_sqs_queue", ("redrive_policy",), BE, "a message that always fails would be lost"),
    Guard("aws_sqs_queue", ("redrive_allow_policy",), BE,
          "any queue could put its messages into this dead-letter queue"),
    Guard("local", ("deadLetterTargetArn", "redrivePermission", "sourceQueueArns"), STAY,
          "dead letters would go elsewhere"),
    Guard("aws_lambda_function", ("dead_letter_config.target_arn",), BE,
          "an event that always fails would be lost"),
    Guard("aws_lambda_event_source_mapping", ("function_response_types",), HOLD,
          "one failed message would repeat its whole batch"),
    Guard("aws_lambda_event_source_mapping", ("scaling_config.maximum_concurrency",), BE,
          "throttled messages would become dead letters", unless=("provisioned_poller_config",)),
    Guard("aws_dynamodb_table", ("point_in_time_recovery.enabled",), STAY, "lost data could not be restored"),
    Guard("aws_dynamodb_table", ("global_secondary_index",), HOLD, "queries of an index would fail"),
    Guard("aws_dynamodb_table", ("stream_enabled", "stream_view_type"), STAY,
          "what reads the stream would get other records, or none"),
    Guard("aws_kinesis_stream", ("encryption_type",), STAY, "records would not be encrypted"),
    Guard("aws_kinesis_stream", ("retention_period",), BE, "records would be lost after a day"),
    Guard("aws_iot_topic_rule", ("error_action",), BE, "messages that an action fails at would be lost"),
    Guard("aws_s3_bucket_notification", ("lambda_function",), HOLD, "new objects would trigger no function"),
    # Nothing takes more than its share, or costs money forever.
    Guard("aws_lambda_function", ("reserved_concurrent_executions",), BE,
          "one function could take all of the account's concurrency"),
    Guard("aws_cloudwatch_log_group", ("retention_in_days",), BE,
          "logs would be kept, and paid for, forever"),
    Guard("aws_s3_bucket_lifecycle_configuration", ("rule.abort_incomplete_multipart_upload",), BE,
          "parts of incomplete uploads would be kept, and paid for, forever"),
    Guard("aws_api_gateway_method_settings",
          ("settings.throttling_rate_limit", "settings.throttling_burst_limit"), BE,
          "only the account's limits for all APIs would apply"),
    Guard("aws_api_gateway_method_settings", ("settings.data_trace_enabled",), STAY,
          "the bodies of requests would be logged"),
    # Requests are validated, and events are visible.
    Guard("aws_api_gateway_request_validator", ("validate_request_body", "validate_request_parameters"), STAY,
          "requests would reach the function without being validated"),
    Guard("aws_api_gateway_method", ("request_validator_id", "request_models", "request_parameters"), BE,
          "requests would reach the function without being validated"),
    Guard("aws_lambda_function", ("tracing_config.mode",), STAY, "there would be no traces"),
    Guard("aws_api_gateway_stage", ("xray_tracing_enabled",), STAY, "there would be no traces"),
    Guard("aws_lambda_function", ("logging_config.log_group",), STAY,
          "a log group that Lambda creates keeps its logs forever"),
    Guard("aws_api_gateway_stage", ("access_log_settings.destination_arn",), BE,
          "there would be no access log"),
    Guard("aws_lambda_function", ("environment.variables",), HOLD,
          "the handler would lack the names of its resources"),
    Guard("aws_cloudwatch_metric_alarm", ("alarm_actions",), BE, "the alarm would notify nobody"),
    Guard("aws_cloudwatch_metric_alarm", ("metric_name", "namespace", "dimensions"), STAY,
          "the alarm would watch another metric"),
    Guard("output", ("value",), STAY, "iotgen and other users of the output would get a wrong value"),
    Guard("terraform", ("backend.s3.encrypt", "backend.s3.use_lockfile"), STAY,
          "the state would not be encrypted, or two people could apply at once"),
)
# fmt: on
