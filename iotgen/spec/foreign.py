"""The words of other tools, and their equivalents in a spec.

SAM, CloudFormation, Serverless, CDK, Chalice, Architect and Terraform call the same things by other names.
A word with a direct equivalent (`memory_size`, `memory`) becomes a suggestion; one whose equivalent has another
form gets a hint. Words are compared without case, dashes and underscores.
"""

# ruff: noqa: E501 - the words of a hint are one line

from collections.abc import Mapping
from dataclasses import dataclass

Words = Mapping[str, str]


@dataclass(frozen=True)
class Meaning:
    """The meaning of a word: `key` is its equivalent, with the same value; else `hint` says what to write.

    `instead` are the required settings that the hint stands for: they are not reported as missing.
    """

    key: str = ""
    hint: str = ""
    instead: tuple[str, ...] = ()


_NO_NAME = "Remove it: the name is derived from the key and the suffix."
_ACCESS = "List the resources that the function uses in its `access`; iotgen derives the role."
_TRIGGERS = (
    "Use `triggers` of a function for queues, schedules and the like, and `endpoints` of the spec for an API."
)
_KEY = "Write the attribute with its type: `partition_key: {device_id: string}`."
_SORT = "Write the attribute with its type: `sort_key: {timestamp: number}`."
_DEAD_LETTERS = "Remove it: each queue and each function has a dead-letter queue of its own."
_FAILURES = (
    "Remove it: each function has a dead-letter queue of its own. "
    "`async: {on_failure: {topic: KEY}}` tells others too."
)
_ATTACHED = "Write it under `access`: `access: {policies: [ARN]}`."
_TAKEN = "Write `role: {existing: ARN}`, for a role that exists already."
_METHOD = "Write each method as a key: `GET: {function: KEY}`."
_PLAN = "Write `keys: [KEY]`, with `quota` and `key_throttle` for what each key may use."
_AUTH = "Write `auth: iam`, `auth: none`, `auth: api_key`, or a function: `auth: {function: KEY}`."
_SETTINGS = "Write the settings right below the key: the section determines the type."
_NO_SCHEDULE = "Write `triggers: [{schedule: rate(5 minutes)}]` of the function."
_VARIES = "Write the value where it is used, and override it per environment under `environments`."
_DEFAULTS = "Write shared settings under `defaults: {function: ...}`, and the region as `region`."
_OIDC = "Write `oidc: ARN`, the identity provider's, and `subject`."
_ROUTES = "Write each path under `endpoints`: `/ingest: {method: POST, function: KEY}`."
_REDRIVE = "Set `max_receives` of the queue that triggers the function."
_ENCRYPTED = "Remove it: everything is encrypted. `encryption` of the spec sets the key, or `kms_key` here."
_NAMES_KEY = "Write `kms_key: KEY`, and the key under `keys`."
_TRIGGER = "Write `queue: KEY`."
_AN_ENDPOINT = "Write an endpoint: `endpoints: {/ingest: {method: POST, function: KEY}}`."
_KIND_OF_TRIGGER = "Write the kind as the setting: `triggers: [{queue: KEY}]`."
_ONLY_KEYS = "Declare only the key attributes: `partition_key: {device_id: string}`."
_SUBSCRIBES = "Let the function subscribe: `triggers: [{topic: KEY}]`."
_NOTIFIES = "Write it as a trigger of the function: `triggers: [{bucket: KEY}]`."
_SUBSCRIBER = "Write `email: ADDRESS` or `https: URL`."
_SECURE = "Write `secure: true` for a secret, `string_list: true` for a StringList, and omit it otherwise."
_BELOW_S3 = "Write it below `s3`: `state: {s3: {bucket: NAME}}`."

