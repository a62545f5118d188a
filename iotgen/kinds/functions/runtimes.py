"""Lambda's Python runtimes that a spec can name, and the day on which AWS ends its support of each.

A runtime is offered when every AWS provider that a rendered folder takes knows it: the provider refuses any
other by a list of its own. The list that is offered stands in `schema.json`, with what to say of the others.
"""

from datetime import date

from iotgen.spec.schema import schema

OFFERED: tuple[str, ...] = tuple(schema()["$defs"]["runtime"]["enum"])

# From the table of supported runtimes, https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html.
# The days from which functions can't be created or updated follow months later, and AWS moves them.
END_OF_SUPPORT = {
    "python3.10": date(2026, 10, 31),
    "python3.11": date(2027, 6, 30),
    "python3.12": date(2028, 10, 31),
    "python3.13": date(2029, 6, 30),
    "python3.14": date(2029, 6, 30),
}

# The first provider that takes a runtime, for those that the oldest one may lack.
# https://github.com/hashicorp/terraform-provider-aws/pull/45024
FIRST_PROVIDER = {"python3.14": (6, 20)}

LONGEST_SUPPORTED = max(OFFERED, key=lambda runtime: (END_OF_SUPPORT[runtime], runtime))
