"""What a save means: nothing, other code of some functions, or other resources."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from iotgen.dev.version import Version
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Path
from iotgen.review.owner import Owners
from iotgen.spec.document import Document


@dataclass(frozen=True)
class Decision:
    """What differs from what is live: the `code` of functions, by key, and `resources`, by Terraform address.

    Where resources differ, an apply brings them and the code.
    """

    code: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()


def decide(live: Version | None, saved: Version) -> Decision:
    """What is to be done for `saved` to be live; None is live where nothing is known to be deployed."""
    if live is None:
        return Decision(resources=tuple(saved.blocks))
    return Decision(
        code=tuple(key for key in saved.code if saved.code[key] != live.code.get(key, saved.code[key])),
        resources=tuple(_differing(live.blocks, saved.blocks)),
    )


def _differing(live: Mapping[str, str], saved: Mapping[str, str]) -> Iterator[str]:
    for address in dict.fromkeys((*saved, *live)):
        if saved.get(address) != live.get(address):
            yield address


def words(
    addresses: Iterable[str], pipeline: Pipeline, document: Document, made: Mapping[str, Path]
) -> tuple[str, ...]:
    """The resources in the words of the spec, each once, with its line.

    `made` has the path in the spec of what each address is rendered for. Outputs and the like, which follow
    from resources, are named only where nothing else differs.
    """
    listed = tuple(addresses)
    owners = Owners(pipeline, document, made, listed)
    resources = [one for one in listed if not one.endswith(".tf.json")]
    named = dict.fromkeys(owners.of(one) for one in resources)
    ordered = sorted(named, key=lambda owner: owner.order)
    return tuple(f"{owner.title} {owner.place}".rstrip() for owner in ordered) or listed
