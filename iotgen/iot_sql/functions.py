"""The functions of AWS IoT's SQL, and how many arguments each takes: the fewest and the most.

https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html
"""

from collections.abc import Mapping

# `decode` takes six for Protocol Buffers, and `concat` as many as one likes.
# https://docs.aws.amazon.com/iot/latest/developerguide/binary-payloads.html
_ANY = 100

_BY_ARGUMENTS: Mapping[tuple[int, int], str] = {
    (0, 0): "accountid clientid newuuid principal rand sourceip sql_version timestamp traceid",
    (0, 1): "topic",
    (1, 1): (
        "abs acos asin atan bitnot cast ceil chr cos cosh exp floor get_mqtt_property get_user_properties "
        "isnull isundefined length ln log lower ltrim md2 md5 numbytes round rtrim sha1 sha224 sha256 "
        "sha384 sha512 sign sin sinh sqrt tan tanh trim upper"
    ),
    (2, 2): (
        "atan2 aws_lambda bitand bitor bitxor encode endswith get get_or_default indexof lpad mod nanvl "
        "power regexp_matches regexp_substr remainder rpad startswith time_to_epoch trunc"
    ),
    (2, 3): "get_thing_shadow parse_time substring",
    (2, 6): "decode",
    (3, 3): "get_registry_data machinelearning_predict regexp_replace replace transform",
    (3, 4): "get_secret",
    (4, 6): "get_dynamodb",
    (0, _ANY): "concat",
}

ARGUMENTS: Mapping[str, tuple[int, int]] = {
    name: counts for counts, names in _BY_ARGUMENTS.items() for name in names.split()
}

# Functions of other languages, and what stands for them.
FOREIGN: Mapping[str, str] = {
    "current_timestamp": "timestamp",
    "len": "length",
    "now": "timestamp",
    "substr": "substring",
    "uuid": "newuuid",
}


def wanted(name: str) -> str:
    """How many arguments a function takes, in words."""
    least, most = ARGUMENTS[name]
    if least == most:
        return "no arguments" if least == 0 else f"{least} argument{'s' if least > 1 else ''}"
    return f"{least} or {most} arguments" if most == least + 1 else f"{least} to {most} arguments"
