"""Something that an ARN names is in another region than the pipeline: a key, a web ACL, a certificate."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api
from iotgen.kinds.forwards import Forward
from iotgen.kinds.functions import Function
from iotgen.kinds.user_pools import USER_POOLS
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path

# Where CloudFront finds certificates, whatever the pipeline's region.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-edge-optimized-custom-domain-name.html
_EDGE = "us-east-1"


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find an ARN that names another region."""
    for path, (what, arn) in dict(_arns(pipeline)).items():
        region = arn.split(":")[3]
        if what == "certificate" and _is_edge(pipeline):
            if region != _EDGE:
                message = f"this certificate is in {region}, but that of an edge-optimized API is in {_EDGE}"
                yield Finding(path, message, f"Use one in {_EDGE}, or a regional API.")
        elif region != pipeline.region:
            message = f"this {what} is in {region}, but the pipeline is in {pipeline.region}"
            yield Finding(path, message, f"Use one in {pipeline.region}.")


def _is_edge(pipeline: Pipeline) -> bool:
    return any(api.edge for api in pipeline.all(Api))


def _arns(pipeline: Pipeline) -> Iterator[tuple[Path, tuple[str, str]]]:
    yield from _existing(pipeline)
    yield from (((*one.path, "arn"), ("log destination", one.arn)) for one in pipeline.all(Forward))
    for api in pipeline.all(Api):
        if api.web_acl and isinstance(api.web_acl.arn, str):
            yield ("api", "web_acl"), ("web ACL", api.web_acl.arn)
        if api.domain:
            yield ("api", "domain", "certificate"), ("certificate", api.domain.certificate)
        for endpoint in api.endpoints:
            authorizer = endpoint.auth.authorizer
            if authorizer and isinstance(authorizer.user_pool, str):
                at = (*endpoint.path, "auth") if "auth" in endpoint.written else ("api", "auth")
                yield (*at, "user_pool"), ("user pool", authorizer.user_pool)
    for function in pipeline.all(Function):
        if function.code_signing:
            yield function.setting("code_signing"), ("code signing configuration", function.code_signing)


def _existing(pipeline: Pipeline) -> Iterator[tuple[Path, tuple[str, str]]]:
    for one in pipeline.all(Outside):
        if one.section == "keys" and one.region:
            yield (*one.path, "existing"), ("key", one.id)
        if one.section == USER_POOLS.section:
            yield (*one.path, "existing"), ("user pool", str(one.arn))


RULE = Rule(
    code="IOT365",
    summary="A key, web ACL, certificate, user pool, signing configuration or log destination is elsewhere.",
    why=(
        "API Gateway takes a web ACL, a certificate of a regional domain and a user pool of its own region "
        "only, a certificate of an edge-optimized API of us-east-1 only, a function a code signing "
        "configuration of its own region, a log group a destination of its own, and all that is encrypted a "
        "key of its own. AWS refuses others in the apply."
    ),
    fix="Use one in the pipeline's region.",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html",
    check=check,
)
