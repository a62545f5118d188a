"""Every code that a problem can have, and its page in docs/problems."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from iotgen import bundled
from iotgen.checks import RULES
from iotgen.errors import UsageError
from iotgen.problem import Severity
from iotgen.spec.nearest import nearest

# Where the site of `scripts/docs` is published: a placeholder (RFC 2606) until there is one.
PUBLISHED = "https://iotgen.example/"

_NOTE = re.compile(r"<!-- .*? -->\n\n", re.DOTALL)


@dataclass(frozen=True)
class Code:
    """What a code means, what to do, and how much it usually matters."""

    summary: str
    fix: str
    severity: Severity = Severity.ERROR


# The codes that are no rule's: faults of the file, of its form, of references and of templates.
STAGES: Mapping[str, Code] = {
    "IOT001": Code(
        "The spec cannot be read: there is no such file, it is empty or a folder, or it is not UTF-8.",
        "Name a spec that is there, and save it as UTF-8.",
    ),
    "IOT002": Code(
        "The file is not YAML, is indented with a tab, or its aliases make it too large.",
        "Correct the line; indent with spaces.",
    ),
    "IOT003": Code("A key is there twice.", "Keep one of them: YAML has one value for each key."),
    "IOT004": Code(
        "A word or a number that would become something else: `yes`, `010`, `.inf`, too many digits.",
        "Write the value that you mean, or put quotes around a text.",
    ),
    "IOT005": Code(
        "YAML that a spec has no use for: a tag, a list as a key, an alias that contains itself.",
        "Write plain mappings, lists, texts, numbers, `true` and `false`.",
    ),
    "IOT006": Code(
        "A comment that is to switch a rule off, and does not: it names none, or gives no reason.",
        "Write `# iotgen: ignore`, the code, `because` and the reason.",
    ),
    "IOT007": Code(
        "A comment switches off a rule that has nothing to say there.",
        "Remove the comment, or move it to the line of the problem, or above it.",
        Severity.WARNING,
    ),
    "IOT008": Code(
        "A file that the spec names is not UTF-8, or is a pipe, a device or too large.",
        "Name a text file of the project, and save it as UTF-8.",
    ),
    "IOT009": Code(
        "An invisible character changes the order in which a line is shown.",
        "Remove the character: with it a reviewer sees another text than iotgen reads.",
        Severity.WARNING,
    ),
    "IOT101": Code(
        "An unknown key; the nearest known one is named.", "Write a key that docs/spec.md lists there."
    ),
    "IOT102": Code("A value is of the wrong type.", "Write a value of the type that the message names."),
    "IOT103": Code("A required key is missing.", "Add the key."),
    "IOT104": Code(
        "A value is out of range, not one of those that are allowed, or not of the form that it needs.",
        "Write a value that the message allows.",
    ),
    "IOT105": Code(
        "A key is not of the form that keys have there.", "Write a key of the form that the message names."
    ),
    "IOT201": Code(
        "A reference to something that the spec does not declare.",
        "Declare it, or correct the reference.",
    ),
    "IOT202": Code(
        "A layer is used by functions of different runtimes or architectures.",
        "Declare a layer for each of them: packages are built for one runtime and one architecture.",
    ),
    "IOT204": Code("A request body's schema is not a JSON object.", "Correct the file that `body` names."),
    "IOT205": Code(
        "A requirement is not pinned with `==` and a hash, or is nothing that a layer can hold.",
        "Write the file with `uv pip compile --generate-hashes` or `pip-compile --generate-hashes`.",
    ),
    "IOT206": Code(
        "A function and its layers, or one zip, are larger than Lambda takes.",
        "Leave packages out, or divide the function.",
    ),
    "IOT501": Code(
        "A template of the project's own cannot be rendered.", "Correct the line of the template."
    ),
    "IOT502": Code("A template of the project's own makes no JSON.", "Correct the line of the template."),
    "IOT503": Code(
        "A template of the project's own makes JSON that is not nested as Terraform's blocks are.",
        "Nest it as the built-in template does.",
    ),
    "IOT504": Code(
        "A template of the project's own has a name that no built-in one has.",
        "Call it like the built-in template that it stands for.",
        Severity.WARNING,
    ),
    "IOT510": Code(
        "A block or a type that neither Terraform nor the AWS provider knows.",
        "Write the name as the provider's documentation has it.",
    ),
    "IOT511": Code("A setting that a type does not have.", "Write a setting that the provider's page lists."),
    "IOT512": Code("A setting that a type needs is missing.", "Add the setting."),
    "IOT513": Code(
        "A setting has a value of the wrong kind.", "Write a value of the kind that the message names."
    ),
    "IOT514": Code(
        "A setting or a type that some of the allowed versions of the AWS provider do not support.",
        "Use one that all of them have, or narrow the range of versions.",
    ),
    "IOT515": Code(
        "A type whose settings iotgen does not know: only Terraform can check it.",
        "Check the rendered folder with `iotgen plan`.",
        Severity.INFO,
    ),
    "IOT516": Code(
        "A template of the project's own has a key twice, of which only the last one counts.",
        "Keep one of them.",
    ),
    "IOT520": Code(
        "A template of the project's own leaves out what the built-in one makes sure of.",
        "Write it as the built-in template does.",
    ),
    "IOT521": Code(
        "A template of the project's own refers to what none makes, or lacks what others refer to.",
        "Correct the reference, or make what it refers to.",
    ),
    "IOT522": Code(
        "A template of the project's own makes what another template makes too.",
        "Begin its name with a label of the resource's own.",
    ),
    "IOT601": Code(
        "What is deployed cannot become what the spec says without losing what it holds.",
        "Undo the change, or move the data before it is applied.",
    ),
    "IOT602": Code(
        "A change that Terraform leaves to you.",
        "Run the command that the message prints.",
        Severity.WARNING,
    ),
    "IOT603": Code(
        "A change that AWS would refuse in mid-apply.",
        "Make it in the steps that the message names.",
    ),
}

CODES: Mapping[str, Code] = dict(
    sorted({**STAGES, **{rule.code: Code(rule.summary, rule.fix, rule.severity) for rule in RULES}}.items())
)


def find_code(text: str) -> str:
    """The code that somebody wrote, as in `iot330` or `330`; UsageError where there is none."""
    written = text.strip().upper()
    code = f"IOT{written}" if re.fullmatch(r"\d{3}", written) else written
    if code in CODES:
        return code
    meant = nearest(code, CODES)
    asked = f"; did you mean `{meant}`?" if meant else ""
    raise UsageError(f"there is no code `{text}`{asked}", "Run `iotgen explain` to list all codes.")


def page(code: str) -> str:
    """The page of a code, as Markdown."""
    text = (bundled.docs() / "problems" / f"{code}.md").read_text(encoding="utf-8")
    return _NOTE.sub("", text, count=1)


def address(code: str) -> str:
    """Where the page of a code is published."""
    return f"{PUBLISHED}docs/problems/{code}.html"
