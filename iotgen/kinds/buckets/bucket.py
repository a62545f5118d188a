"""A bucket, as the rest of iotgen knows it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from iotgen.kinds.accepting import Accepted
from iotgen.kinds.buckets.access_logs import AccessLogs
from iotgen.kinds.buckets.lifecycle import Rule
from iotgen.kinds.buckets.metrics import RequestMetrics
from iotgen.kinds.buckets.website import Website
from iotgen.model.expression import Expression, Joined
from iotgen.model.policy import Statement
from iotgen.model.resource import Resource
from iotgen.problem import Path


@dataclass(frozen=True, kw_only=True)
class Bucket(Resource):
    """An S3 bucket; its `name` has `{account}` where `full_name` refers to the account's id.

    `lifecycle` and `cors` are in Terraform's words, beside the rules that every bucket has. `steps` are the
    days of each part of the spec, in the order in which objects take them. `kms_key` is the ARN of the KMS
    key that encrypts it, None with S3's own. `access_logs` is where the log of its requests goes.
    `public` is what the keys begin with of the objects that anyone may read, all of them with a `website`.
    `accepted` are those that the spec lists, and `statements` those of its policy for all of them.
    `version_days` is how long earlier versions are kept.
    """

    full_name: Joined
    expire_days: int | None
    versioned: bool
    version_days: int
    kms_key: str | Expression | None
    lifecycle: tuple[Rule, ...] = field(hash=False)
    cors: Mapping[str, Any] | None = field(hash=False)
    access_logs: AccessLogs | None
    metrics: tuple[RequestMetrics, ...]
    undeletable: bool
    public: str | None
    website: Website | None
    accepted: tuple[Accepted, ...]
    statements: tuple[Statement, ...]
    steps: tuple[tuple[Path, Mapping[str, int]], ...] = field(hash=False)

    def may_be(self, name: str) -> bool:
        """Whether it could have this name in some account."""
        pattern = r"\d{12}".join(re.escape(part) for part in self.name.split("{account}"))
        return re.fullmatch(pattern, name) is not None
