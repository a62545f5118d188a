"""Encryption: a KMS key of the pipeline's own."""

from collections.abc import Iterator
from dataclasses import dataclass

from iotgen.model.expression import Label
from iotgen.model.kind import Kind, Resolving, no_names, no_outputs
from iotgen.model.rendering import Digests, Rendering
from iotgen.model.resource import Resource

SECTION = "encryption"


@dataclass(frozen=True, kw_only=True)
class EncryptionKey(Resource):
    """The key; with `notifies`, CloudWatch uses it for what it publishes to topics."""

    notifies: bool


def _resolve(context: Resolving) -> tuple[EncryptionKey, ...]:
    if not context.encryption_key:
        return ()
    name = f"alias/{context.name(context.data['pipeline'])}"
    notifies = bool(context.data["topics"])
    own = EncryptionKey(
        key="pipeline", name=name, label=Label("pipeline"), path=(SECTION,), notifies=notifies
    )
    return (own,)


def _render(keys: tuple[EncryptionKey, ...], _digests: Digests) -> Iterator[Rendering]:
    for key in keys:
        yield Rendering(SECTION, "encryption_key", {"key": key})


ENCRYPTION = Kind(
    section=SECTION,
    noun="key",
    type=EncryptionKey,
    address="aws_kms_key",
    referred=False,
    used_in=None,
    resolve=_resolve,
    names=no_names,
    render=_render,
    outputs=no_outputs,
    alarms=None,
    access=None,
)
