"""What was asked for, held against the rendered reference pipelines.

R and S are the requirements of the two pipelines; M are the mistakes of an earlier attempt that lie in the
infrastructure. The handlers have tests of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from iotgen import project
from tests.conftest import ACCOUNT, arn

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Compile, Compiled

BUCKET = f"sensor-readings-dev-{ACCOUNT}-us-east-1"
FUNCTIONS = ("data_ingestion", "data_processor", "data_query")
SPECS = {"pipeline": "specs/pipeline.yaml", "s3-events": "specs/s3-events.yaml"}


def _compiled(compile_spec: Compile, repo: Path, spec: str) -> Compiled:
    text = (repo / spec).read_text(encoding="utf-8")
    return compile_spec(text, "dev", project.read_sources(repo, compile_spec(text).document.data))


@pytest.fixture(scope="module")
def pipeline(compile_spec: Compile, repo: Path) -> Compiled:
    """Pipeline 1."""
    return _compiled(compile_spec, repo, SPECS["pipeline"])


@pytest.fixture(scope="module")
def events(compile_spec: Compile, repo: Path) -> Compiled:
    """Pipeline 2."""
    return _compiled(compile_spec, repo, SPECS["s3-events"])


@pytest.fixture(scope="module", params=SPECS)
def either(request: pytest.FixtureRequest, compile_spec: Compile, repo: Path) -> Compiled:
    """Each pipeline in turn."""
    return _compiled(compile_spec, repo, SPECS[request.param])


def _only(found: dict[str, Any]) -> Any:
    (value,) = found.values()
    return value


def _granted(compiled: Compiled, function: str) -> dict[str, set[str]]:
    """What a function's role may do, by resource."""
    granted: dict[str, set[str]] = {}
    for statement in compiled.statements(f"{function}__role"):
        assert statement["Effect"] == "Allow"
        for resource in statement["Resource"]:
            granted.setdefault(resource, set()).update(statement["Action"])
    return granted


def _variables(compiled: Compiled, function: str) -> dict[str, str]:
    variables: dict[str, str] = compiled.resources("aws_lambda_function")[function]["environment"][
        "variables"
    ]
    return variables


def _nodes(node: Any) -> Iterator[tuple[str, Any]]:
    """Each key of the JSON with its value."""
    for key, value in node.items() if isinstance(node, dict) else ():
        yield key, value
        yield from _nodes(value)
    for value in node if isinstance(node, list) else ():
        yield from _nodes(value)


def _routes(compiled: Compiled) -> dict[tuple[str, str], str]:
    """The function behind each method and path."""
    methods = compiled.resources("aws_api_gateway_method")
    parts = compiled.resources("aws_api_gateway_resource")
    found = {}
    for name, integration in compiled.resources("aws_api_gateway_integration").items():
        resource = re.fullmatch(r"\$\{aws_api_gateway_resource\.(\w+)\.id}", methods[name]["resource_id"])
        function = re.search(r":function:([\w-]+)-dev/invocations\Z", integration["uri"])
        assert resource
        assert function
        assert (integration["type"], integration["integration_http_method"]) == ("AWS_PROXY", "POST")
        found[methods[name]["http_method"], "/" + parts[resource[1]]["path_part"]] = function[1].replace(
            "-", "_"
        )
    return found


# --- pipeline 1 -------------------------------------------------------------------------------------------


def test_r1_a_regional_api_with_three_endpoints_each_to_a_function_of_its_own(pipeline: Compiled) -> None:
    api = _only(pipeline.resources("aws_api_gateway_rest_api"))
    assert api["endpoint_configuration"] == {"types": ["REGIONAL"]}
    assert _routes(pipeline) == {
        ("POST", "/ingest"): "data_ingestion",
        ("POST", "/process"): "data_processor",
        ("GET", "/query"): "data_query",
    }


def test_r2_every_endpoint_is_authorized_by_iam(pipeline: Compiled) -> None:
    methods = pipeline.resources("aws_api_gateway_method")
    assert len(methods) == 3
    assert {method["authorization"] for method in methods.values()} == {"AWS_IAM"}