# Other words for each key, with the same value.
_SAME: Mapping[str, Words] = {
    "the spec": {
        "pipeline": "service app app_name name project stack stack_name",
        "region": "aws_region location",
        "permissions_boundary": "role_permissions_boundary iam_permissions_boundary boundary",
        "role_path": "iam_role_path",
        "functions": "lambda lambdas",
        "tables": "dynamodb dynamodb_tables databases",
        "queues": "sqs",
        "topics": "sns",
        "buckets": "s3",
        "user_pools": "cognito cognito_user_pools cognito_user_pool",
    },
    "a user pool": {
        "sign_in": "username_attributes alias_attributes sign_in_aliases aliases",
        "self_sign_up": "self_sign_up_enabled sign_up",
        "password": "password_policy passwords",
        "mfa": "mfa_configuration",
        "required": "required_attributes standard_attributes",
        "attributes": "custom_attributes",
        "domain": "domain_prefix",
        "clients": "client app_clients app_client user_pool_clients",
    },
    "the passwords": {
        "length": "minimum_length min_length",
        "require": "requires characters",
        "temporary_days": "temporary_password_validity_days temp_password_validity",
    },
    "a client": {
        "flows": "explicit_auth_flows auth_flows",
        "callback": "callback_urls callbacks redirect_uris",
        "logout": "logout_urls sign_out_urls",
        "scopes": "allowed_oauth_scopes oauth_scopes",
    },
    "a function": {
        "source": "code_uri code src path source_dir source_code directory folder",
        "memory": "memory_size memory_mb memory_in_mb memory_size_in_mb ram",
        "timeout": "timeout_seconds timeout_in_seconds timeout_sec",
        "environment": "environment_variables env env_vars variables",
        "reserved_concurrency": "reserved_concurrent_executions concurrency",
        "log_group": "log_group_name",
        "log_retention_days": "log_retention log_retention_in_days retention_in_days",
        "log_level": "application_log_level logging_level",
        "handler": "entrypoint entry_point",
        "code_signing": "code_signing_config_arn",
        "artifact": "zip package zip_file filename",
        "image": "image_uri container",
        "ephemeral_storage": "ephemeral_storage_size tmp_size storage",
        "vpc": "vpc_config",
        "url": "function_url function_url_config",
        "rollout": "deployment_preference deployment_settings gradual_deployment",
    },
    "the settings of a URL": {
        "auth": "auth_type authorization_type authorizer authorization",
        "stream": "streaming response_stream",
    },
    "the settings of cross-origin calls of a URL": {
        "origins": "allow_origins allowed_origins origin allow_origin",
        "methods": "allow_methods allowed_methods",
        "headers": "allow_headers allowed_headers",
        "expose": "expose_headers exposed_headers exposed_response_headers",
        "credentials": "allow_credentials",
        "max_age": "max_age_seconds",
    },
    "a table": {
        "name": "table_name",
        "ttl": "time_to_live ttl_attribute time_to_live_attribute",
        "point_in_time_recovery": "pitr backups",
        "deletion_protection": "deletion_protection_enabled delete_protection",
    },
    "a queue": {
        "name": "queue_name",
        "max_receives": "max_receive_count retries max_retries maximum_retries",
        "visibility_timeout": "visibility visibility_timeout_seconds",
    },
    "a trigger": {
        "queue": "sqs sqs_queue queue_name",
        "dead_letters": "dlq dead_letter dead_letter_queue rejected",
        "bucket": "s3 s3_bucket bucket_name",
        "stream": "kinesis",
        "table": "dynamodb table_name",
        "iot": "iot_rule topic_rule sql",
        "topic": "sns sns_topic topic_name",
        "schedule": "cron rate scheduled schedule_expression",
        "event": "event_bridge event_bridge_rule cloudwatch_event event_pattern pattern_event",
        "log_group": "cloudwatch_log cloudwatch_logs logs log_group_name",
        "user_pool": "cognito cognito_user_pool",
    },
    "a user pool's trigger": {"events": "event on trigger triggers"},
    "a group of devices": {"name": "policy_name thing_group_name", "type": "thing_type"},
    "the type of devices": {
        "name": "thing_type_name",
        "description": "thing_type_description",
        "searchable": "searchable_attributes",
    },
    "a rule's table": {"payload": "payload_field payload_column", "key": "keys hash_key hash_key_value"},
    "a rule's topic": {"json": "message_format message_structure"},
    "an iot trigger": {"iot": "sql", "on_error": "error_action"},
    "a rule's target": {
        "queue": "sqs sqs_queue queue_url",
        "table": "dynamodb dynamodbv2 dynamo_dbv2 table_name",
        "topic": "sns sns_topic target_arn",
        "stream": "kinesis stream_name",
        "delivery": "firehose delivery_stream",
        "bucket": "s3 bucket_name",
        "function": "lambda lambda_function",
        "log_group": "cloudwatch_logs logs log_group_name",
    },
    "an event": {
        "pattern": "event event_pattern",
        "schedule": "schedule_expression rate cron",
    },
    "an event of a bus": {
        "name": "rule_name",
        "to": "target targets",
        "bus": "event_bus event_bus_name",
        "failed": "dead_letter_config dlq dead_letter_queue on_failure on_error",
    },
    "an event of a schedule": {
        "name": "schedule_name",
        "to": "target targets",
        "time_zone": "timezone tz schedule_expression_timezone",
        "flexible": "flexible_time_window window",
        "failed": "dead_letter_config dlq dead_letter_queue on_failure on_error",
    },
    "an event's target": {
        "log_group": "cloudwatch_logs logs",
        "delivery": "firehose",
        "workflow": "state_machine",
    },
    "an event's stream": {"partition_key": "partition_key_path"},
    "a rule": {
        "name": "rule_name topic_rule_name",
        "to": "actions targets",
        "sql": "select query",
        "on_error": "error_action",
    },
    "a bus": {"name": "event_bus_name", "accept": "policy resource_policy"},
    "a key": {"name": "alias alias_name", "deletion_days": "deletion_window_in_days pending_window_in_days"},
    "a queue's trigger": {
        "batch_window": "batching_window maximum_batching_window maximum_batching_window_in_seconds",
        "max_concurrency": "concurrency",
        "report_failures": "function_response_types report_batch_item_failures",
        "filter": "filter_criteria filter_patterns filters",
    },
    "a stream's trigger": {"tumbling_window": "tumbling_window_in_seconds window window_seconds"},
    "a table's trigger": {"tumbling_window": "tumbling_window_in_seconds window window_seconds"},
    "a trigger by dead letters": {
        "batch_window": "batching_window maximum_batching_window maximum_batching_window_in_seconds",
        "max_concurrency": "concurrency",
        "report_failures": "function_response_types report_batch_item_failures",
    },
    "a schedule's trigger": {
        "name": "schedule_name rule_name",
        "time_zone": "timezone tz schedule_expression_timezone",
        "flexible": "flexible_time_window window",
        "input": "payload",
    },
    "an event's trigger": {"name": "rule_name", "bus": "event_bus event_bus_name"},
    "a topic's trigger": {"filter": "filter_policy", "filter_scope": "filter_policy_scope"},
    "a log's trigger": {"pattern": "filter filter_pattern"},
    "a bucket's trigger": {
        "prefix": "filter_prefix key_prefix",
        "suffix": "filter_suffix",
    },
    "a topic": {"name": "topic_name"},
    "a stream": {"name": "stream_name"},
    "a secret": {
        "recovery_days": "recovery_window recovery_window_in_days",
        "name": "secret_name",
    },
    "a subscription": {
        "email": "mail",
        "https": "url webhook",
        "queue": "sqs",
        "delivery": "firehose",
        "sms": "phone",
    },
    "a notice": {"queue": "sqs", "topic": "sns"},
    "a delivery": {
        "name": "delivery_stream_name",
        "bucket": "s3 bucket_name destination",
        "from": "stream source kinesis",
        "error_prefix": "error_output_prefix errors failures",
        "partition_by": "dynamic_partitioning dynamic_partitioning_configuration partition_keys partitioning",
        "deaggregate": "record_deaggregation multi_record_deaggregation deaggregation",
        "transform": "function lambda processor",
        "columns": "schema fields",
    },
    "a bucket": {
        "expire_days": "expiration_days expiration_in_days retention_days ttl_days",
        "versioned": "versioning",
        "version_days": "noncurrent_days noncurrent_version_days noncurrent_version_expiration_days",
        "public": "public_read public_read_access",
        "website": "website_configuration static_website website_hosting",
        "name": "bucket_name",
        "cors": "cors_rule cors_rules cors_configuration",
        "archive_days": "glacier_days glacier",
        "instant_archive_days": "glacier_ir_days glacier_ir glacier_instant_retrieval_days",
        "intelligent_days": "intelligent_tiering_days intelligent_tiering tiering_days",
        "request_metrics": "metrics metrics_configurations metric",
    },
    "a parameter": {
        "value": "default",
        "secure": "secret secure_string encrypted sensitive",
        "name": "parameter_name",
    },
    "a layer": {
        "requirements": "requirements_file requirements_path",
        "source": "path folder code content_uri",
        "artifact": "zip package zip_file filename",
        "arn": "layer_arn version_arn existing",
    },
    "an endpoint": {
        "api_key": "api_key_required private key_required",
        "method": "http_method verb",
        "function": "lambda function_name",
        "queue": "sqs queue_name",
        "stream": "kinesis stream_name",
        "delivery": "firehose delivery_stream_name",
        "topic": "sns topic_name",
        "body": "schema body_schema request_schema model",
        "parameters": "query query_parameters query_string params",
    },
    "a method": {
        "api_key": "api_key_required private key_required",
        "function": "lambda function_name",
        "queue": "sqs queue_name",
        "stream": "kinesis stream_name",
        "delivery": "firehose delivery_stream_name",
        "topic": "sns topic_name",
        "body": "schema body_schema request_schema model",
        "parameters": "query query_parameters query_string params",
    },
    "the api": {
        "keys": "api_keys api_key",
        "domain": "custom_domain domain_name",
        "endpoint_type": "endpoint_configuration types endpoint_types",
        "stage": "stage_name",
        "web_acl": "waf web_acl_arn firewall wafv2 web_application_firewall",
        "throttle": "throttling",
        "binary": "binary_media_types binary_types",
        "compression": "minimum_compression_size",
        "vpc_endpoints": "vpc_endpoint_ids vpce",
        "responses": "gateway_responses error_responses",
    },
    "the domain": {
        "name": "domain_name hostname",
        "certificate": "certificate_arn acm_certificate_arn regional_certificate_arn",
        "zone": "zone_id hosted_zone_id hosted_zone",
        "path": "base_path",
        "only": "disable_execute_api_endpoint disable_default_endpoint",
    },
    "the quota": {"limit": "requests max", "period": "per interval"},
    "a function's authorizer": {
        "cache": "ttl result_ttl result_ttl_in_seconds authorizer_result_ttl_in_seconds cache_ttl",
        "identity": "identity_source identity_sources",
        "function": "lambda function_name",
    },
    "a user pool's authorizer": {
        "user_pool": "user_pool_arn provider_arns",
        "scopes": "authorization_scopes",
    },
    "an authorizer": {"function": "lambda function_name", "user_pool": "cognito user_pool_arn"},
    "the cross-origin calls": {
        "origins": "origin allow_origin allow_origins allowed_origins",
        "methods": "allow_methods allowed_methods",
        "headers": "allow_headers allowed_headers",
        "max_age": "max_age_seconds",
        "credentials": "allow_credentials",
    },
    "the throttle": {
        "rate": "rate_limit throttling_rate_limit rps",
        "burst": "burst_limit throttling_burst_limit",
    },
    "the alarms": {"notify": "topic sns_topic alarm_actions", "on_ok": "ok_actions"},
    "a metric's alarm": {
        "metric": "metric_name",
        "of": "metrics metric_query using_metrics",
        "threshold": "value limit",
        "pattern": "filter_pattern filter",
        "statistic": "extended_statistic stat",
        "comparison": "comparison_operator operator",
        "periods": "evaluation_periods",
        "datapoints": "datapoints_to_alarm",
        "notify": "topic sns_topic alarm_actions topics",
        "on_ok": "ok_actions",
        "on_unknown": "insufficient_data_actions insufficient_data",
        "period": "period_seconds",
        "missing_data": "treat_missing_data",
        "log_group": "log_group_name",
        "description": "alarm_description",
    },
    "a log group": {
        "name": "log_group_name",
        "log_retention_days": "retention retention_days retention_in_days",
    },
    "a metric of log lines": {
        "pattern": "filter_pattern filter",
        "log_group": "log_group_name",
        "name": "metric metric_name",
        "namespace": "metric_namespace",
    },
    "the access": {
        "tables": "dynamodb",
        "queues": "sqs",
        "topics": "sns",
        "buckets": "s3",
        "parameters": "ssm",
        "secrets": "secretsmanager secrets_manager",
        "user_pools": "cognito cognito_idp",
        "policies": "managed_policies managed_policy_arns policy_arns",
        "allow": "statements iam_role_statements",
    },
    "the settings of a role": {"name": "role_name", "existing": "arn role_arn"},
    "the VPC": {"subnets": "subnet_ids", "security_groups": "security_group_ids"},
    "the S3 state": {"bucket": "bucket_name"},
}

