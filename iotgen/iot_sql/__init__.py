"""The SQL of AWS IoT's rules, and its topic filters, as far as both can be checked without AWS.

https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html
"""

from iotgen.iot_sql.parse import parse
from iotgen.iot_sql.statement import Fault, Invocation, Query
from iotgen.iot_sql.templates import each_level, expressions, fixed, published_fault
from iotgen.iot_sql.topics import filter_fault, levels_of, matches, meet

__all__ = [
    "Fault",
    "Invocation",
    "Query",
    "each_level",
    "expressions",
    "filter_fault",
    "fixed",
    "levels_of",
    "matches",
    "meet",
    "parse",
    "published_fault",
]