def test_r3_every_request_is_validated(pipeline: Compiled, repo: Path) -> None:
    methods = pipeline.resources("aws_api_gateway_method")
    validator = _only(pipeline.resources("aws_api_gateway_request_validator"))
    assert validator["validate_request_body"] is True
    assert validator["validate_request_parameters"] is True
    (name,) = pipeline.resources("aws_api_gateway_request_validator")
    for method in methods.values():
        assert method["request_validator_id"] == f"${{aws_api_gateway_request_validator.{name}.id}}"
    ((label, model),) = pipeline.resources("aws_api_gateway_model").items()
    for endpoint in ("iot_api__ingest_post", "iot_api__process_post"):
        assert methods[endpoint]["request_models"] == {
            "$default": f"${{aws_api_gateway_model.{label}.name}}",
            "application/json": f"${{aws_api_gateway_model.{label}.name}}",
        }
    assert re.fullmatch("[A-Za-z0-9]+", model["name"])
    assert json.loads(model["schema"]) == json.loads((repo / "handlers/schemas/readings.json").read_text())
    assert methods["iot_api__query_get"]["request_parameters"]["method.request.querystring.device_id"] is True


def test_r4_a_thousand_requests_a_second(pipeline: Compiled) -> None:
    settings = _only(pipeline.resources("aws_api_gateway_method_settings"))
    assert settings["method_path"] == "*/*"
    assert settings["settings"]["throttling_rate_limit"] == 1000
    assert settings["settings"]["throttling_burst_limit"] >= 1000


def test_r5_ingestion_stores_and_queues(pipeline: Compiled) -> None:
    granted = _granted(pipeline, "data_ingestion")
    assert granted[arn("dynamodb", "table/raw-sensor-data-dev")] == {"dynamodb:BatchWriteItem"}
    # There it notes when a reading without a time first arrived, for both ways into that table.
    assert "dynamodb:PutItem" in granted[arn("dynamodb", "table/processed-data-dev")]
    assert granted[arn("sqs", "iot-ingestion-dev")] == {"sqs:SendMessage"}
    variables = _variables(pipeline, "data_ingestion")
    assert variables["TABLE_RAW_SENSOR_DATA"] == "${aws_dynamodb_table.raw_sensor_data.name}"
    assert variables["QUEUE_IOT_INGESTION"] == "${aws_sqs_queue.iot_ingestion.url}"


def test_r6_processing_from_the_queue_into_processed_data(pipeline: Compiled) -> None:
    mapping = _only(pipeline.resources("aws_lambda_event_source_mapping"))
    assert mapping["event_source_arn"] == "${aws_sqs_queue.iot_ingestion.arn}"
    assert mapping["function_name"] == "${aws_lambda_function.data_processor.arn}"
    granted = _granted(pipeline, "data_processor")
    assert "dynamodb:PutItem" in granted[arn("dynamodb", "table/processed-data-dev")]
    assert arn("dynamodb", "table/raw-sensor-data-dev") not in granted
    assert granted[arn("sqs", "iot-ingestion-dev")] == {
        "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"
    }  # fmt: skip


def test_r7_queries_read_both_tables_and_write_none(pipeline: Compiled) -> None:
    granted = _granted(pipeline, "data_query")
    for table in ("raw-sensor-data", "processed-data"):
        assert granted[arn("dynamodb", f"table/{table}-dev")] == {"dynamodb:Query"}


def test_r8_runtime_concurrency_and_tracing(pipeline: Compiled) -> None:
    functions = pipeline.resources("aws_lambda_function")
    assert tuple(sorted(functions)) == FUNCTIONS
    for function in functions.values():
        assert function["runtime"] == "python3.11"
        assert function["reserved_concurrent_executions"] == 100
        assert function["tracing_config"] == {"mode": "Active"}
    assert _only(pipeline.resources("aws_api_gateway_stage"))["xray_tracing_enabled"] is True


def test_r9_tables(pipeline: Compiled) -> None:
    tables = pipeline.resources("aws_dynamodb_table")
    keys = {table["name"]: (table["hash_key"], table["range_key"]) for table in tables.values()}
    assert keys == {
        "raw-sensor-data-dev": ("device_id", "timestamp"),
        "processed-data-dev": ("device_id", "event_date"),
    }
    for table in tables.values():
        assert table["billing_mode"] == "PAY_PER_REQUEST"
        assert table["point_in_time_recovery"] == {"enabled": True}
        assert {attribute["name"] for attribute in table["attribute"]} == {
            table["hash_key"],
            table["range_key"],
        }


