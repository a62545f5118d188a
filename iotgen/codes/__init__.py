"""Every code that a problem can have, and its page in docs/problems."""

import re
from collections.abc import Mapping

from iotgen import bundled
from iotgen.checks import RULES
from iotgen.codes.stages import STAGES, Code
from iotgen.errors import UsageError
from iotgen.spec.nearest import nearest

__all__ = ["CODES", "PUBLISHED", "STAGES", "Code", "address", "find_code", "page"]

# The address of the site that `scripts/docs` builds: a placeholder (RFC 2606) until there is one.
PUBLISHED = "https://iotgen.example/"

_NOTE = re.compile(r"<!-- .*? -->\n\n", re.DOTALL)

_RULES = {
    rule.code: Code(severity=rule.severity, summary=rule.summary, why=rule.why, fix=rule.fix)
    for rule in RULES
}
CODES: Mapping[str, Code] = dict(sorted({**STAGES, **_RULES}.items()))


def find_code(text: str) -> str:
    """The code for `text`, such as `iot330` or `330`; UsageError if there is none."""
    written = text.strip().upper()
    code = f"IOT{written}" if re.fullmatch(r"\d{3}", written) else written
    if code in CODES:
        return code
    near = nearest(code, CODES)
    suggestion = f"; did you mean `{near}`?" if near else ""
    raise UsageError(f"there is no code `{text}`{suggestion}", "Run `iotgen explain` to list all codes.")


def page(code: str) -> str:
    """The page of a code, as Markdown."""
    text = (bundled.docs() / "problems" / f"{code}.md").read_text(encoding="utf-8")
    return _NOTE.sub("", text, count=1)


def address(code: str) -> str:
    """Where the page of a code is published."""
    return f"{PUBLISHED}docs/problems/{code}.html"
