"""The codes other than rules: faults of the file, of its form, of references and of overrides."""

from collections.abc import Mapping
from dataclasses import dataclass

from iotgen.problem import Severity


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code: what is wrong, the consequence, the remedy, and the usual severity."""

    severity: Severity = Severity.ERROR
    summary: str
    why: str = ""
    fix: str


STAGES: Mapping[str, Code] = {
    "IOT001": Code(
        summary=(
            "The spec cannot be read: there is no such file, it is empty or a folder, or it is not UTF-8."
        ),
        why="iotgen renders everything from the spec; without its text there is nothing to check.",
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
            "lost silently."
        ),
        fix="Keep one of them.",
    ),
    "IOT004": Code(
        summary=(
            "A value is not what it looks like in YAML: `yes`, `010`, `.inf`, or a number with too many "
            "digits."
        ),
        why=(
            "YAML 1.1 parsers read `yes` and `on` as `true`, `010` as 8 and `.inf` as infinity. A text or a "
            "decimal number would silently become something else."
        ),
        fix="Write the value that you mean, or put quotes around a text.",
    ),
    "IOT005": Code(
        summary=(
            "The file uses YAML that a spec does not support: a tag, a list as a key, an alias that contains "
            "itself."
        ),
        why=(
            "Tags such as CloudFormation's `!Ref` have no meaning here. The spec becomes JSON, which has no "
            "lists as keys, and no values that contain themselves."
        ),
        fix="Write plain mappings, lists, texts, numbers, `true` and `false`.",
    ),
    "IOT006": Code(
        summary="A comment does not disable a rule: it names no code, or gives no reason.",
        why=(
            "A reason shows the next reader whether the comment still applies. A comment that disables "
            "nothing looks as if it did."
        ),
        fix="Write `# iotgen: ignore`, the code, `because` and the reason.",
    ),
    "IOT007": Code(
        severity=Severity.WARNING,
        summary="A comment disables a rule that reports nothing there.",
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
        fix="Write a key that docs/spec.md lists there. The message suggests the nearest one.",
    ),
    "IOT102": Code(
        summary="A value is of the wrong type.",
        why="Each setting has a type in the spec's JSON Schema, which `iotgen schema` prints.",
        fix="Write a value of the type that the message names.",
    ),
    "IOT103": Code(
        summary="A required key is missing.",
        why=("Few settings are required: those without a sensible default, such as the key of a table."),
        fix="Add the key.",
    ),
    "IOT104": Code(
        summary="A value is out of range, not an allowed one, or not in the required form.",
        why="Most limits are AWS's own; AWS would reject the value later, in the middle of an apply.",
        fix="Write a value that the message allows.",
    ),
    "IOT105": Code(
        summary="A key is not in the required form.",
        why=(
            "Keys become names on AWS and addresses in Terraform, so they may have only characters that "
            "both accept."
        ),
        fix="Write a key in the form that the message names.",
    ),
    "IOT201": Code(
        summary="A reference leads to something that the spec does not declare.",
        why=(
            "References name resources by their keys. For an undeclared key, there is nothing to grant "
            "access to and nothing to connect."
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
        summary="A function and its layers, or one zip, are larger than Lambda allows.",
        why=(
            "Lambda allows at most 250 MB for a function with its layers, unzipped, and 50 MB for an "
            "uploaded zip."
        ),
        fix="Remove packages, or split the function.",
    ),
    "IOT501": Code(
        summary="An override is for something that iotgen does not render.",
        why="A patch needs something to change. iotgen creates no resource for an override.",
        fix="Write an address of the rendered files. Put resources of your own into the folder `terraform/`.",
    ),
    "IOT502": Code(
        summary="An override has a setting that the type does not have, or that only AWS sets.",
        why="Terraform rejects a setting that the provider does not know, so every plan would fail.",
        fix="Write an argument that the provider's page lists.",
    ),
    "IOT503": Code(
        summary="An override has a value of the wrong kind.",
        why="Terraform rejects a list where the provider expects one value, and the other way round.",
        fix="Write a value of the kind that the message names.",
    ),
    "IOT504": Code(
        severity=Severity.WARNING,
        summary="An override has a setting that some of the allowed provider versions do not support.",
        why="A rendered folder takes AWS provider 5.100 to 6; a version without the setting fails to plan.",
        fix="Use a setting that all of them have, or narrow the versions by an override of `terraform`.",
    ),
    "IOT505": Code(
        summary="An override removes or omits a setting that the type requires.",
        why="Terraform rejects a resource that lacks a required setting.",
        fix="Keep the setting, or replace its value.",
    ),
    "IOT506": Code(
        severity=Severity.WARNING,
        summary="An override removes or changes a setting that iotgen guarantees.",
        why=(
            "iotgen renders resources that are encrypted, grant no more than the spec declares, lose no "
            "message and keep no log forever. The message names the guarantee that would be lost."
        ),
        fix="Keep the rendered setting, or give a reason: `# iotgen: ignore IOT506 because ...`.",
    ),
    "IOT507": Code(
        summary="An override changes a name or a file that iotgen itself relies on.",
        why=(
            "iotgen derives policies, alarms, variables and outputs from the names in the spec, and zips "
            "from the code. With another name, these would refer to something that does not exist."
        ),
        fix="Use the spec's own settings.",
    ),
    "IOT508": Code(
        severity=Severity.INFO,
        summary="An override changes nothing.",
        why="The rendered files have these values already, so the override only looks effective.",
        fix="Remove it.",
    ),
    "IOT509": Code(
        summary="An override refers to an undeclared resource, or removes one that others refer to.",
        why="Terraform rejects a reference to an undeclared resource.",
        fix="Correct the reference, or declare the resource in the folder `terraform/`.",
    ),
    "IOT510": Code(
        summary="A file of `terraform/` has the name of one that iotgen writes.",
        why="Both go into the rendered folder, and one would replace the other.",
        fix="Rename the file.",
    ),
    "IOT511": Code(
        summary="A `.tf.json` file of `terraform/` is not a JSON object.",
        why="Terraform reads the rendered folder as a whole, and rejects all of it for one such file.",
        fix="Correct the file.",
    ),
    "IOT512": Code(
        summary="A file of `terraform/` declares an address that iotgen also renders.",
        why="Terraform rejects two blocks with the same address.",
        fix="Rename yours, or patch iotgen's under `overrides`.",
    ),
    "IOT513": Code(
        summary="The project has templates of its own, which no longer have any effect.",
        why="Earlier versions rendered them in place of iotgen's. Their changes would be missing.",
        fix="Move changes to `overrides`, and additions to the folder `terraform/`; remove `templates/`.",
    ),
    "IOT601": Code(
        summary="A change of the spec would replace a deployed resource and lose its data.",
        why=(
            "AWS cannot change a table's key, a bucket's name, or the type or name of a secret. Terraform "
            "would replace the resource, and its data would be gone."
        ),
        fix="Undo the change, or move the data before you apply it.",
    ),
    "IOT602": Code(
        severity=Severity.WARNING,
        summary="A change that Terraform does not make.",
        why=(
            "Terraform does not know the value of a secure parameter, and the AWS provider writes its "
            "description and its key only together with the value. It also leaves a table's `ttl` on when "
            "the spec no longer has one. S3 leaves objects under the key that they were written with."
        ),
        fix="Run the command that the message prints.",
    ),
    "IOT603": Code(
        summary="A change that AWS would reject in the middle of an apply.",
        why=(
            "Some changes take two steps on AWS: DynamoDB, for example, rejects another `ttl` attribute "
            "while the first one is on."
        ),
        fix="Follow the steps in the message.",
    ),
    "IOT604": Code(
        severity=Severity.WARNING,
        summary="A change during which something does not work.",
        why=(
            "Terraform makes some changes by removing a part of a resource and building it anew: a table's "
            "index with another key, for example. DynamoDB refuses queries of the index until it has gone "
            "through all items."
        ),
        fix="Follow the steps in the message, or apply while nothing needs it.",
    ),
}