def test_r10_dead_letter_queues(pipeline: Compiled) -> None:
    queues = pipeline.resources("aws_sqs_queue")
    assert queues["iot_ingestion"]["redrive_policy"] == "${jsonencode(local.iot_ingestion__redrive)}"
    redrive = pipeline.terraform["locals"]["iot_ingestion__redrive"]
    assert redrive["deadLetterTargetArn"] == arn("sqs", "iot-ingestion-dlq-dev")
    for name in FUNCTIONS:
        function = pipeline.resources("aws_lambda_function")[name]
        assert function["dead_letter_config"] == {"target_arn": f"${{aws_sqs_queue.{name}_async_dlq.arn}}"}
        assert f"{name}_async_dlq" in queues
    for name, queue in queues.items():
        if name.endswith("_dlq"):
            assert queue["message_retention_seconds"] == 14 * 86400
            assert queue["message_retention_seconds"] > queues["iot_ingestion"]["message_retention_seconds"]


def test_r11_a_topic_that_alerts_of_processing_errors(pipeline: Compiled) -> None:
    alarm = pipeline.resources("aws_cloudwatch_metric_alarm")["processing_errors"]
    assert alarm["metric_name"] == "ProcessingErrors"
    assert alarm["threshold"] > 1
    assert alarm["alarm_actions"] == [arn("sns", "ops-alarms-dev")]
    variables = _variables(pipeline, "data_processor")
    # The function publishes under just the names that the alarm looks for.
    assert alarm["namespace"] == variables["POWERTOOLS_METRICS_NAMESPACE"]
    assert alarm["dimensions"] == {"service": variables["POWERTOOLS_SERVICE_NAME"]}


def test_r12_a_layer_of_pinned_libraries(either: Compiled, repo: Path) -> None:
    layer = _only(either.resources("aws_lambda_layer_version"))
    assert layer["compatible_runtimes"] == ["python3.11"]
    for function in either.resources("aws_lambda_function").values():
        assert function["layers"] == ["${aws_lambda_layer_version.shared_dependencies.arn}"]
        assert function["architectures"] == layer["compatible_architectures"]
    requirements = (repo / "handlers/requirements.txt").read_text()
    for library in ("boto3", "requests"):
        assert re.search(rf"^{library}==[\d.]+ \\\n +--hash=sha256:", requirements, re.MULTILINE)


def test_r13_parameters_that_functions_find_by_their_names(pipeline: Compiled) -> None:
    parameters = pipeline.resources("aws_ssm_parameter")
    assert {name: found["type"] for name, found in parameters.items()} == {
        "api_key": "SecureString", "config": "String"
    }  # fmt: skip
    assert json.loads(parameters["config"]["value"])["thresholds"] == {"temperature": {"max": 80}}
    for function in FUNCTIONS:
        assert _variables(pipeline, function)["PARAMETER_CONFIG"] == "${aws_ssm_parameter.config.name}"
        assert (
            "ssm:GetParameter"
            in _granted(pipeline, function)[arn("ssm", "parameter/iot-pipeline/dev/config")]
        )
    assert _variables(pipeline, "data_processor")["PARAMETER_API_KEY"] == "${aws_ssm_parameter.api_key.name}"


def test_r14_a_log_group_for_each_function_for_30_days(either: Compiled) -> None:
    groups = either.resources("aws_cloudwatch_log_group")
    for name, function in either.resources("aws_lambda_function").items():
        assert groups[name]["name"] == f"/aws/lambda/{function['function_name']}"
        assert function["logging_config"]["log_group"] == f"${{aws_cloudwatch_log_group.{name}.name}}"
    assert {group["retention_in_days"] for group in groups.values()} == {30}


def test_r15_alarms_that_can_fire(either: Compiled) -> None:
    alarms = either.resources("aws_cloudwatch_metric_alarm")
    watched = {
        (alarm["namespace"], alarm["metric_name"], *alarm["dimensions"].items()) for alarm in alarms.values()
    }
    for name in either.resources("aws_lambda_function"):
        own = ("FunctionName", f"${{aws_lambda_function.{name}.function_name}}")
        for metric in ("Errors", "Throttles", "Duration", "DeadLetterErrors"):
            assert ("AWS/Lambda", metric, own) in watched
    for name in either.resources("aws_dynamodb_table"):
        own = ("TableName", f"${{aws_dynamodb_table.{name}.name}}")
        for metric in ("ReadThrottleEvents", "WriteThrottleEvents"):
            assert ("AWS/DynamoDB", metric, own) in watched
    for alarm in alarms.values():
        assert alarm["datapoints_to_alarm"] <= alarm["evaluation_periods"]
        assert alarm["period"] % 60 == 0
        assert alarm["treat_missing_data"] == "notBreaching"
        assert ("statistic" in alarm) != ("extended_statistic" in alarm)