# Words without a direct equivalent, for each hint.
_ELSEWHERE: Mapping[str, Words] = {
    "the spec": {
        "Write each kind in its own section: `functions`, `tables`, `queues`, `topics`, `buckets`.": "resources",
        _DEFAULTS: "provider globals",
        _VARIES: "variables custom locals mappings conditions transform",
        _ROUTES: "http routes paths rest_api http_api",
        _ACCESS: "policies iam iam_role_statements permissions",
        _TRIGGERS: "event_sources triggers",
        _REDRIVE: "retries max_retries max_receives",
        _NO_SCHEDULE: "schedule schedules cron scheduled",
        _DEAD_LETTERS: "dlq dead_letter_queue dead_letter_queues",
        "Write `state: {s3: {bucket: NAME}}`.": "backend remote_state",
        "Choose the environment with `--suffix`, and write its settings under `environments`.": "stage stages",
    },
    "an event's target": {
        "Write `triggers: [{event: {source: [aws.states]}}]` of the function.": "function lambda lambda_function",
    },
    "a schedule's target": {_NO_SCHEDULE: "function lambda lambda_function"},
    "a function": {
        _TRIGGERS: "events event_sources event_source event_source_mapping on http route routes",
        _ACCESS: "policy iam iam_role_statements permissions grants",
        _FAILURES: "dlq dead_letters dead_letter dead_letter_queue dead_letter_config on_failure destinations",
        _ATTACHED: "policies managed_policies managed_policy_arns policy_arns",
        _TAKEN: "iam_role role_arn execution_role execution_role_arn",
        "Write `role: {name: NAME}`.": "role_name",
        _REDRIVE: "retries max_retries maximum_retry_attempts max_receives max_receive_count redrive_policy",
        _NO_SCHEDULE: "schedule cron rate",
        _SETTINGS: "type properties resource",
        "Write it in a trigger: `triggers: [{queue: KEY, batch_size: 10}]`.": "batch_size batch_window queue bucket",
        "Write it below `access`: `access: {tables: {KEY: read}}`.": "tables queues topics buckets parameters secrets",
        "Write the function's `name`, or omit it: the key and the suffix make one.": "function_name",
        "Write `permissions_boundary` of the spec, which is for every role.": "permissions_boundary",
        "Remove it: tracing is always on.": "tracing tracing_config xray",
        "Write `log_group`, `log_level` and `log_retention_days`; the format is JSON.": "logging_config logging",
        "Write `rollout: {canary: 10, after: 5}`: it publishes versions, and callers use the alias `live`.": (
            "auto_publish_alias alias aliases canary linear publish versions version"
        ),
    },
    "the settings of a URL": {"Write `stream: true`, or omit it.": "invoke_mode"},
    "a table": {
        _KEY: "hash_key pk primary_key hash partition",
        _SORT: "range_key sk sort range clustering_key",
        _ONLY_KEYS: ("attributes attribute attribute_definitions key_schema"),
        "Write `capacity: {read: 5, write: 5}`, or omit it: tables are on demand.": (
            "billing_mode read_capacity write_capacity provisioned_throughput"
        ),
        _ENCRYPTED: "encryption sse server_side_encryption sse_specification",
        _NAMES_KEY: "kms_key_arn kms_master_key_id key",
        _SETTINGS: "type properties resource",
    },
    "a queue": {
        "Write `retention_days`, in days, or `retention_minutes`.": "message_retention_seconds message_retention_period retention_seconds",
        _DEAD_LETTERS: "dlq dead_letter_queue redrive_policy dead_letter dead_letters",
        "Write it in the trigger of the function that reads the queue.": "batch_size batch_window",
        _ENCRYPTED: "encryption sse",
        _NAMES_KEY: "kms_master_key_id kms_key_id key",
        _SETTINGS: "type properties resource",
    },
    "a trigger": {
        _AN_ENDPOINT: "http http_api api rest endpoint",
        _KIND_OF_TRIGGER: "type kind source event_source arn event_source_arn",
    },
    "a queue's trigger": {
        "Remove it: batches always report item failures.": (
            "function_response_types report_batch_item_failures"
        ),
        _TRIGGER: "arn queue_arn event_source_arn",
    },
    "a bucket's trigger": {
        "Write `events: [created]`, or other events of its objects.": "event",
        "Write `prefix` and `suffix`.": "rules filter",
    },
    "a topic": {
        "Write `subscriptions: [{email: ops@example.com}]`.": "email emails subscribers endpoints",
        _NAMES_KEY: "kms_master_key_id kms_key_id key",
        _SETTINGS: "type properties resource",
    },
    "a subscription": {_SUBSCRIBER: "protocol endpoint type address", _SUBSCRIBES: "function lambda"},
    "a notice": {_NOTIFIES: "function lambda"},
    "a delivery": {
        "Write `transform: FUNCTION`.": "processing processing_configuration processors",
        "Write `buffer: {size: 64, seconds: 300}`.": "buffering_size buffering_interval buffering_hints buffer_size",
        _ENCRYPTED: "encryption sse server_side_encryption",
        _NAMES_KEY: "kms_master_key_id kms_key_id key",
    },
    "a bucket": {
        "Write `expire_days: 30`.": "lifecycle_rules lifecycle_configuration expiration",
        "Write `archive_days: 90`.": "transition transitions",
        "Write `lifecycle: [{prefix: raw/, expire_days: 30}]`.": "rules",
        "Write `accept: [{account: ID, access: read}]`.": "policy bucket_policy",
        "Write `website: {index: index.html, error: 404.html}` and `public: read`.": "index_document error_document",
        "Write `access_logs: {bucket: KEY}`.": "logging logging_configuration server_access_logs server_access_logging",
        "Write `public: read` for what anyone may read, and nothing for what stays private.": "acl public_access_block",
        "Write `triggers: [{bucket: KEY, prefix: readings/}]` of the function.": "notification notifications events",
        _ENCRYPTED: "encryption sse server_side_encryption",
        _NAMES_KEY: "kms_master_key_id kms_key_id kms_key_arn key",
        _SETTINGS: "properties resource",
    },
    "a secret": {
        "Remove it: `iotgen secret set KEY` sets the value on AWS.": "value secret_string secret_value"
    },
    "a parameter": {_SECURE: "type"},
    "a rollout": {
        "Write `rollout: {canary: 10, after: 5}`, or the name of a preset: `rollout: Canary10Percent5Minutes`.": "type enabled",
        "Remove it: the role may shift the calls of this function alone.": "role",
    },
    "a client": {
        "Remove it: no client has a secret, which would be in Terraform's state.": "generate_secret secret client_secret",
        _NO_NAME: "name client_name",
    },
    "a layer": {
        "Remove it: both follow from the functions that use the layer.": "compatible_runtimes compatible_architectures",
        _NO_NAME: "name layer_name",
    },
    "an endpoint": {
        _METHOD: "methods get post put patch delete head options any",
        "Remove it: an endpoint's key is its path.": "path url",
        _AUTH: "authorizer authorization authorization_type",
    },
    "a method": {
        "Remove it: the key is the method.": "method http_method verb",
        "Remove it: the key above is the path.": "path url",
        _AUTH: "authorizer authorization authorization_type",
    },
    "the api": {
        "Write `throttle: {rate: 1000, burst: 2000}`.": "rate_limit burst_limit rate burst",
        _AUTH: "authorizer authorizers authorization default_authorizer",
        _PLAN: "usage_plan usage_plans plan",
        _ROUTES: "endpoints paths routes",
        "Write `from: {addresses: [203.0.113.0/24]}` for who may call by where they are, `accept: [{account: ID}]` for others who sign.": (
            "policy resource_policy resource_policies allow allowed_ips ip_whitelist whitelist ip_range_whitelist"
        ),
        "Write `from: {except: [203.0.113.0/24]}`.": "deny denied_ips ip_blacklist blacklist ip_range_blacklist",
    },
    "an account that assumes a role": {
        _OIDC: "federated web_identity provider github",
    },
    "the state": {_BELOW_S3: "bucket key region backend"},
    "the S3 state": {
        "Remove it: the state is always locked and encrypted.": "dynamodb_table lock_table use_lockfile encrypt"
    },
}

