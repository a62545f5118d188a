"""What a template has to make whatever else it does, or AWS or Terraform would refuse or lose something.

A demand holds for the resources in which the built-in template meets it, with the same holes: a trigger that
has no limit of concurrency by its spec needs none from an override of its template either. `unmet` checks.
"""

from dataclasses import dataclass

from iotgen.problem import Severity

# Instead of a value: whatever it is, or all that the built-in template has there.
ANY = object()
ALL = object()
SHOULD = Severity.WARNING


@dataclass(frozen=True)
class Demand:
    """What an override of `template` has to say at `path` of each `type` that it makes, and why.

    `type` may also be one of Terraform's own blocks; a policy is one of `locals`. `rule` is the number among
    the rules for AWS that iotgen was made by, 0 for what iotgen itself needs. `unless` names settings of the
    resource, or other types, that do the same in another way. A value that is `implied` need not be written.
    """

    template: str
    type: str
    path: str
    value: object
    rule: int
    why: str
    source: str
    severity: Severity = Severity.ERROR
    unless: tuple[str, ...] = ()
    implied: bool = False


AWS = "https://docs.aws.amazon.com"
LAMBDA = f"{AWS}/lambda/latest/dg"
API = f"{AWS}/apigateway/latest/developerguide"
SQS = f"{AWS}/AWSSimpleQueueService/latest/SQSDeveloperGuide"
DYNAMODB = f"{AWS}/amazondynamodb/latest/developerguide"
S3 = f"{AWS}/AmazonS3/latest/userguide"
ALARMS = f"{AWS}/AmazonCloudWatch/latest/monitoring"
TERRAFORM = "https://developer.hashicorp.com/terraform/language"
PROVIDER = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources"
PROVIDER_ISSUES = "https://github.com/hashicorp/terraform-provider-aws/issues"

ALARM = "aws_cloudwatch_metric_alarm"
DEPLOYMENT = "aws_api_gateway_deployment"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
FUNCTION = "aws_lambda_function"
LAYER = "aws_lambda_layer_version"
LIFECYCLE = "aws_s3_bucket_lifecycle_configuration"
LOG_GROUP = "aws_cloudwatch_log_group"
MAPPING = "aws_lambda_event_source_mapping"
METHOD = "aws_api_gateway_method"
NOTIFICATION = "aws_s3_bucket_notification"
PARAMETER = "aws_ssm_parameter"
PERMISSION = "aws_lambda_permission"
POLICY = "locals"
PUBLIC_BLOCK = "aws_s3_bucket_public_access_block"
QUEUE = "aws_sqs_queue"
SETTINGS = "aws_api_gateway_method_settings"
STAGE = "aws_api_gateway_stage"
TABLE = "aws_dynamodb_table"
VALIDATOR = "aws_api_gateway_request_validator"

_TLS = "without it, requests that are not encrypted are answered"
_LOGS = "a log group that Lambda makes keeps its logs for ever, and blocks the next deployment"
_LATE = "changed code would not be deployed"
_INVALID = "requests would reach the function without being validated"
_REMOVABLE = "the pipeline could not be destroyed"
_PUBLIC = "the bucket could be opened to everyone"
_ALLOWS = "the statement would allow everyone what it denies"
_MISNAMED = "Terraform would make up a name, which others don't find"
_OUTPUT = "iotgen and other users of the outputs would not find it"
_SHARED = "only the limits that all APIs of the account share would hold"
_BLIND = "it would watch nothing, and never fire"
_KEY = "it would not be encrypted with the pipeline's own key"
_QUERY = ("metric_query",)
_KEYS = ("kms_master_key_id",)
_DESTINATION = ("aws_lambda_function_event_invoke_config",)
_IMAGE = ("image_uri",)
_SOURCE = ("image_uri", "s3_bucket")

