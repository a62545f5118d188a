"""What a pipeline costs in a month, from its spec, the calls of its handlers and AWS's price list."""

from iotgen.cost.bill import Bill, Line, bill, of_resource
from iotgen.cost.levers import Saving, savings
from iotgen.cost.load import Load, arrivals
from iotgen.cost.measured import Measured, read_measured
from iotgen.cost.prices import PriceList, read_prices
from iotgen.cost.traffic import Basis, Traffic, traffic

__all__ = [
    "Basis",
    "Bill",
    "Line",
    "Load",
    "Measured",
    "PriceList",
    "Saving",
    "Traffic",
    "arrivals",
    "bill",
    "of_resource",
    "read_measured",
    "read_prices",
    "savings",
    "traffic",
]
