"""Which web pages may read a bucket's objects, or upload some: its rule for cross-origin requests."""

from collections.abc import Mapping
from typing import Any

from iotgen.spec.schema import schema

# Of settings that a spec which lists origins only has no mapping for.
_DEFAULTS = {
    name: setting["default"]
    for name, setting in schema()["$defs"]["bucketCors"]["properties"].items()
    if "default" in setting
}


def cors_rule(written: Any) -> Mapping[str, Any] | None:
    """The rule in Terraform's words, None if the spec has none.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
    """
    if written is None:
        return None
    settings = written if isinstance(written, Mapping) else _DEFAULTS | {"origins": written}
    return {
        "allowed_origins": settings["origins"],
        "allowed_methods": settings["methods"],
        "allowed_headers": settings["headers"] or None,
        "expose_headers": settings["expose"] or None,
        "max_age_seconds": settings["max_age"],
    }
