"""The codes that are no rule's: faults of the file, of its form, of references and of overrides."""

from collections.abc import Mapping
from dataclasses import dataclass

from iotgen.problem import Severity


@dataclass(frozen=True, kw_only=True)
class Code:
    """What is wrong, what happens then, what to do, and how much it usually matters."""

    severity: Severity = Severity.ERROR
    summary: str
    why: str = ""
    fix: str


STAGES: Mapping[str, Code] = {
    "IOT001": Code(
        summary=(
            "The spec cannot be read: there is no such file, it is empty or a folder, or it is not UTF-8."
        ),
        why="Everything is made from the spec; without its text there is nothing to check.",
        fix="Name a spec that exists, and save it as UTF-8.",
    ),
    "IOT002": Code(
        summary="The file is not valid YAML, is indented with tabs, or its aliases make it too large.",
        why=(
            "YAML does not allow tabs as indentation. Aliases can make a small file stand for one that "
            "fills the memory, so iotgen limits what they expand to."
        ),
        fix="Correct the line, and indent with spaces.",
    ),
    "IOT003": Code(
        summary="A key occurs twice.",
        why=(
            "A YAML mapping has one value for each key. Most parsers keep the last one, and the first is "
            "lost without a word."
        ),
        fix="Keep one of them.",
    ),
    "IOT004": Code(
        summary=(
            "A value is not what it looks like in YAML: `yes`, `010`, `.inf`, or a number with too many "
            "digits."
        ),
        why=(
            "YAML 1.1 parsers read `yes` and `on` as `true`, `010` as 8 and `.inf` as infinity. What you "
            "mean as a text or as a decimal number would become something else without a word."
        ),
        fix="Write the value that you mean, or put quotes around a text.",
    ),
    "IOT005": Code(
        summary=(
            "The file uses YAML that a spec cannot have: a tag, a list as a key, an alias that contains "
            "itself."
        ),
        why=(
            "Tags such as CloudFormation's `!Ref` have no meaning here. The spec becomes JSON, which has no "
            "lists as keys, and no values that contain themselves."
        ),
        fix="Write plain mappings, lists, texts, numbers, `true` and `false`.",
    ),
    "IOT006": Code(
        summary="A comment should switch off a rule but does not: it names no code, or gives no reason.",
        why=(
            "A reason tells the next reader whether the comment still holds. A comment that switches off "
            "nothing looks as if it did."
        ),
        fix="Write `# iotgen: ignore`, the code, `because` and the reason.",
    ),
    "IOT007": Code(
        severity=Severity.WARNING,
        summary="A comment switches off a rule that reports nothing there.",
        why=(
            "The problem is gone, or on another line. If the comment stayed, it would hide the problem when "
            "it comes back."
        ),
        fix="Remove the comment, or move it to the line of the problem, or above it.",
    ),
    "IOT008": Code(
        summary="A file of the project is not UTF-8, or is a pipe, a device or too large.",
        why=(
            "iotgen reads requirements, schemas and handlers as text. Reading a pipe or a device may never "
            "end, and a very large file fills the memory."
        ),
        fix="Name a text file of the project, and save it as UTF-8.",
    ),
    "IOT009": Code(
        severity=Severity.WARNING,
        summary="An invisible character changes the order in which a line is shown.",
        why=(
            "Characters that change the direction of text make a line look different from what iotgen "
            "reads, so that a reviewer approves something else. This is known as Trojan Source, "
            "CVE-2021-42574."
        ),
        fix="Remove the character.",
    ),
    "IOT101": Code(
        summary="A key is unknown.",
        why="An unknown key would have no effect: a misspelt setting would silently keep its default.",
        fix="Write a key that docs/spec.md lists there; the message names the nearest one.",
    ),
    "IOT102": Code(
        summary="A value is of the wrong type.",
        why="Each setting has a type in the spec's JSON Schema, which `iotgen schema` prints.",
        fix="Write a value of the type that the message names.",
    ),
    "IOT103": Code(
        summary="A required key is missing.",
        why=(
            "Few settings are required: those for which no default suits everybody, such as the key of a "
            "table."
        ),
        fix="Add the key.",
    ),
    "IOT104": Code(
        summary="A value is out of range, not an allowed one, or not in the required form.",
        why="Most limits are AWS's own; AWS would refuse the value later, in the middle of an apply.",
        fix="Write a value that the message allows.",
    ),
    "IOT105": Code(
        summary="A key is not in the required form.",
        why=(
            "Keys become names on AWS and addresses in Terraform, so they have only characters that both "
            "accept."
        ),
        fix="Write a key in the form that the message names.",
    ),
    "IOT201": Code(
        summary="A reference leads to something that the spec does not declare.",
        why=(
            "Resources are referred to by their keys. For a key that is not declared, there is nothing to "
            "grant access to and nothing to connect."
        ),
        fix="Declare it, or correct the reference.",
    ),
    "IOT202": Code(
        summary="A layer is used by functions of different runtimes or architectures.",
        why=(
            "The packages of a layer are built for one version of Python and one architecture. A function "
            "on another one may fail to import them."
        ),
        fix="Declare a layer for each of them, from the same requirements.",
    ),
    "IOT204": Code(
        summary="The schema of a request body is not a JSON object.",
        why="API Gateway checks the body of a request against a model, which is a JSON Schema: an object.",
        fix="Correct the file that `body` names.",
    ),
    "IOT205": Code(
        summary="A requirement is not pinned with `==` and a hash, or cannot go into a layer.",
        why=(
            "A layer is the same on every machine only if each package is pinned to one version and to "
            "hashes, which pip verifies. Layers hold wheels only: nothing is built, so no code of a package "
            "runs on your machine."
        ),
        fix="Write the file with `uv pip compile --generate-hashes` or `pip-compile --generate-hashes`.",
    ),
    "IOT206": Code(
        summary="A function and its layers, or one zip, are larger than Lambda takes.",
        why=(
            "Lambda takes at most 250 MB for a function with its layers, unzipped, and 50 MB for a zip that "
            "is uploaded."
        ),
        fix="Remove packages, or split the function.",
    ),
    "IOT501": Code(
        summary="An override is of something that iotgen does not make.",
        why="A patch has to have something to change. iotgen makes no resource for an override.",
        fix="Write an address of the rendered files; resources of your own go into the folder `terraform/`.",
    ),
    "IOT502": Code(
        summary="An override has a setting that the type does not have, or that only AWS sets.",
        why="Terraform refuses a setting that the provider does not know, and so would every plan.",
        fix="Write an argument that the provider's page lists.",
    ),
    "IOT503": Code(
        summary="An override has a value of the wrong kind.",
        why="Terraform refuses a list where the provider takes one value, and the other way round.",
        fix="Write a value of the kind that the message names.",
    ),
    "IOT504": Code(
        severity=Severity.WARNING,
        summary="An override has a setting that some of the allowed provider versions do not support.",
        why="A rendered folder takes AWS provider 5.100 to 6; a version without the setting fails to plan.",
        fix="Use a setting that all of them have, or narrow the versions by an override of `terraform`.",
    ),
    "IOT505": Code(
        summary="An override removes or leaves out a setting that the type needs.",
        why="Terraform refuses a resource without a required setting.",
        fix="Keep the setting, or replace its value.",
    ),
    "IOT506": Code(
        severity=Severity.WARNING,
        summary="An override takes away or changes what iotgen guarantees.",
        why=(
            "What iotgen renders is encrypted, allows no more than the spec says, loses no message and keeps "
            "no log for ever. The message says what would no longer hold."
        ),
        fix="Leave the setting as it is rendered, or give the reason: `# iotgen: ignore IOT506 because ...`.",
    ),
    "IOT507": Code(
        summary="An override changes a name or a file that iotgen itself relies on.",
        why=(
            "Policies, alarms, variables and outputs are made from the names in the spec, and zips from the "
            "code. With another name, the others would refer to something that is not there."
        ),
        fix="Use the spec's own settings.",
    ),
    "IOT508": Code(
        severity=Severity.INFO,
        summary="An override changes nothing.",
        why="What is rendered has these values already, so the override only looks as if it did something.",
        fix="Remove it.",
    ),
    "IOT509": Code(
        summary="An override refers to something that nothing makes, or removes what others refer to.",
        why="Terraform refuses a reference to an undeclared resource.",
        fix="Correct the reference, or make what it refers to in the folder `terraform/`.",
    ),
    "IOT510": Code(
        summary="A file of `terraform/` has the name of one that iotgen writes.",
        why="Both go into the rendered folder, and one would replace the other.",
        fix="Rename the file.",
    ),
    "IOT511": Code(
        summary="A `.tf.json` file of `terraform/` is not a JSON object.",
        why="Terraform reads the rendered folder as a whole, and refuses all of it for one such file.",
        fix="Correct the file.",
    ),
    "IOT512": Code(
        summary="A file of `terraform/` makes an address that iotgen makes too.",
        why="Terraform refuses two blocks with one address.",
        fix="Rename yours, or patch iotgen's under `overrides`.",
    ),
    "IOT513": Code(
        summary="The project has templates of its own, which have no effect any more.",
        why="Earlier versions rendered them in place of iotgen's. What they change would be missing.",
        fix="Move changes to `overrides`, and additions to the folder `terraform/`; remove `templates/`.",
    ),
    "IOT601": Code(
        summary="A deployed resource cannot become what the spec says without losing what it holds.",
        why=(
            "AWS cannot change a table's key, a bucket's name, or the type or name of a secret. Terraform "
            "would replace the resource, and what it holds would be gone."
        ),
        fix="Undo the change, or move the data before it is applied.",
    ),
    "IOT602": Code(
        severity=Severity.WARNING,
        summary="A change that Terraform leaves to you.",
        why=(
            "Terraform does not know the value of a secure parameter, and the AWS provider writes its "
            "description and its key only together with the value. It also leaves a table's `ttl` on when "
            "the spec has none any more."
        ),
        fix="Run the command that the message prints.",
    ),
    "IOT603": Code(
        summary="A change that AWS would refuse in mid-apply.",
        why=(
            "Some changes take two steps on AWS: DynamoDB, for example, takes no other `ttl` attribute while "
            "the first one is on."
        ),
        fix="Make it in the steps that the message names.",
    ),
}