# The required settings that a hint stands for.
_INSTEAD: Mapping[str, tuple[str, ...]] = {
    _KEY: ("partition_key",),
    _ONLY_KEYS: ("partition_key",),
    _METHOD: ("method", "function"),
    _TRIGGER: ("queue",),
    _SUBSCRIBER: ("email", "https"),
    _SECURE: ("value",),
    _BELOW_S3: ("s3",),
    _OIDC: ("account",),
    _SETTINGS: ("source", "partition_key"),
}

# Settings that are not part of the functions' defaults.
_OF_EACH = ("image", "log_group", "url")

# Other words for enumerated values.
_VALUES: Words = {
    "string": "s str text varchar",
    "number": "n int integer float decimal long",
    "binary": "b bytes blob",
    "x86_64": "amd64 x64 intel",
    "arm64": "aarch64 arm graviton",
    "WARN": "warning",
    ">=": "greaterthanorequaltothreshold",
    ">": "greaterthanthreshold above",
    "<=": "lessthanorequaltothreshold",
    "<": "lessthanthreshold below",
    "iam": "aws_iam sigv4",
    "none": "open public anonymous",
}


def meaning(owner: str, word: str) -> Meaning | None:
    """The meaning of `word` as a key of `owner`, the title of its part of the schema."""
    return _MEANINGS.get((owner, _plain(word)))


def meant_value(word: str) -> str | None:
    """The value that other tools write as `word`."""
    return _MEANT.get(_plain(word))


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")


def _meanings() -> dict[tuple[str, str], Meaning]:
    meanings = {
        (owner, _plain(word)): Meaning(key)
        for owner, keys in _SAME.items()
        for key, words in keys.items()
        for word in words.split()
    }
    for owner, hints in _ELSEWHERE.items():
        for hint, words in hints.items():
            meanings |= {
                (owner, _plain(word)): Meaning(hint=hint, instead=_INSTEAD.get(hint, ()))
                for word in words.split()
            }
    shared = (key for key in _SAME["a function"] if key not in _OF_EACH)
    return meanings | {
        ("the defaults of functions", _plain(word)): Meaning(key)
        for key in shared
        for word in _SAME["a function"][key].split()
    }


_MEANINGS = _meanings()
_MEANT = {_plain(word): value for value, words in _VALUES.items() for word in words.split()}
