"""The pipeline to the files of its Terraform folder: one file for each kind of resource."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from iotgen.model.expression import Label, Reference, joined
from iotgen.model.pipeline import Api, Function, Pipeline, Queue
from iotgen.render.engine import Document, Engine, TemplateSource, merge, write
from iotgen.render.gateway_responses import GATEWAY_RESPONSES

# A template's name and what its holes are filled with.
Rendering = tuple[str, Mapping[str, Any]]

# One line a request, in JSON. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
ACCESS_LOG = json.dumps(
    {
        "requestId": "$context.requestId",
        "extendedRequestId": "$context.extendedRequestId",
        "traceId": "$context.xrayTraceId",
        "time": "$context.requestTimeEpoch",
        "method": "$context.httpMethod",
        "path": "$context.resourcePath",
        "status": "$context.status",
        "latency": "$context.responseLatency",
        "integrationLatency": "$context.integrationLatency",
        "length": "$context.responseLength",
        "caller": "$context.identity.caller",
        "error": "$context.error.responseType",
    },
    separators=(",", ":"),
)


def render(pipeline: Pipeline, hashes: Mapping[str, str], templates: TemplateSource) -> dict[str, str]:
    """The text of each file, by its name.

    `hashes` has the base64 SHA-256 of each zip, by its path in the folder. IotgenError when a template
    is at fault.
    """
    engine = Engine(templates)
    files = _files(pipeline, hashes)
    documents = {name: _document(engine, pipeline, renderings) for name, renderings in files.items()}
    if pipeline.api:
        documents["api"] = _api(engine, pipeline, pipeline.api)
    merge(list(documents.values()))  # an address may not be made twice in the whole folder either
    return {f"{name}.tf.json": write(document) for name, document in sorted(documents.items()) if document}


def renderings(pipeline: Pipeline) -> Iterator[Rendering]:
    """What `render` renders, one after the other, with a stand-in for the digests of zips and of the API."""
    zips = [function.zip for function in pipeline.functions]
    zips += [layer.zip for layer in pipeline.layers]
    every = [*_files(pipeline, dict.fromkeys(zips, "digest")).values()]
    if pipeline.api:
        every += [
            _deployed(pipeline.api),
            _around(pipeline.api),
            _callers(pipeline.api),
            [_stage(pipeline.api, "digest")],
        ]
    for template, holes in chain.from_iterable(every):
        yield template, {"pipeline": pipeline, **holes}


def _files(pipeline: Pipeline, hashes: Mapping[str, str]) -> dict[str, Iterable[Rendering]]:
    """The renderings of each file but the API's."""
    return {
        "main": [("pipeline", {})],
        "encryption": _encryption(pipeline),
        "parameters": [("parameter", {"parameter": parameter}) for parameter in pipeline.parameters],
        "layers": _layers(pipeline, hashes),
        "tables": [("table", {"table": table}) for table in pipeline.tables],
        "queues": _queues(pipeline),
        "topics": _topics(pipeline),
        "buckets": [("bucket", {"bucket": bucket}) for bucket in pipeline.buckets],
        "functions": _functions(pipeline, hashes),
        "alarms": [("alarm", {"alarm": alarm}) for alarm in pipeline.alarms],
        "outputs": [("outputs", _outputs(pipeline))],
    }


def _document(engine: Engine, pipeline: Pipeline, renderings: Iterable[Rendering]) -> Document:
    return merge([engine.render(name, {"pipeline": pipeline, **holes}) for name, holes in renderings])


def _artifact(path: str, hashes: Mapping[str, str]) -> dict[str, Any]:
    return {"filename": joined(Reference("path.module"), f"/{path}"), "sha256": hashes[path]}


def _encryption(pipeline: Pipeline) -> Iterator[Rendering]:
    if pipeline.encryption_key:
        yield "encryption_key", {}


def _layers(pipeline: Pipeline, hashes: Mapping[str, str]) -> Iterator[Rendering]:
    for layer in pipeline.layers:
        yield "layer", {"layer": layer, "artifact": _artifact(layer.zip, hashes)}


def _queues(pipeline: Pipeline) -> Iterator[Rendering]:
    for queue in pipeline.queues:
        yield "queue", {"queue": queue}
        yield "dead_letter_queue", {"owner": queue, "source": queue.name}


def _topics(pipeline: Pipeline) -> Iterator[Rendering]:
    for topic in pipeline.topics:
        yield "topic", {"topic": topic}
        for subscription in topic.subscriptions:
            yield "subscription", {"topic": topic, "subscription": subscription}


