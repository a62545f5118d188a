"""The SQL of AWS IoT's rules, and its topic filters, as far as both can be checked without AWS.

https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html
"""

from iotgen.iot_sql.parse import parse
from iotgen.iot_sql.statement import Fault, Query
from iotgen.iot_sql.topics import filter_fault, matches, within

__all__ = ["Fault", "Query", "filter_fault", "matches", "parse", "within"]
