"""A bill as data for JSON, with each quantity and its price."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from iotgen.cost.bill import Bill
from iotgen.cost.levers import Saving
from iotgen.cost.load import Load
from iotgen.cost.prices import PriceList

_CENTS = 4


def bill_data(bill: Bill) -> dict[str, Any]:
    """A bill: sums in USD, and every line of it."""
    return {
        "usd": _usd(bill.usd),
        "storage_usd": _usd(bill.stored),
        "by_path": {name: _usd(usd) for name, usd in bill.by(lambda line: line.group)},
        "by_service": {name: _usd(usd) for name, usd in bill.by(lambda line: line.service)},
        "lines": [
            {**asdict(line), "quantity": round(line.quantity, 6), "usd": _usd(line.usd)}
            for line in bill.lines
        ],
        "functions": {key: str(basis) for key, basis in bill.bases},
        "retention_days": bill.retention,
    }


def saving_data(savings: Sequence[Saving]) -> list[dict[str, Any]]:
    """What would save, each by itself."""
    return [{"change": saving.change, "usd": _usd(saving.usd)} for saving in savings]


def assumption_data(load: Load, prices: PriceList) -> dict[str, Any]:
    """What the numbers rest on."""
    return {"load": asdict(load), "prices": {"date": prices.date, "region": prices.region}}


def _usd(amount: float) -> float:
    return round(amount, _CENTS)
