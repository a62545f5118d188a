"""A price list: what AWS asks for a unit of each item, in tiers by the month's quantity."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from iotgen.errors import IotgenError

FILE = Path(__file__).with_name("prices.json")


@dataclass(frozen=True)
class Item:
    """An item: up to each bound in a month a unit costs its price, without end if that is None.

    `free` is what AWS gives each account for nothing, for ever.
    """

    service: str
    unit: str
    tiers: tuple[tuple[float | None, float], ...]
    free: float

    def price(self, quantity: float) -> float:
        """The USD for a month's quantity."""
        total, below = 0.0, 0.0
        for bound, price in self.tiers:
            upper = quantity if bound is None else min(quantity, bound)
            total += max(0.0, upper - below) * price
            below = upper
        return total


@dataclass(frozen=True)
class PriceList:
    """The prices of a region, as they were on a day."""

    date: str
    region: str
    items: Mapping[str, Item]


@cache
def read_prices() -> PriceList:
    """The list that comes with iotgen."""
    return price_list(FILE.read_text(encoding="utf-8"))


def price_list(text: str) -> PriceList:
    """A price list from JSON; IotgenError if it is none."""
    try:
        data = json.loads(text)
        items = {name: _item(item) for name, item in data["items"].items()}
        return PriceList(str(data["date"]), str(data["region"]), items)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = f"Copy {FILE} and change its prices."
        raise IotgenError(f"this is not a price list: {error}", hint) from error


def _item(data: Mapping[str, Any]) -> Item:
    tiers = tuple((None if bound is None else float(bound), float(price)) for bound, price in data["tiers"])
    return Item(str(data["service"]), str(data["unit"]), tiers, float(data["free"]))