# fmt: off
DEMANDS = (
    Demand("queue", QUEUE, "redrive_policy", ANY, 2,
           "a message that always fails would be lost",
           f"{LAMBDA}/services-sqs-configure.html", unless=("aws_sqs_queue_redrive_policy",)),
    Demand("queue", QUEUE, "visibility_timeout_seconds", ANY, 36,
           "a message would be delivered again while it is worked on",
           f"{LAMBDA}/services-sqs-configure.html"),
    Demand("queue", QUEUE, "sqs_managed_sse_enabled", True, 44,
           "messages would not be encrypted",
           f"{SQS}/sqs-configure-sqs-sse-queue.html", severity=SHOULD, unless=_KEYS, implied=True),
    Demand("queue", QUEUE, "policy", ANY, 45,
           _TLS,
           f"{SQS}/sqs-security-best-practices.html", severity=SHOULD, unless=("aws_sqs_queue_policy",)),
    Demand("queue", POLICY, "Statement.Condition.Bool.aws:SecureTransport", False, 45,
           _TLS, f"{SQS}/sqs-security-best-practices.html", severity=SHOULD),
    Demand("dead_letter_queue", QUEUE, "redrive_allow_policy", ANY, 42,
           "any queue could put its messages into this dead-letter queue",
           f"{SQS}/sqs-dead-letter-queues.html", unless=("aws_sqs_queue_redrive_allow_policy",)),
    Demand("queue", QUEUE, "depends_on", ALL, 42,
           "AWS refuses a queue whose dead-letter queue is not there yet",
           f"{SQS}/sqs-dead-letter-queues.html"),
    Demand("queue", POLICY, "Statement.Effect", "Deny", 45,
           _ALLOWS, f"{SQS}/sqs-security-best-practices.html"),
    Demand("queue", POLICY, "Statement.Principal", ALL, 45,
           _TLS, f"{SQS}/sqs-security-best-practices.html", severity=SHOULD),
    Demand("queue", QUEUE, "name", ANY, 45,
           _MISNAMED, f"{PROVIDER}/sqs_queue"),
    Demand("dead_letter_queue", QUEUE, "message_retention_seconds", 1209600, 43,
           "a dead letter would be gone before someone sees it",
           f"{SQS}/setting-up-dead-letter-queue-retention.html"),
    Demand("dead_letter_queue", QUEUE, "sqs_managed_sse_enabled", True, 44,
           "messages would not be encrypted",
           f"{SQS}/sqs-configure-sqs-sse-queue.html", severity=SHOULD, unless=_KEYS, implied=True),
    Demand("dead_letter_queue", QUEUE, "policy", ANY, 45,
           _TLS,
           f"{SQS}/sqs-security-best-practices.html", severity=SHOULD, unless=("aws_sqs_queue_policy",)),
    Demand("dead_letter_queue", POLICY, "Statement.Condition.Bool.aws:SecureTransport", False, 45,
           _TLS, f"{SQS}/sqs-security-best-practices.html", severity=SHOULD),
    Demand("dead_letter_queue", POLICY, "Statement.Effect", "Deny", 45,
           _ALLOWS, f"{SQS}/sqs-security-best-practices.html"),
    Demand("dead_letter_queue", POLICY, "Statement.Principal", ALL, 45,
           _TLS, f"{SQS}/sqs-security-best-practices.html", severity=SHOULD),
    Demand("dead_letter_queue", QUEUE, "name", ANY, 45,
           _MISNAMED, f"{PROVIDER}/sqs_queue"),
    Demand("queue_trigger", MAPPING, "function_response_types", "ReportBatchItemFailures", 38,
           "one failed message would repeat its whole batch", f"{LAMBDA}/services-sqs-errorhandling.html"),
    Demand("queue_trigger", MAPPING, "scaling_config.maximum_concurrency", ANY, 39,
           "throttled messages would become dead letters",
           f"{LAMBDA}/services-sqs-scaling.html", unless=("provisioned_poller_config",)),
    Demand("queue_trigger", MAPPING, "depends_on", ALL, 40,
           "AWS refuses a trigger whose role may not read the queue yet", f"{PROVIDER_ISSUES}/14042"),
    Demand("queue_trigger", MAPPING, "event_source_arn", ANY, 40,
           "the messages would start nothing", f"{PROVIDER}/lambda_event_source_mapping"),
    Demand("queue_trigger", MAPPING, "maximum_batching_window_in_seconds", ANY, 37,
           "AWS refuses large batches without it", f"{LAMBDA}/services-sqs-configure.html"),
    Demand("queue_trigger", MAPPING, "batch_size", ANY, 37,
           "it would be 10, whatever the spec says",
           f"{PROVIDER}/lambda_event_source_mapping", severity=SHOULD),
    Demand("function", FUNCTION, "source_code_hash", ANY, 7,
           _LATE, f"{PROVIDER}/lambda_function", unless=_SOURCE),
    Demand("function", FUNCTION, "dead_letter_config.target_arn", ANY, 1,
           "an event that always fails would be lost",
           f"{LAMBDA}/invocation-async-retain-records.html", unless=_DESTINATION),
    Demand("function", FUNCTION, "depends_on", ALL, 5,
           "AWS refuses a function whose role may not do its work yet, and makes log groups of its own",
           f"{PROVIDER}/lambda_function"),
    Demand("function", FUNCTION, "tracing_config.mode", "Active", 73,
           "there would be no traces", f"{LAMBDA}/services-xray.html", severity=SHOULD),
    Demand("function", FUNCTION, "logging_config.log_format", "JSON", 6,
           "AWS refuses log levels with text logs",
           f"{LAMBDA}/monitoring-cloudwatchlogs-log-level.html", severity=SHOULD),
    Demand("function", FUNCTION, "logging_config.log_group", ANY, 5,
           _LOGS, f"{PROVIDER}/lambda_function"),
    Demand("function", FUNCTION, "reserved_concurrent_executions", ANY, 3,
           "one function could take all of the account's concurrency",
           f"{LAMBDA}/configuration-concurrency.html"),
    Demand("function", LOG_GROUP, "retention_in_days", ANY, 5,
           "logs would be kept, and paid for, for ever", f"{PROVIDER}/cloudwatch_log_group"),
    Demand("function", LOG_GROUP, "skip_destroy", False, 5,
           _LOGS, f"{PROVIDER}/cloudwatch_log_group", implied=True),
    Demand("function", "aws_iam_role_policy", "policy", ANY, 57,
           "the function could do nothing of what the spec lets it",
           f"{LAMBDA}/lambda-intro-execution-role.html", unless=("aws_iam_role_policy_attachment",)),
    Demand("function", POLICY, "Statement.Action", ALL, 57,
           "the function could not do all that the spec lets it",
           f"{LAMBDA}/lambda-intro-execution-role.html"),
    Demand("function", FUNCTION, "filename", ANY, 7,
           "there would be no code to run", f"{PROVIDER}/lambda_function", unless=_SOURCE),
    Demand("function", FUNCTION, "handler", ANY, 7,
           "AWS refuses a zip without it", f"{AWS}/lambda/latest/api/API_CreateFunction.html", unless=_IMAGE),
    Demand("function", FUNCTION, "runtime", ANY, 17,
           "AWS refuses a zip without it", f"{AWS}/lambda/latest/api/API_CreateFunction.html", unless=_IMAGE),
    Demand("function", FUNCTION, "layers", ANY, 9,
           "the handler could not import its libraries", f"{PROVIDER}/lambda_function", unless=_IMAGE),
    Demand("function", FUNCTION, "environment.variables", ANY, 63,
           "the handler could not find what it works with", f"{PROVIDER}/lambda_function"),
    Demand("function", FUNCTION, "timeout", ANY, 36,
           "it would be 3 s, whatever the spec says", f"{PROVIDER}/lambda_function", severity=SHOULD),
    Demand("function", FUNCTION, "memory_size", ANY, 4,
           "it would be 128 MB, whatever the spec says", f"{PROVIDER}/lambda_function", severity=SHOULD),
    Demand("function", LOG_GROUP, "name", ANY, 5,
           _MISNAMED, f"{PROVIDER}/cloudwatch_log_group"),
    Demand("layer", LAYER, "source_code_hash", ANY, 7,
           _LATE, f"{PROVIDER}/lambda_layer_version", unless=_SOURCE),
    Demand("layer", LAYER, "compatible_runtimes", ANY, 10,
           "Lambda's console would not offer it to the functions of its Python",
           f"{LAMBDA}/python-layers.html", severity=SHOULD),
    Demand("layer", LAYER, "skip_destroy", False, 12,
           "its versions would outlive the pipeline",
           f"{PROVIDER}/lambda_layer_version", severity=SHOULD, implied=True),
    Demand("layer", LAYER, "filename", ANY, 7,
           "there would be nothing in the layer", f"{PROVIDER}/lambda_layer_version", unless=_SOURCE),
    Demand("table", TABLE, "billing_mode", "PAY_PER_REQUEST", 50,
           "the table would need capacities",
           f"{PROVIDER}/dynamodb_table", unless=("read_capacity",)),
    Demand("table", TABLE, "point_in_time_recovery.enabled", ALL, 53,
           "lost data could not be restored", f"{DYNAMODB}/Point-in-time-recovery.html"),
    Demand("table", TABLE, "deletion_protection_enabled", False, 53,
           _REMOVABLE, f"{PROVIDER}/dynamodb_table", implied=True),
    Demand("table", TABLE, "attribute.name", ALL, 50,
           "AWS refuses a key whose type is not there", f"{PROVIDER}/dynamodb_table"),
    Demand("table", TABLE, "hash_key", ALL, 50,
           "the handlers could not find what they store", f"{PROVIDER}/dynamodb_table"),
    Demand("table", TABLE, "range_key", ALL, 51,
           "one reading would overwrite another", f"{PROVIDER}/dynamodb_table"),
    Demand("bucket", "aws_s3_bucket", "force_destroy", True, 67,
           _REMOVABLE, f"{PROVIDER}/s3_bucket"),
    Demand("bucket", PUBLIC_BLOCK, "block_public_acls", True, 67,
           _PUBLIC, f"{S3}/access-control-block-public-access.html"),
    Demand("bucket", PUBLIC_BLOCK, "block_public_policy", True, 67,
           _PUBLIC, f"{S3}/access-control-block-public-access.html"),
    Demand("bucket", PUBLIC_BLOCK, "ignore_public_acls", True, 67,
           _PUBLIC, f"{S3}/access-control-block-public-access.html"),
    Demand("bucket", PUBLIC_BLOCK, "restrict_public_buckets", True, 67,
           _PUBLIC, f"{S3}/access-control-block-public-access.html"),
    Demand("bucket", ENCRYPTION, "rule.apply_server_side_encryption_by_default.sse_algorithm", ANY, 67,
           "objects would be encrypted as AWS happens to do", f"{S3}/bucket-encryption.html"),
    Demand("bucket", LIFECYCLE, "rule.abort_incomplete_multipart_upload", ANY, 67,
           "parts of uploads that never ended would be kept, and paid for, for ever",
           f"{S3}/mpu-abort-incomplete-mpu-lifecycle-config.html"),
    Demand("bucket", "aws_s3_bucket_policy", "policy", ANY, 67,
           _TLS, f"{S3}/security-best-practices.html"),
    Demand("bucket", POLICY, "Statement.Condition.Bool.aws:SecureTransport", False, 67,
           _TLS, f"{S3}/security-best-practices.html"),
    Demand("bucket_notification", NOTIFICATION, "lambda_function.lambda_function_arn", ALL, 66,
           "new objects would start nothing", f"{S3}/EventNotifications.html"),
    Demand("bucket_notification", NOTIFICATION, "depends_on", ALL, 65,
           "AWS refuses to notify a function that the bucket may not call yet",
           f"{PROVIDER}/s3_bucket_notification"),
    Demand("bucket", POLICY, "Statement.Effect", "Deny", 67,
           _ALLOWS, f"{S3}/security-best-practices.html"),
    Demand("bucket", POLICY, "Statement.Principal", ALL, 67,
           _TLS, f"{S3}/security-best-practices.html"),
    Demand("bucket", "aws_s3_bucket", "bucket", ANY, 67,
           _MISNAMED, f"{PROVIDER}/s3_bucket"),
    Demand("bucket_trigger", PERMISSION, "source_arn", ANY, 65,
           "any bucket could call the function", f"{LAMBDA}/permissions-function-services.html"),
    Demand("bucket_trigger", PERMISSION, "source_account", ANY, 65,
           "a bucket of that name in another account could call the function",
           f"{LAMBDA}/permissions-function-services.html"),
    Demand("endpoint", METHOD, "authorization", "AWS_IAM", 33,
           "anyone could call the endpoint", f"{API}/permissions.html"),
    Demand("endpoint", METHOD, "request_validator_id", ANY, 23,
           _INVALID, f"{API}/api-gateway-method-request-validation.html"),
    Demand("endpoint", METHOD, "request_models", ANY, 23,
           _INVALID, f"{API}/api-gateway-method-request-validation.html"),
    Demand("endpoint", METHOD, "request_models.$default", ANY, 23,
           "a body of another content type would not be validated",
           f"{API}/api-gateway-method-request-validation.html"),
    Demand("endpoint", METHOD, "request_parameters", ANY, 23,
           _INVALID, f"{API}/api-gateway-method-request-validation.html"),
    Demand("endpoint", "aws_api_gateway_integration", "integration_http_method", "POST", 31,
           "Lambda is called by POST only", f"{PROVIDER}/api_gateway_integration"),
    Demand("endpoint", PERMISSION, "source_arn", ANY, 32,
           "any API could call the function", f"{LAMBDA}/permissions-function-services.html"),
    Demand("api", VALIDATOR, "validate_request_body", True, 23,
           _INVALID, f"{API}/api-gateway-method-request-validation.html"),
    Demand("api", VALIDATOR, "validate_request_parameters", True, 23,
           _INVALID, f"{API}/api-gateway-method-request-validation.html"),
    Demand("api", SETTINGS, "settings.throttling_rate_limit", ANY, 26,
           _SHARED, f"{API}/api-gateway-request-throttling.html"),
    Demand("api", SETTINGS, "settings.throttling_burst_limit", ANY, 26,
           _SHARED, f"{API}/api-gateway-request-throttling.html"),
    Demand("api", SETTINGS, "settings.data_trace_enabled", False, 28,
           "the bodies of requests would be logged",
           f"{API}/set-up-logging.html", severity=SHOULD, implied=True),
    Demand("api", LOG_GROUP, "retention_in_days", ANY, 28,
           "logs would be kept, and paid for, for ever", f"{PROVIDER}/cloudwatch_log_group", severity=SHOULD),
    Demand("api", LOG_GROUP, "name", ANY, 28,
           _MISNAMED, f"{PROVIDER}/cloudwatch_log_group"),
    Demand("endpoint_caller", POLICY, "Statement.Action", ALL, 33,
           "its holder could not call the endpoint", f"{API}/permissions.html"),
    Demand("api_stage", DEPLOYMENT, "triggers.redeployment", ALL, 18,
           "a change to the API would not go live", f"{PROVIDER}/api_gateway_deployment"),
    Demand("api_stage", DEPLOYMENT, "depends_on", ALL, 18,
           "what is made after the deployment is not in it", f"{PROVIDER}/api_gateway_deployment"),
    Demand("api_stage", DEPLOYMENT, "lifecycle.create_before_destroy", True, 19,
           "AWS refuses to delete a deployment that a stage is on", f"{PROVIDER}/api_gateway_deployment"),
    Demand("api_stage", STAGE, "xray_tracing_enabled", True, 29,
           "there would be no traces", f"{API}/apigateway-xray.html"),
    Demand("api_stage", STAGE, "access_log_settings.destination_arn", ANY, 27,
           "nobody could tell who called", f"{API}/set-up-logging.html", severity=SHOULD),
    Demand("api_stage", STAGE, "depends_on", ALL, 28,
           "the API would be called before it may call its functions, and would make a log group of its own",
           f"{API}/set-up-logging.html"),
    Demand("topic", "aws_sns_topic_policy", "policy", ANY, 60,
           "alarms could not be published", f"{ALARMS}/Notify_Users_Alarm_Changes.html"),
    Demand("topic", POLICY, "Statement.Condition.StringEquals.aws:SourceAccount", ANY, 60,
           "others could publish, or without encryption", f"{ALARMS}/Notify_Users_Alarm_Changes.html"),
    Demand("topic", POLICY, "Statement.Effect", "Deny", 60,
           _ALLOWS, f"{AWS}/sns/latest/dg/sns-security-best-practices.html"),
    Demand("topic", POLICY, "Statement.Action", ALL, 60,
           "alarms could not be published", f"{ALARMS}/Notify_Users_Alarm_Changes.html"),
    Demand("topic", POLICY, "Statement.Principal", ALL, 60,
           "alarms could not be published", f"{ALARMS}/Notify_Users_Alarm_Changes.html"),
    Demand("parameter", PARAMETER, "type", ALL, 62,
           "a secret would be stored as plain text",
           f"{AWS}/systems-manager/latest/userguide/what-is-a-parameter.html"),
    Demand("parameter", PARAMETER, "value_wo", ANY, 62,
           "the secret would be in Terraform's state", f"{TERRAFORM}/manage-sensitive-data/write-only"),
    Demand("parameter", PARAMETER, "value_wo_version", ANY, 62,
           "the secret would never be written", f"{TERRAFORM}/manage-sensitive-data/write-only"),
    Demand("parameter", "variable", "default", ANY, 62,
           "Terraform would ask for it at every plan", f"{TERRAFORM}/block/variable"),
    Demand("parameter", "variable", "ephemeral", True, 62,
           "the secret would be in Terraform's plan", f"{TERRAFORM}/block/variable"),
    Demand("alarm", ALARM, "treat_missing_data", "notBreaching", 69,
           "an alarm without data would not be quiet", f"{ALARMS}/alarms-and-missing-data.html"),
    Demand("alarm", ALARM, "alarm_actions", ANY, 70,
           "nobody would be told", f"{ALARMS}/Notify_Users_Alarm_Changes.html"),
    Demand("alarm", ALARM, "metric_name", ANY, 47,
           _BLIND, f"{PROVIDER}/cloudwatch_metric_alarm", unless=_QUERY),
    Demand("alarm", ALARM, "dimensions", ANY, 47,
           _BLIND, f"{ALARMS}/cloudwatch_concepts.html", unless=_QUERY),
    Demand("alarm", ALARM, "threshold", ANY, 70,
           _BLIND, f"{PROVIDER}/cloudwatch_metric_alarm", unless=("threshold_metric_id",)),
    Demand("alarm", ALARM, "period", ANY, 69,
           _BLIND, f"{PROVIDER}/cloudwatch_metric_alarm", unless=_QUERY),
    Demand("output", "output", "value", ANY, 0,
           _OUTPUT, f"{TERRAFORM}/block/output"),
    Demand("table", TABLE, "server_side_encryption.kms_key_arn", ANY, 0,
           _KEY, f"{DYNAMODB}/EncryptionAtRest.html"),
    Demand("queue", QUEUE, "kms_master_key_id", ANY, 0,
           _KEY, f"{SQS}/sqs-key-management.html"),
    Demand("dead_letter_queue", QUEUE, "kms_master_key_id", ANY, 0,
           _KEY, f"{SQS}/sqs-key-management.html"),
    Demand("topic", "aws_sns_topic", "kms_master_key_id", ANY, 0,
           _KEY, f"{PROVIDER}/sns_topic"),
    Demand("bucket", ENCRYPTION, "rule.apply_server_side_encryption_by_default.kms_master_key_id", ANY, 0,
           _KEY, f"{S3}/UsingKMSEncryption.html"),
    Demand("parameter", PARAMETER, "key_id", ANY, 0,
           _KEY, f"{PROVIDER}/ssm_parameter"),
    Demand("function", FUNCTION, "kms_key_arn", ANY, 0,
           _KEY, f"{PROVIDER}/lambda_function"),
    Demand("function", LOG_GROUP, "kms_key_id", ANY, 0,
           _KEY, f"{AWS}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"),
    Demand("api", LOG_GROUP, "kms_key_id", ANY, 0,
           _KEY, f"{AWS}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"),
    Demand("encryption_key", "aws_kms_key", "policy", ANY, 0,
           "CloudWatch could neither write logs nor publish alarms with it",
           f"{AWS}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html", unless=("aws_kms_key_policy",)),
    Demand("encryption_key", POLICY, "Statement.Principal", ALL, 0,
           "CloudWatch could neither write logs nor publish alarms with the key",
           f"{AWS}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"),
    Demand("encryption_key", POLICY, "Statement.Action", ALL, 0,
           "CloudWatch could neither write logs nor publish alarms with the key",
           f"{AWS}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"),
    Demand("function", FUNCTION, "vpc_config.subnet_ids", ANY, 0,
           "the function could not reach what is in the VPC", f"{LAMBDA}/configuration-vpc.html"),
    Demand("function", FUNCTION, "vpc_config.security_group_ids", ANY, 0,
           "the function could not reach what is in the VPC", f"{LAMBDA}/configuration-vpc.html"),
    Demand("function", FUNCTION, "code_signing_config_arn", ANY, 0,
           "the function's code would not be checked", f"{LAMBDA}/configuration-codesigning.html"),
    Demand("api_stage", "aws_wafv2_web_acl_association", "web_acl_arn", ANY, 0,
           "nothing would stand before the API",
           f"{API}/apigateway-control-access-aws-waf.html"),
    Demand("pipeline", "terraform", "aws.version", ANY, 78,
           "Terraform would take whichever provider is the newest", f"{TERRAFORM}/providers/requirements"),
    Demand("pipeline", "terraform", "s3.encrypt", True, 80,
           "only the bucket would say how it is encrypted", f"{TERRAFORM}/backend/s3", severity=SHOULD),
    Demand("pipeline", "terraform", "s3.use_lockfile", True, 80,
           "two people could apply at once", f"{TERRAFORM}/backend/s3", severity=SHOULD),
    Demand("pipeline", "provider", "region", ANY, 79,
           "it would be deployed wherever the environment says", PROVIDER.removesuffix("/resources")),
    Demand("pipeline", "provider", "default_tags.tags.pipeline", ANY, 0,
           "iotgen could not tell which pipeline a folder is of", PROVIDER.removesuffix("/resources")),
)
# fmt: on
