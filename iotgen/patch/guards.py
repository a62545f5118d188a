"""What of a rendered body a patch should leave as it is, and why.

A guard holds for what iotgen renders: a setting that is not there is not guarded.
"""

from dataclasses import dataclass
from enum import Enum


class Must(Enum):
    """What has to be true of a setting after the patch; the value begins the message when it is not."""

    STAY = "with another"
    BE = "without"
    HOLD = "with less in"
    ABSENT = "with"


@dataclass(frozen=True)
class Guard:
    """What must be true of some settings of a kind of address, and what happens otherwise.

    `kind` is a type, or what an address begins with. A path goes through lists. `unless` does the same in
    another way. What is `relied` on is an error.
    """

    kind: str
    paths: tuple[str, ...]
    must: Must
    why: str
    unless: tuple[str, ...] = ()
    relied: bool = False


_POLICY = "more could be allowed than the spec lets, or requests without TLS"
STAY, BE, HOLD = Must.STAY, Must.BE, Must.HOLD
_NAMED = "policies, alarms, variables and outputs of others name it so"
_ZIP = "iotgen makes the zip and its digest anew at each render"
_CODE = "iotgen checks and packages the code by what the spec says of it"

# fmt: off
GUARDS = (
    # What iotgen itself relies on.
    *(Guard(kind, (name,), STAY, _NAMED, relied=True) for kind, name in (
        ("aws_lambda_function", "function_name"), ("aws_sqs_queue", "name"), ("aws_sns_topic", "name"),
        ("aws_dynamodb_table", "name"), ("aws_s3_bucket", "bucket"), ("aws_ssm_parameter", "name"),
        ("aws_cloudwatch_log_group", "name"), ("aws_api_gateway_rest_api", "name"),
        ("aws_api_gateway_stage", "stage_name"), ("aws_api_gateway_method", "http_method"),
        ("aws_api_gateway_resource", "path_part"), ("aws_cloudwatch_metric_alarm", "alarm_name"))),
    Guard("aws_lambda_*", ("filename", "source_code_hash"), STAY, _ZIP, relied=True,
          unless=("s3_bucket", "image_uri")),
    Guard("aws_lambda_function", ("handler", "runtime", "architectures", "layers"), STAY, _CODE,
          relied=True, unless=("image_uri",)),
    Guard("aws_dynamodb_table", ("hash_key", "range_key"), STAY,
          "handlers find rows by the keys of the spec, and what is stored would be lost", relied=True),
    Guard("aws_api_gateway_deployment", ("triggers.redeployment",), STAY,
          "a change to the API would not go live", relied=True),
    Guard("provider", ("region", "default_tags.tags.pipeline"), STAY,
          "iotgen knows by it what is deployed from the folder, and where", relied=True),
    Guard("aws_*", ("count", "for_each"), Must.ABSENT, "others refer to the resource without an index",
          relied=True),
    # What keeps things alive, and in order.
    Guard("*", ("depends_on",), HOLD, "AWS refuses what is made before the other is there"),
    Guard("*", ("lifecycle.create_before_destroy", "lifecycle.ignore_changes"), HOLD,
          "a later apply would fail, or undo what others wrote"),
    Guard("aws_s3_bucket", ("force_destroy",), STAY, "`iotgen destroy` could not remove the bucket"),
    # Encryption, and who may do what.
    Guard("aws_sqs_queue", ("sqs_managed_sse_enabled",), STAY, "messages would not be encrypted",
          unless=("kms_master_key_id",)),
    Guard("*", ("kms_master_key_id", "kms_key_id", "kms_key_arn", "key_id",
                "server_side_encryption.kms_key_arn",
                "rule.apply_server_side_encryption_by_default.kms_master_key_id"), BE,
          "it would not be encrypted with the pipeline's own key"),
    Guard("aws_s3_bucket_server_side_encryption_configuration",
          ("rule.apply_server_side_encryption_by_default.sse_algorithm",), BE,
          "objects would be encrypted as AWS happens to do"),
    Guard("aws_s3_bucket_public_access_block",
          ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), STAY,
          "the bucket could be opened to everyone"),
    Guard("aws_s3_bucket_ownership_controls", ("rule.object_ownership",), STAY,
          "access would be given by ACLs too"),
    Guard("*", ("policy",), STAY, _POLICY),
    Guard("local", ("Statement",), STAY, _POLICY),
    Guard("aws_iam_role", ("assume_role_policy",), STAY, "others than Lambda could take the role"),
    Guard("aws_lambda_permission", ("source_arn", "source_account", "principal", "action"), STAY,
          "others could call the function"),
    Guard("aws_api_gateway_method", ("authorization",), STAY, "anyone could call the endpoint"),
    Guard("aws_ssm_parameter", ("type", "value_wo", "value_wo_version"), STAY,
          "the secret would be plain text, or in Terraform's state"),
    Guard("var", ("ephemeral", "default"), STAY, "the secret would be in Terraform's plan, or be asked for"),
    Guard("aws_lambda_function", ("code_signing_config_arn", "vpc_config"), BE,
          "the function would run in another place than the spec says, or code that nobody signed"),
    Guard("aws_wafv2_web_acl_association", ("web_acl_arn",), BE, "nothing would stand before the API"),
    # Nothing is lost.
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
    Guard("aws_s3_bucket_notification", ("lambda_function",), HOLD, "new objects would start nothing"),
    # Nothing takes more than its share, or is paid for ever.
    Guard("aws_lambda_function", ("reserved_concurrent_executions",), BE,
          "one function could take all of the account's concurrency"),
    Guard("aws_cloudwatch_log_group", ("retention_in_days",), BE,
          "logs would be kept, and paid for, for ever"),
    Guard("aws_s3_bucket_lifecycle_configuration", ("rule.abort_incomplete_multipart_upload",), BE,
          "parts of uploads that never ended would be kept, and paid for, for ever"),
    Guard("aws_api_gateway_method_settings",
          ("settings.throttling_rate_limit", "settings.throttling_burst_limit"), BE,
          "only the limits that all APIs of the account share would hold"),
    Guard("aws_api_gateway_method_settings", ("settings.data_trace_enabled",), STAY,
          "the bodies of requests would be logged"),
    # What is invalid stays out, and what happens is seen.
    Guard("aws_api_gateway_request_validator", ("validate_request_body", "validate_request_parameters"), STAY,
          "requests would reach the function without being validated"),
    Guard("aws_api_gateway_method", ("request_validator_id", "request_models", "request_parameters"), BE,
          "requests would reach the function without being validated"),
    Guard("aws_lambda_function", ("tracing_config.mode",), STAY, "there would be no traces"),
    Guard("aws_api_gateway_stage", ("xray_tracing_enabled",), STAY, "there would be no traces"),
    Guard("aws_lambda_function", ("logging_config.log_group",), STAY,
          "a log group that Lambda makes keeps its logs for ever"),
    Guard("aws_api_gateway_stage", ("access_log_settings.destination_arn",), BE,
          "nobody could tell who called"),
    Guard("aws_lambda_function", ("environment.variables",), HOLD,
          "the handler could not find what it works with"),
    Guard("aws_cloudwatch_metric_alarm", ("alarm_actions",), BE, "nobody would be told"),
    Guard("aws_cloudwatch_metric_alarm", ("metric_name", "namespace", "dimensions"), STAY,
          "it would watch something else"),
    Guard("output", ("value",), STAY, "iotgen and other users of the outputs would not find it"),
    Guard("terraform", ("backend.s3.encrypt", "backend.s3.use_lockfile"), STAY,
          "the state would not be encrypted, or two people could apply at once"),
)
# fmt: on