NAMES = {"name", "function_name", "layer_name", "alarm_name", "bucket"}
# Parts of something that carries the suffix itself.
NAMED_WITHIN = {"aws_api_gateway_model", "aws_dynamodb_table.attribute"}


def test_r16_every_name_carries_the_suffix(either: Compiled) -> None:
    for kind, found in either.terraform["resource"].items():
        for resource in found.values():
            for key in NAMES & resource.keys():
                if "${" not in resource[key] and kind not in NAMED_WITHIN:
                    assert re.search(r"-dev\Z|/dev/", resource[key]), (kind, resource[key])
    for bucket in either.resources("aws_s3_bucket").values():
        assert bucket["bucket"] == BUCKET


def test_r17_the_region(either: Compiled) -> None:
    assert either.terraform["provider"]["aws"]["region"] == "us-east-1"
    assert not [key for key, _ in _nodes(either.terraform["resource"]) if key == "region"]


def test_r18_everything_can_be_destroyed(either: Compiled) -> None:
    settings = list(_nodes(either.terraform))
    assert not [key for key, _ in settings if key in ("prevent_destroy", "deletion_protection")]
    for key, wanted in (
        ("deletion_protection_enabled", False),
        ("skip_destroy", False),
        ("force_destroy", True),
    ):
        assert {value for found, value in settings if found == key} <= {wanted}
    assert len(either.resources("aws_dynamodb_table")) == sum(
        key == "deletion_protection_enabled" for key, _ in settings
    )
    assert len(either.resources("aws_s3_bucket")) == sum(key == "force_destroy" for key, _ in settings)


def test_r19_one_role_a_function_with_least_privilege(either: Compiled) -> None:
    functions = either.resources("aws_lambda_function")
    roles = [function["role"] for function in functions.values()]
    assert sorted(roles) == sorted(f"${{aws_iam_role.{name}.arn}}" for name in functions)
    assert "aws_iam_role_policy_attachment" not in either.terraform["resource"]
    for role in either.resources("aws_iam_role").values():
        assert role.keys() == {"name", "assume_role_policy"}
    for name in functions:
        for resource, actions in _granted(either, name).items():
            assert not [action for action in actions if "*" in action or action == "dynamodb:Scan"]
            if resource == "*":  # X-Ray has no resources
                assert actions == {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}


def test_r20_outputs(pipeline: Compiled) -> None:
    outputs = {name: output["value"] for name, output in pipeline.terraform["output"].items()}
    assert outputs["api_endpoint"] == "${aws_api_gateway_stage.iot_api.invoke_url}"
    assert outputs["table_names"].keys() == {"raw-sensor-data", "processed-data"}
    assert outputs["queue_urls"] == {"iot-ingestion": "${aws_sqs_queue.iot_ingestion.url}"}
    assert outputs["topic_arns"] == {
        "device-alerts": "${aws_sns_topic.device_alerts.arn}",
        "ops-alarms": "${aws_sns_topic.ops_alarms.arn}",
    }


def test_r21_what_travels_and_what_rests_is_encrypted(either: Compiled) -> None:
    for queue in either.resources("aws_sqs_queue").values():
        assert queue["sqs_managed_sse_enabled"] is True
    for name in either.resources("aws_s3_bucket"):
        assert name in either.resources("aws_s3_bucket_server_side_encryption_configuration")
        blocked = either.resources("aws_s3_bucket_public_access_block")[name]
        assert [value for value in blocked.values() if isinstance(value, bool)] == [True] * 4
    policies = either.terraform["locals"]
    for kind, suffix in (("aws_sqs_queue", "queue"), ("aws_sns_topic", "topic"), ("aws_s3_bucket", "bucket")):
        for name in either.resources(kind):
            assert f"{name}__{suffix}" in policies
            denied = [found for found in either.statements(f"{name}__{suffix}") if found["Effect"] == "Deny"]
            assert [found["Condition"] for found in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]


