"""The operations of boto3 that handlers call, and the IAM action that each needs.

A small table by hand: what isn't in it is not judged.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Mapping

# By the service's name in boto3, then by method, of clients and of resources.
ACTIONS: Mapping[str, Mapping[str, str]] = {
    "dynamodb": {
        "batch_get_item": "dynamodb:BatchGetItem",
        "batch_write_item": "dynamodb:BatchWriteItem",
        "batch_writer": "dynamodb:BatchWriteItem",
        "create_table": "dynamodb:CreateTable",
        "delete_item": "dynamodb:DeleteItem",
        "delete_table": "dynamodb:DeleteTable",
        "describe_table": "dynamodb:DescribeTable",
        "get_item": "dynamodb:GetItem",
        "list_tables": "dynamodb:ListTables",
        "put_item": "dynamodb:PutItem",
        "query": "dynamodb:Query",
        "scan": "dynamodb:Scan",
        "update_item": "dynamodb:UpdateItem",
        "update_table": "dynamodb:UpdateTable",
        "update_time_to_live": "dynamodb:UpdateTimeToLive",
    },
    "sqs": {
        "change_message_visibility": "sqs:ChangeMessageVisibility",
        "change_message_visibility_batch": "sqs:ChangeMessageVisibility",
        "create_queue": "sqs:CreateQueue",
        "delete_message": "sqs:DeleteMessage",
        "delete_message_batch": "sqs:DeleteMessage",
        "delete_queue": "sqs:DeleteQueue",
        "get_queue_attributes": "sqs:GetQueueAttributes",
        "get_queue_by_name": "sqs:GetQueueUrl",
        "get_queue_url": "sqs:GetQueueUrl",
        "list_queues": "sqs:ListQueues",
        "purge_queue": "sqs:PurgeQueue",
        "receive_message": "sqs:ReceiveMessage",
        "send_message": "sqs:SendMessage",
        "send_message_batch": "sqs:SendMessage",
        "send_messages": "sqs:SendMessage",
        "set_queue_attributes": "sqs:SetQueueAttributes",
        "start_message_move_task": "sqs:StartMessageMoveTask",
    },
    "sns": {
        "create_topic": "sns:CreateTopic",
        "list_topics": "sns:ListTopics",
        "publish": "sns:Publish",
        "publish_batch": "sns:Publish",
        "subscribe": "sns:Subscribe",
        "unsubscribe": "sns:Unsubscribe",
    },
    "ssm": {
        "delete_parameter": "ssm:DeleteParameter",
        "describe_parameters": "ssm:DescribeParameters",
        "get_parameter": "ssm:GetParameter",
        "get_parameter_history": "ssm:GetParameterHistory",
        "get_parameters": "ssm:GetParameters",
        "get_parameters_by_path": "ssm:GetParametersByPath",
        "put_parameter": "ssm:PutParameter",
        "send_command": "ssm:SendCommand",
    },
    "s3": {
        "delete_object": "s3:DeleteObject",
        "delete_objects": "s3:DeleteObject",
        "download_file": "s3:GetObject",
        "download_fileobj": "s3:GetObject",
        "get_object": "s3:GetObject",
        "get_object_tagging": "s3:GetObjectTagging",
        "head_bucket": "s3:ListBucket",
        "head_object": "s3:GetObject",
        "list_buckets": "s3:ListAllMyBuckets",
        "list_objects": "s3:ListBucket",
        "list_objects_v2": "s3:ListBucket",
        "put_object": "s3:PutObject",
        "put_object_acl": "s3:PutObjectAcl",
        "put_object_tagging": "s3:PutObjectTagging",
        "upload_file": "s3:PutObject",
        "upload_fileobj": "s3:PutObject",
    },
    # Of these iotgen grants nothing.
    "cloudwatch": {"put_metric_data": "cloudwatch:PutMetricData"},
    "events": {"put_events": "events:PutEvents"},
    "firehose": {"put_record": "firehose:PutRecord", "put_record_batch": "firehose:PutRecordBatch"},
    "iot-data": {"publish": "iot:Publish"},
    "kinesis": {"put_record": "kinesis:PutRecord", "put_records": "kinesis:PutRecords"},
    "lambda": {"invoke": "lambda:InvokeFunction"},
    "secretsmanager": {"get_secret_value": "secretsmanager:GetSecretValue"},
    "ses": {"send_email": "ses:SendEmail", "send_raw_email": "ses:SendRawEmail"},
    "sesv2": {"send_email": "ses:SendEmail"},
    "stepfunctions": {"start_execution": "states:StartExecution"},
}

# What a resource's object can do, by the method that makes the object from the service.
OBJECTS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "dynamodb": {
        "Table": frozenset(
            {"batch_writer", "delete_item", "get_item", "put_item", "query", "scan", "update_item"}
        ),
    },
    "sqs": {
        "Queue": frozenset({"send_message", "send_messages"}),
        "get_queue_by_name": frozenset({"send_message", "send_messages"}),
    },
    "sns": {"Topic": frozenset({"publish", "subscribe"})},
    "s3": {"Bucket": frozenset({"put_object", "upload_file", "upload_fileobj", "download_file"})},
}

# What each verb of the spec's `access` lets a function call, of clients and of resources.
# Transactions need the actions of what is in them.
VERBS: Mapping[tuple[str, str], frozenset[str]] = {
    ("tables", "read"): frozenset({"get_item", "query", "transact_get_items"}),
    ("tables", "write"): frozenset(
        {"put_item", "update_item", "batch_write_item", "batch_writer", "transact_write_items"}
    ),
    ("tables", "get"): frozenset({"get_item", "transact_get_items"}),
    ("tables", "query"): frozenset({"query"}),
    ("tables", "put"): frozenset({"put_item", "transact_write_items"}),
    ("tables", "update"): frozenset({"update_item", "transact_write_items"}),
    ("tables", "batch_write"): frozenset({"batch_write_item", "batch_writer"}),
    ("queues", "send"): frozenset({"send_message", "send_message_batch", "send_messages"}),
    ("queues", "reject"): frozenset({"send_message", "send_message_batch", "send_messages"}),
    ("topics", "publish"): frozenset({"publish", "publish_batch"}),
    ("parameters", "get"): frozenset({"get_parameter"}),
    ("parameters", "read"): frozenset({"get_parameter", "get_parameters"}),
    ("buckets", "read"): frozenset(
        {"get_object", "head_object", "download_file", "download_fileobj", "copy", "copy_object"}
        | {"generate_presigned_url", "select_object_content", "upload_part_copy"}
    ),
    ("buckets", "write"): frozenset(
        {"put_object", "upload_file", "upload_fileobj", "copy", "copy_object", "create_multipart_upload"}
        | {"generate_presigned_url", "generate_presigned_post"}
    ),
}


# The plainest operation of each verb, for messages.
METHODS: Mapping[tuple[str, str], str] = {
    ("tables", "read"): "query",
    ("tables", "write"): "put_item",
    ("tables", "get"): "get_item",
    ("tables", "query"): "query",
    ("tables", "put"): "put_item",
    ("tables", "update"): "update_item",
    ("tables", "batch_write"): "batch_write_item",
    ("queues", "send"): "send_message",
    ("queues", "reject"): "send_message",
    ("topics", "publish"): "publish",
    ("parameters", "get"): "get_parameter",
    ("parameters", "read"): "get_parameter",
    ("buckets", "read"): "get_object",
    ("buckets", "write"): "put_object",
}

SECTIONS: Mapping[str, str] = {
    "dynamodb": "tables",
    "sqs": "queues",
    "sns": "topics",
    "ssm": "parameters",
    "s3": "buckets",
}


def granting(action: str) -> tuple[tuple[str, str], ...]:
    """The sections and verbs of the spec that give an IAM action."""
    return tuple(
        (section, verb)
        for service, of_service in SECTIONS.items()
        for (section, verb), methods in VERBS.items()
        if section == of_service and any(ACTIONS[service].get(method) == action for method in methods)
    )
