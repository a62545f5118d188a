"""Whether code can use a grant: whether it names the variable, and any operation of the verb.

In doubt the answer is yes: it is no only if nothing in the text could be a use.
"""

import re
import sys
from dataclasses import dataclass
from functools import cached_property, lru_cache

from iotgen.kinds import KINDS
from iotgen.model.access import Grant
from iotgen.usage.filled import filled
from iotgen.usage.modules import Code

# The prefixes of the variables that access provides.
PREFIXES = tuple(
    dict.fromkeys(
        variable.prefix
        for kind in KINDS
        if kind.access
        for variable in (kind.access.variable, *(verb.variable for verb in kind.access.verbs.values()))
        if variable
    )
)

# Placeholders in a text: `%s`, `{}`, `{name}`, `$name`.
_HOLE = re.compile(r"%s|\{\w*\}|\$\{?\w+\}?", re.IGNORECASE)
_HEAD = re.compile(r"[A-Z0-9_]*")
_TAIL = re.compile(r"[A-Z0-9_]*\Z")

# Libraries that read none of iotgen's variables, and call AWS only through a client that the code passes.
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

# Their modules that do call AWS, with a name that the code passes.
_CALLING = tuple(
    f"aws_lambda_powertools.utilities.{name}"
    for name in ("data_masking", "feature_flags", "idempotency", "parameters", "streaming")
)


@dataclass(frozen=True, eq=False)
class Mentions:
    """All string constants of a function's code and environment, and all names and attributes.

    `strange` if it imports an unknown library; `open_ended` if it may call operations that it does not
    mention.
    """

    texts: frozenset[str]
    names: frozenset[str]
    strange: bool
    open_ended: bool

    def can_name(self, variable: str) -> bool:
        """Whether the code can name the variable."""
        return self.strange or any(_can_be_part(text, variable) for text in self._telling)

    @cached_property
    def _telling(self) -> tuple[str, ...]:
        return tuple(text for text in self.texts if "_" in text)

    def can_hold(self, key: str) -> bool:
        """Whether a text can be, or begin, the name on AWS of the resource `key`."""
        return any(key == text or f"{key}-" in text for text in self.texts)

    def can_call(self, grant: Grant, verb: str) -> bool:
        """Whether the code can call an operation of the verb."""
        # The objects of S3's resources have methods with common names: get, put.
        if self.strange or self.open_ended or (grant.access.service == "s3" and "resource" in self.names):
            return True
        known = self.names | self.texts
        return any(method in known or _camel(method) in known for method in grant.access.verbs[verb].methods)


@lru_cache(maxsize=4096)
def mentions(code: Code, environment: frozenset[str]) -> Mentions:
    """The mentions of `code`; `environment` are the values of variables in the spec."""
    facts = [module.facts for module in code.modules.values()]
    texts = environment.union(*(one.texts for one in facts))
    for kind in texts & set(PREFIXES):
        if (names := filled(code, kind)) is not None:
            texts = (texts - {kind}) | names
    return Mentions(
        texts=texts,
        names=frozenset().union(*(one.names for one in facts)),
        strange=not {module.partition(".")[0] for module in code.foreign} <= _KNOWN,
        open_ended=any(one.picks_attributes for one in facts)
        or any(module.startswith(_CALLING) for module in code.foreign),
    )


def _can_be_part(text: str, variable: str) -> bool:
    parts = _parts(text)
    return (
        not "".join(parts).strip("_")  # `{}_{}`, or the rest of such an f-string: it can be any name
        or variable in text.upper()
        or any(_borders(part, variable) for part in parts)
    )


@lru_cache(maxsize=65_536)
def _parts(text: str) -> tuple[str, ...]:
    """`text` in capitals, split at its placeholders."""
    return tuple(_HOLE.split(text.upper()))


def _borders(part: str, variable: str) -> bool:
    """Whether the name can begin where `part` ends, or end where it begins."""
    head, tail = _HEAD.match(part), _TAIL.search(part)
    begins = tail is not None and tail[0].startswith(PREFIXES) and variable.startswith(tail[0])
    ends = head is not None and head[0].startswith("_") and head[0].strip("_") != ""
    return begins or (ends and head is not None and variable.endswith(head[0]))


def _camel(method: str) -> str:
    return "".join(word.capitalize() for word in method.split("_"))
