"""Prints while it is imported, at once."""

from involute.problem import Problem

print("printed while it was imported", flush=True)


class Printing(Problem):
    theta = {"x": 0.5}

    def reset(self, theta, key):
        return 1.0

    def step(self, theta, state, key):
        return state + 1, state * theta["x"]
