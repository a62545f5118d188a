"""What every code of a problem means, and the page that explains one."""

import sys

from iotgen.checks import RULES
from iotgen.checks.rule import Rule

# What the codes say that are no rule's: faults of the file, of its form, of references and of templates.
STAGES = {
    "IOT001": "The spec cannot be read: there is no such file, it is empty or a folder, or it is not UTF-8.",
    "IOT002": "The file is not YAML, is indented with a tab, or its aliases make it too large.",
    "IOT003": "A key is there twice.",
    "IOT004": "A word or a number that would become something else: `yes`, `010`, `.inf`, too many digits.",
    "IOT005": "YAML that a spec has no use for: a tag, a list as a key, an alias that contains itself.",
    "IOT006": "A comment that is to switch a rule off, and does not: it names none, or gives no reason.",
    "IOT007": "A comment switches off a rule that has nothing to say there.",
    "IOT008": "A file that the spec names is not UTF-8, or is a pipe, a device or too large.",
    "IOT009": "An invisible character changes the order in which a line is shown.",
    "IOT101": "An unknown key; the nearest known one is named.",
    "IOT102": "A value is of the wrong type.",
    "IOT103": "A required key is missing.",
    "IOT104": "A value is out of range, not one of those that are allowed, or not of the form that it needs.",
    "IOT105": "A key is not of the form that keys have there.",
    "IOT201": "A reference to something that the spec does not declare.",
    "IOT202": "A layer is used by functions of different runtimes or architectures.",
    "IOT204": "A request body's schema is not a JSON object.",
    "IOT205": "A requirement is not pinned with `==` and a hash, or is nothing that a layer can hold.",
    "IOT206": "A function and its layers, or one zip, are larger than Lambda takes.",
    "IOT501": "A template of the project's own cannot be rendered.",
    "IOT502": "A template of the project's own makes no JSON.",
    "IOT503": "A template of the project's own makes JSON that is not nested as Terraform's blocks are.",
    "IOT504": "A template of the project's own has a name that no built-in one has.",
    "IOT510": "A block or a type that neither Terraform nor the AWS provider knows.",
    "IOT511": "A setting that a type does not have.",
    "IOT512": "A setting that a type needs is missing.",
    "IOT513": "A setting has a value of the wrong kind.",
    "IOT514": "A setting or a type that not every AWS provider has which the folder takes.",
    "IOT515": "A type whose settings iotgen does not know: only Terraform can check it.",
    "IOT516": "A template of the project's own has a key twice, of which only the last one counts.",
    "IOT520": "A template of the project's own leaves out what the built-in one makes sure of.",
    "IOT521": "A template of the project's own refers to what none makes, or lacks what others refer to.",
    "IOT522": "A template of the project's own makes what another template makes too.",
    "IOT601": "What is deployed cannot become what the spec says without losing what it holds.",
    "IOT602": "A change that Terraform leaves to you.",
    "IOT603": "A change that AWS would refuse in mid-apply.",
}


def explain(code: str) -> str | None:
    """The page of a code, as text; None when there is no such code."""
    rule = next((rule for rule in RULES if rule.code == code), None)
    if rule:
        return _rule_page(rule)
    return f"{code}: error\n\n{STAGES[code]}\n" if code in STAGES else None


def finds(rule: Rule) -> str:
    """What a rule finds, in a sentence: the first line of its module's docstring."""
    told = sys.modules[rule.check.__module__].__doc__ or ""
    return told.strip().splitlines()[0]


def _rule_page(rule: Rule) -> str:
    return (
        f"{rule.code}: {rule.severity}\n\n"
        f"{rule.summary}\n\n"
        f"It finds: {finds(rule)}\n"
        f"To mend it: {rule.fix}\n"
        f"Source: {rule.source}\n"
        f"To switch it off at a place: # iotgen: ignore {rule.code} because ...\n"
    )
