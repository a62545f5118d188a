"""The attributes of resources that outputs and variables may be: names, ARNs and URLs."""

from iotgen.model.expression import Expression
from iotgen.model.kind import Resolving

# The word for one resource of each section.
SECTIONS = {
    "table": "tables",
    "stream": "streams",
    "queue": "queues",
    "topic": "topics",
    "bus": "buses",
    "bucket": "buckets",
    "delivery": "deliveries",
    "parameter": "parameters",
    "secret": "secrets",
    "function": "functions",
    "workflow": "workflows",
    "user_pool": "user_pools",
}


def usual_attribute(context: Resolving, section: str) -> str:
    """The attribute that functions get by their access, too."""
    if section not in context.accesses:
        return "arn"
    attribute = context.accesses[section].variable.attribute
    return "name" if attribute == "bucket" else attribute


def planned_attribute(context: Resolving, section: str, key: str, attribute: str) -> str | Expression:
    """A name, an ARN, a URL or an ID, known at plan time but for a queue's URL and what is of a user pool.

    So two functions can have each other's, and a workflow's can be had by what it calls.
    """
    if attribute == "url":
        url = context.forms[section].url
        return url(context, key) if url else context.attribute(section, key, attribute)
    if attribute == "id":
        return context.attribute(section, key, attribute)
    if attribute == "name":
        return context.full_name(section, key)
    if section in context.forms:
        return context.arn(section, key)
    return context.accesses[section].arn(context, key, "")
