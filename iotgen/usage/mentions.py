"""Whether code can use a grant at all: whether it names the variable, and any operation of the verb.

Every doubt speaks for the code: no is said only where nothing in its text could be a use.
"""

import re
import sys
from dataclasses import dataclass
from functools import cached_property, lru_cache

from iotgen.kinds import KINDS
from iotgen.model.access import Grant
from iotgen.usage.filled import filled
from iotgen.usage.modules import Code

# How the variables that access gives begin.
PREFIXES = tuple(
    dict.fromkeys(
        variable.prefix
        for kind in KINDS
        if kind.access
        for variable in (kind.access.variable, *(verb.variable for verb in kind.access.verbs.values()))
        if variable
    )
)

# Where a text is filled in: `%s`, `{}`, `{name}`, `$name`.
_HOLE = re.compile(r"%s|\{\w*\}|\$\{?\w+\}?", re.IGNORECASE)
_HEAD = re.compile(r"[A-Z0-9_]*")
_TAIL = re.compile(r"[A-Z0-9_]*\Z")

# Libraries that read no variables of ours, and call AWS only through a client that they are given.
_HARMLESS = frozenset(
    [
        *(
            "attr",
            "attrs",
            "aws_lambda_powertools",
            "aws_xray_sdk",
            "boto3",
            "botocore",
            "certifi",
            "dateutil",
        ),
        *(
            "charset_normalizer",
            "fastjsonschema",
            "httpx",
            "idna",
            "jsonschema",
            "orjson",
            "pydantic",
            "pytz",
        ),
        *("pydantic_core", "requests", "s3transfer", "simplejson", "six", "typing_extensions", "ujson"),
        *("urllib3", "yaml"),
    ]
)
_KNOWN = _HARMLESS | sys.stdlib_module_names

# Parts of those that do call it, with a name that they are given.
_CALLING = tuple(
    f"aws_lambda_powertools.utilities.{name}"
    for name in ("data_masking", "feature_flags", "idempotency", "parameters", "streaming")
)


@dataclass(frozen=True, eq=False)
class Mentions:
    """All string constants of a function's code and environment, and all names and attributes.

    `strange` when it imports a library that nothing is known of here; `open_ended` when it may call
    operations that it doesn't mention.
    """

    texts: frozenset[str]
    names: frozenset[str]
    strange: bool
    open_ended: bool

    def can_name(self, variable: str) -> bool:
        """Whether the code can come to the name of the variable."""
        return self.strange or any(_can_be_part(text, variable) for text in self._telling)

    @cached_property
    def _telling(self) -> tuple[str, ...]:
        return tuple(text for text in self.texts if "_" in text)

    def can_hold(self, key: str) -> bool:
        """Whether a text can be the name on AWS of the resource `key`, or the start of it."""
        return any(key == text or f"{key}-" in text for text in self.texts)

    def can_call(self, grant: Grant, verb: str) -> bool:
        """Whether the code can call an operation that the verb is for."""
        # The objects of S3's resources have methods that are called like those of everything: get, put.
        if self.strange or self.open_ended or (grant.access.service == "s3" and "resource" in self.names):
            return True
        known = self.names | self.texts
        return any(method in known or _camel(method) in known for method in grant.access.verbs[verb].methods)


@lru_cache(maxsize=4096)
def mentions(code: Code, environment: frozenset[str]) -> Mentions:
    """What `code` mentions; `environment` are the values that the spec itself gives it."""
    facts = [module.facts for module in code.modules.values()]
    texts = environment.union(*(found.texts for found in facts))
    for kind in texts & set(PREFIXES):
        if (names := filled(code, kind)) is not None:
            texts = (texts - {kind}) | names
    return Mentions(
        texts=texts,
        names=frozenset().union(*(found.names for found in facts)),
        strange=not {module.partition(".")[0] for module in code.foreign} <= _KNOWN,
        open_ended=any(found.picks_attributes for found in facts)
        or any(module.startswith(_CALLING) for module in code.foreign),
    )


def _can_be_part(text: str, variable: str) -> bool:
    parts = _parts(text)
    return (
        not "".join(parts).strip("_")  # `{}_{}`, or what an f-string leaves of it: it can be any name
        or variable in text.upper()
        or any(_borders(part, variable) for part in parts)
    )


@lru_cache(maxsize=65_536)
def _parts(text: str) -> tuple[str, ...]:
    """`text` in capitals, without its holes."""
    return tuple(_HOLE.split(text.upper()))


def _borders(part: str, variable: str) -> bool:
    """Whether the name can begin where `part` ends, or end where it begins."""
    head, tail = _HEAD.match(part), _TAIL.search(part)
    begins = tail is not None and tail[0].startswith(PREFIXES) and variable.startswith(tail[0])
    ends = head is not None and head[0].startswith("_") and head[0].strip("_") != ""
    return begins or (ends and head is not None and variable.endswith(head[0]))


def _camel(method: str) -> str:
    return "".join(word.capitalize() for word in method.split("_"))