# --- pipeline 2 -------------------------------------------------------------------------------------------


def test_s2_each_new_object_under_the_prefix_calls_the_function(events: Compiled) -> None:
    ((name, notification),) = events.resources("aws_s3_bucket_notification").items()
    (called,) = notification["lambda_function"]
    assert called["events"] == ["s3:ObjectCreated:*"]
    assert called["filter_prefix"] == "readings/"
    assert called["lambda_function_arn"] == arn("lambda", "function:event-processor-dev")
    ((label, permission),) = events.resources("aws_lambda_permission").items()
    assert notification["depends_on"] == [f"aws_lambda_permission.{label}"]
    assert permission["principal"] == "s3.amazonaws.com"
    assert permission["source_arn"] == f"${{aws_s3_bucket.{name}.arn}}"
    assert "source_account" in permission


def test_s3_rows_on_demand(events: Compiled) -> None:
    table = _only(events.resources("aws_dynamodb_table"))
    assert (table["billing_mode"], table["range_key"]) == ("PAY_PER_REQUEST", "timestamp")


def test_s4_thresholds_and_someone_to_tell(events: Compiled) -> None:
    subscribed = [found["topic_arn"] for found in events.resources("aws_sns_topic_subscription").values()]
    assert "${aws_sns_topic.device_alerts.arn}" in subscribed
    config = _only(events.resources("aws_ssm_parameter"))["value"]
    assert json.loads(config)["thresholds"]
    told = _variables(events, "event_processor")["TOPIC_DEVICE_ALERTS"]
    assert told == arn("sns", "device-alerts-dev")


def test_s5_reads_that_prefix_writes_that_table_publishes_to_that_topic(events: Compiled) -> None:
    granted = _granted(events, "event_processor")
    assert granted[arn("s3", f"{BUCKET}/readings/*")] == {
        "s3:GetObject",
        "s3:GetObjectVersion",
    }
    assert granted[arn("s3", f"{BUCKET}/rejected/*")] == {"s3:PutObject"}
    assert granted[arn("sns", "device-alerts-dev")] == {"sns:Publish"}
    assert granted[arn("dynamodb", "table/sensor-events-dev")] == {
        "dynamodb:BatchWriteItem", "dynamodb:PutItem"
    }  # fmt: skip
    # What tells an object that is gone from one that is forbidden.
    assert granted[arn("s3", BUCKET)] == {"s3:ListBucket"}
    assert [resource for resource in granted if ":s3:" in resource] == [
        arn("s3", f"{BUCKET}/readings/*"), arn("s3", BUCKET),
        arn("s3", f"{BUCKET}/rejected/*"),
    ]  # fmt: skip


def test_s6_failures_are_kept_and_logged(events: Compiled) -> None:
    function = _only(events.resources("aws_lambda_function"))
    assert function["dead_letter_config"] == {"target_arn": "${aws_sqs_queue.event_processor_async_dlq.arn}"}
    assert function["logging_config"]["log_format"] == "JSON"


# --- mistakes of the earlier attempt ----------------------------------------------------------------------


def test_m1_zips_lie_where_terraform_looks(either: Compiled) -> None:
    for kind in ("aws_lambda_function", "aws_lambda_layer_version"):
        for resource in either.resources(kind).values():
            assert resource["filename"].startswith("${path.module}/artifacts/")
            place = resource["filename"].removeprefix("${path.module}/")
            assert resource["source_code_hash"] == f"digest of {place}"


def test_m2_a_deployment_waits_for_all_that_it_deploys(pipeline: Compiled) -> None:
    deployment = _only(pipeline.resources("aws_api_gateway_deployment"))
    waits = set(deployment["depends_on"])
    # Methods, models and resources are waited for through the integrations, which refer to them.
    for kind in ("aws_api_gateway_integration", "aws_api_gateway_gateway_response"):
        assert {f"{kind}.{name}" for name in pipeline.resources(kind)} <= waits
    assert len(pipeline.resources("aws_api_gateway_integration")) == 3


def test_m3_a_role_can_send_to_its_functions_dead_letter_queue(either: Compiled) -> None:
    for name, function in either.resources("aws_lambda_function").items():
        queue = re.fullmatch(r"\$\{aws_sqs_queue\.(\w+)\.arn}", function["dead_letter_config"]["target_arn"])
        assert queue
        dead_letters = arn("sqs", either.resources("aws_sqs_queue")[queue[1]]["name"])
        assert "sqs:SendMessage" in _granted(either, name)[dead_letters]
        assert f"aws_iam_role_policy.{name}" in function["depends_on"]


def test_m4_nothing_here_sets_the_role_that_a_whole_account_logs_with(pipeline: Compiled) -> None:
    assert not pipeline.resources("aws_api_gateway_account")  # `iotgen apply` sees to it, and leaves it


def test_m7_poison_messages_end_in_the_dead_letter_queue(pipeline: Compiled) -> None:
    mapping = _only(pipeline.resources("aws_lambda_event_source_mapping"))
    assert mapping["function_response_types"] == ["ReportBatchItemFailures"]
    assert mapping["depends_on"] == ["aws_iam_role_policy.data_processor"]
    queue, dead_letters = (
        pipeline.resources("aws_sqs_queue")[name] for name in ("iot_ingestion", "iot_ingestion_dlq")
    )
    assert queue["depends_on"] == ["aws_sqs_queue.iot_ingestion_dlq"]
    assert dead_letters["redrive_allow_policy"] == "${jsonencode(local.iot_ingestion_dlq__redrive_allow)}"
    assert pipeline.terraform["locals"]["iot_ingestion_dlq__redrive_allow"] == {
        "redrivePermission": "byQueue",
        "sourceQueueArns": [arn("sqs", "iot-ingestion-dev")],
    }


def test_m13_alarms_have_dimensions_that_exist_and_someone_is_told(either: Compiled) -> None:
    alarms = either.resources("aws_cloudwatch_metric_alarm")
    dimensions = {
        "AWS/Lambda": {"FunctionName"},
        "AWS/DynamoDB": {"TableName"},
        "AWS/SQS": {"QueueName"},
        "AWS/SNS": {"TopicName"},
        "AWS/ApiGateway": {"ApiName", "Stage"},
    }
    for alarm in alarms.values():
        assert alarm["dimensions"].keys() == dimensions.get(alarm["namespace"], {"service"})
        assert alarm["alarm_actions"]
    watched = {(alarm["metric_name"], *alarm["dimensions"].values()) for alarm in alarms.values()}
    assert not {"UserErrors", "ThrottledRequests", "SystemErrors"} & {metric for metric, *_ in watched}
    for name in either.resources("aws_sqs_queue"):
        assert ("ApproximateAgeOfOldestMessage", f"${{aws_sqs_queue.{name}.name}}") in watched
        if name.endswith("_dlq"):
            assert ("ApproximateNumberOfMessagesVisible", f"${{aws_sqs_queue.{name}.name}}") in watched
    if either.resources("aws_api_gateway_rest_api"):
        assert {("5XXError", "iot-api-dev", "v1"), ("4XXError", "iot-api-dev", "v1")} <= watched
    for topic in either.resources("aws_sns_topic"):
        assert ("NumberOfNotificationsFailed", f"${{aws_sns_topic.{topic}.name}}") in watched
        told = [found["topic_arn"] for found in either.resources("aws_sns_topic_subscription").values()]
        assert f"${{aws_sns_topic.{topic}.arn}}" in told


def test_m14_changed_code_and_changed_endpoints_go_live(either: Compiled) -> None:
    for kind in ("aws_lambda_function", "aws_lambda_layer_version"):
        for resource in either.resources(kind).values():
            assert resource["source_code_hash"]
    for deployment in either.resources("aws_api_gateway_deployment").values():
        assert re.fullmatch("[0-9a-f]{64}", deployment["triggers"]["redeployment"])
        assert deployment["lifecycle"] == {"create_before_destroy": True}
        assert deployment.keys() == {"rest_api_id", "triggers", "lifecycle", "depends_on"}


