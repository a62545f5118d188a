"""How iotgen speaks, as far as a test can hold it: see `How iotgen speaks` in CONTRIBUTING."""

import re

# What begins with a capital in the middle of a sentence, too.
_NAMES = (
    *(
        "API Gateway",
        "AWS",
        "CloudWatch",
        "DynamoDB",
        "JSON",
        "KMS",
        "Lambda",
        "Parameter Store",
        "Python",
        "S3",
    ),
    *("SNS", "SQS", "Terraform", "YAML"),
)


def is_message(text: str) -> bool:
    """Whether it says what is wrong: no capital at its beginning but a name's, and no stop at its end."""
    begins = text.startswith(_NAMES) or not text[:1].isupper()
    return bool(text) and begins and not text.endswith((".", "!"))


def is_hint(text: str) -> bool:
    """Whether it says what to do: a sentence with a stop, a question, or an end that can be pasted."""
    ends = text.endswith((".", "?")) or re.search(r": (aws|iotgen|terraform) \S.*\Z", text) is not None
    return bool(text) and not text[:1].islower() and ends
