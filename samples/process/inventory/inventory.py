"""
A shop that orders by the week. Theta is its policy: up to which level it orders, and below which it does. Demand is random and has a
season; what is ordered comes two weeks later. The loss of a week is what it costs: keeping goods, orders, and demand that is not met.
"""

import math
from dataclasses import dataclass, field

from involute.problem import Parameter, Problem

YEAR = 52
KEEP, ORDER, MISSED = 1.0, 40.0, 15.0  # per piece and week, per order, per piece


@dataclass
class Shop:
    stock: float = 0.0
    coming: list = field(default_factory=lambda: [0.0, 0.0])  # next week, the week after
    season: float = 0.0  # where in the year the trajectory begins


class Inventory(Problem):
    theta = {
        "reorder": Parameter(20.0, unit="pieces"),
        "up_to": Parameter(30.0, unit="pieces"),
        "swing": Parameter(0.0, unit="pieces"),  # both levels are higher in the season by so much
    }

    def reset(self, theta, key):
        return Shop(stock=30.0, season=float(key.rng().integers(YEAR)))

    def step(self, theta, shop, key):
        wave = math.sin(2 * math.pi * (shop.season + key.step) / YEAR)
        demand = float(key.rng().poisson(20 + 10 * wave))
        shop.stock += shop.coming[0]
        sold = min(demand, shop.stock)
        shop.stock -= sold

        # A policy with a threshold has no gradient: evolution strategies need none.
        raised = theta["swing"] * wave
        expected = shop.stock + shop.coming[1]
        order = max(0.0, theta["up_to"] + raised - expected) if expected < theta["reorder"] + raised else 0.0
        shop.coming = [shop.coming[1], float(order)]
        cost = KEEP * shop.stock + (ORDER if order > 0 else 0.0) + MISSED * (demand - sold)
        return shop, float(cost) / 100


if __name__ == "__main__":
    Inventory().serve()