def _functions(pipeline: Pipeline, hashes: Mapping[str, str]) -> Iterator[Rendering]:
    for function in pipeline.functions:
        layers = [Reference(f"aws_lambda_layer_version.{layer.label}.arn") for layer in function.layers]
        artifact = _artifact(function.zip, hashes)
        yield "function", {"function": function, "artifact": artifact, "layers": layers or None}
        yield "dead_letter_queue", {"owner": function, "source": None}
        for queue_trigger in function.queue_triggers:
            yield "queue_trigger", {"function": function, "trigger": queue_trigger}
        # One permission for each bucket, however many prefixes of it are triggers.
        for bucket_trigger in {trigger.label: trigger for trigger in function.bucket_triggers}.values():
            yield "bucket_trigger", {"function": function, "trigger": bucket_trigger}


def _api(engine: Engine, pipeline: Pipeline, api: Api) -> Document:
    """The API's document; its deployment carries a digest of all that it deploys."""
    deployed = _document(engine, pipeline, _deployed(api))
    around = _document(engine, pipeline, _around(api))
    digest = hashlib.sha256(write(_live(merge([deployed, around]))).encode()).hexdigest()
    rest = _document(engine, pipeline, [*_callers(api), _stage(api, digest)])
    return merge([deployed, around, rest])


def _live(document: Document) -> Document:
    """What of the API's document a deployment takes: its own parts, but for the settings of a stage."""
    return {
        kind: named
        for kind, named in document["resource"].items()
        if kind.startswith("aws_api_gateway_") and kind != "aws_api_gateway_method_settings"
    }


def _around(api: Api) -> Iterator[Rendering]:
    yield "api", {"api": api}


def _callers(api: Api) -> Iterator[Rendering]:
    """Who may call what is not part of the deployment: a change of it needs no new one."""
    for endpoint in api.endpoints:
        yield "endpoint_caller", {"api": api, "endpoint": endpoint}


def _stage(api: Api, digest: str) -> Rendering:
    # Neither integrations nor gateway responses are live unless they are there before the deployment.
    deployed = [
        *(f"aws_api_gateway_integration.{endpoint.label}" for endpoint in api.endpoints),
        *(f"aws_api_gateway_gateway_response.{response.label}" for response in GATEWAY_RESPONSES),
    ]
    # The deployment knows nothing of functions, or its `create_before_destroy` would hold for all that they
    # depend on. The stage waits for them, so that no call arrives before the function may be called.
    before_live = [
        f"aws_cloudwatch_log_group.{api.label}__execution",
        *(f"aws_lambda_permission.{endpoint.label}" for endpoint in api.endpoints),
    ]
    holes = {"api": api, "digest": digest, "deployed": deployed, "before_live": before_live}
    return "api_stage", {**holes, "access_log": ACCESS_LOG}


def _deployed(api: Api) -> Iterator[Rendering]:
    for resource in api.resources:
        yield "api_resource", {"api": api, "resource": resource}
    for model in api.models:
        yield "api_model", {"api": api, "model": model}
    for endpoint in api.endpoints:
        yield "endpoint", {"api": api, "endpoint": endpoint}
    for response in GATEWAY_RESPONSES:
        yield "gateway_response", {"api": api, "response": response}


def _outputs(pipeline: Pipeline) -> dict[str, Any]:
    api = pipeline.api
    queues = {queue.key: queue.label for queue in pipeline.queues}
    return {
        "api_endpoint": Reference(f"aws_api_gateway_stage.{api.label}.invoke_url") if api else None,
        "caller_policy_arns": {
            f"{endpoint.method} /{endpoint.route}": Reference(f"aws_iam_policy.{endpoint.label}__caller.arn")
            for endpoint in pipeline.endpoints
        }
        or None,
        "table_names": _values(
            "aws_dynamodb_table", {table.key: table.label for table in pipeline.tables}, "name"
        ),
        "queue_urls": _values("aws_sqs_queue", queues, "url"),
        "dead_letter_queue_urls": _values("aws_sqs_queue", _dead_letters(pipeline), "url"),
        "topic_arns": _values("aws_sns_topic", {topic.key: topic.label for topic in pipeline.topics}, "arn"),
        "bucket_names": _values(
            "aws_s3_bucket", {bucket.key: bucket.label for bucket in pipeline.buckets}, "bucket"
        ),
        "function_names": _values(
            "aws_lambda_function",
            {function.key: function.label for function in pipeline.functions},
            "function_name",
        ),
    }


def _dead_letters(pipeline: Pipeline) -> dict[str, Label]:
    """The dead-letter queues: a queue's by its key, a function's by its key and `-async`."""
    holders: tuple[Queue | Function, ...] = (*pipeline.queues, *pipeline.functions)
    labels = [holder.dead_letter_label for holder in holders]
    return {label.replace("_", "-").removesuffix("-dlq"): label for label in labels}


def _values(kind: str, labels: Mapping[str, Label], attribute: str) -> dict[str, Reference] | None:
    return {key: Reference(f"{kind}.{label}.{attribute}") for key, label in labels.items()} or None