def test_m15_a_secret_is_in_no_file_and_no_state_and_is_not_overwritten(pipeline: Compiled) -> None:
    secret = pipeline.resources("aws_ssm_parameter")["api_key"]
    assert secret["value_wo"] == "${var.api_key}"
    assert secret["value_wo_version"] == 1
    # The provider writes the value with every other change, and knows none but the first.
    assert secret["lifecycle"] == {"ignore_changes": ["description", "key_id"]}
    assert not {"value", "insecure_value"} & secret.keys()
    variable = pipeline.terraform["variable"]["api_key"]
    assert (variable["ephemeral"], variable["sensitive"], variable["default"]) == (True, True, "unset")
    assert pipeline.terraform["terraform"]["required_version"] == ">= 1.11"
    uses = [file for file, text in pipeline.files.items() if "var.api_key" in text]
    assert uses == ["parameters.tf.json"]
    for function in FUNCTIONS:
        asked = "PARAMETER_API_KEY" in _variables(pipeline, function)
        actions = {action for found in pipeline.statements(f"{function}__role") for action in found["Action"]}
        assert ("kms:Decrypt" in actions) == asked


def test_m16_every_parameter_is_named_to_and_readable_by_a_function(either: Compiled) -> None:
    for name in either.resources("aws_ssm_parameter"):
        readers = [
            function
            for function in either.resources("aws_lambda_function")
            if f"${{aws_ssm_parameter.{name}.name}}" in _variables(either, function).values()
        ]
        assert readers
        parameter = arn("ssm", f"parameter{either.resources('aws_ssm_parameter')[name]['name']}")
        for function in readers:
            assert "ssm:GetParameter" in _granted(either, function)[parameter]


def test_m19_good_messages_do_not_die_of_throttling(pipeline: Compiled) -> None:
    queue = pipeline.resources("aws_sqs_queue")["iot_ingestion"]
    mapping = _only(pipeline.resources("aws_lambda_event_source_mapping"))
    function = pipeline.resources("aws_lambda_function")["data_processor"]
    window = mapping["maximum_batching_window_in_seconds"]
    assert queue["visibility_timeout_seconds"] >= 6 * function["timeout"] + window
    assert queue["redrive_policy"] == "${jsonencode(local.iot_ingestion__redrive)}"
    assert pipeline.terraform["locals"]["iot_ingestion__redrive"]["maxReceiveCount"] >= 5
    assert window >= 1 or mapping["batch_size"] <= 10
    at_once = mapping["scaling_config"]["maximum_concurrency"]
    assert 2 <= at_once < function["reserved_concurrent_executions"]  # room for /process


def test_m20_no_function_outlasts_the_gateway_and_no_grant_is_too_wide(pipeline: Compiled) -> None:
    for name in _routes(pipeline).values():
        assert pipeline.resources("aws_lambda_function")[name]["timeout"] < 29
    permissions = pipeline.resources("aws_lambda_permission")
    arns = {name.removesuffix("__endpoint"): found["source_arn"] for name, found in permissions.items()}
    api = "${aws_api_gateway_rest_api.iot_api.execution_arn}"
    assert arns == {
        "iot_api__ingest_post": f"{api}/v1/POST/ingest",
        "iot_api__process_post": f"{api}/v1/POST/process",
        "iot_api__query_get": f"{api}/v1/GET/query",
    }
    # What lets one call an endpoint lets nobody call another.
    for name, endpoint in arns.items():
        (caller,) = pipeline.statements(f"{name}__caller")
        assert (caller["Action"], caller["Resource"]) == ("execute-api:Invoke", endpoint)
    policies = pipeline.resources("aws_iam_policy")
    assert policies.keys() == {f"{name}__caller" for name in arns}
    assert policies["iot_api__ingest_post__caller"]["name"] == "iot-api-ingest-post-dev"
    assert pipeline.terraform["output"]["caller_policy_arns"]["value"].keys() == {
        "POST /ingest", "POST /process", "GET /query"
    }  # fmt: skip


def test_m21_log_groups_are_there_before_anything_logs(either: Compiled) -> None:
    for name, function in either.resources("aws_lambda_function").items():
        assert f"aws_cloudwatch_log_group.{name}" in function["depends_on"]
    for name, stage in either.resources("aws_api_gateway_stage").items():
        assert f"aws_cloudwatch_log_group.{name}__execution" in stage["depends_on"]
        group = either.resources("aws_cloudwatch_log_group")[f"{name}__execution"]
        api = f"${{aws_api_gateway_rest_api.{name}.id}}"
        assert group["name"] == f"API-Gateway-Execution-Logs_{api}/{stage['stage_name']}"
