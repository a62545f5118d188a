"""The depth to which YAML may nest, the same for each version of Python and libyaml."""

from collections.abc import Iterator

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# libyaml builds the tree by recursion in C, which crashes the process at a depth of some tens of thousands.
# Newer versions of libyaml refuse a depth over 1,000 themselves; with older ones iotgen refuses the same.
MAX_DEPTH = 1_000
# How deep Python can follow a tree depends on its version; no spec needs a tenth of this.
MAX_LEVELS = 100
TOO_DEEP = "exceeded maximum nesting depth"


def too_deep(text: str) -> bool:
    """Whether nodes are nested too deeply to build a tree; for most texts a count of brackets is enough."""
    if sum(text.count(mark) for mark in "[{-?") < MAX_DEPTH:
        return False
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return True
    return False


def nests_deeper(node: yaml.Node, levels: int) -> bool:
    """Whether there is anything more than `levels` under a node that is not read."""
    level = {id(node): node}
    while level and levels >= 0:
        parts = [part for one in level.values() for part in _parts(one)]
        level = {id(part): part for part in parts}  # an alias repeats the same node
        levels -= 1
    return bool(level)


def _parts(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair
