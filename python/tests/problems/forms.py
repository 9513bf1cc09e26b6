"""One problem in each form, and problems that do what they should not. The argument says which one is served."""

import os
import sys
from dataclasses import dataclass

import numpy as np

from involute.problem import LanesProblem, Parameter, Problem, VectorProblem


@dataclass
class State:
    place: np.ndarray
    count: int
    speed: float
    inner: tuple


class Simple(Problem):
    theta = {"rate": -1.0, "gains": Parameter([0.5, 0.25, 0.0], unit="1/s")}

    def reset(self, theta, key):
        return State(key.normal(3) * theta["gains"], 0, key.uniform(), (True, np.float32(0.5), [np.zeros((2, 2), np.int16)]))

    def step(self, theta, state, key):
        state.place = state.place * 0.9 + key.normal(3, "push") * theta.gains
        state.count += 1
        state.speed = max(0, state.speed - 0.5)
        state.inner[2][0][:] += 1
        return state, float((state.place * state.place).sum()) + np.exp(theta["rate"])


def oscillator(theta, state, noise):
    """Additions and products alone: the same in each form."""
    place, speed = state
    speed = speed - 0.1 * place * theta[0] - 0.01 * speed + 0.1 * noise
    place = place + 0.1 * speed
    return place, speed, place * place + theta[1] * speed


class SimpleOscillator(Problem):
    theta = {"stiffness": 1.0, "weight": 0.25}

    def reset(self, theta, key):
        start = key.normal(2)
        return {"place": float(start[0]), "speed": float(start[1]) * theta["stiffness"]}

    def step(self, theta, state, key):
        place, speed, loss = oscillator((theta["stiffness"], theta["weight"]), (state["place"], state["speed"]), key.normal())
        return {"place": place, "speed": speed}, loss

    def evaluate(self, theta, state, key):
        return state["place"] + 100 * key.step + {"train": 0.25, "test": 0.75}[key.split]


class VectorOscillator(VectorProblem):
    theta = SimpleOscillator.theta

    def reset(self, theta, keys):
        start = keys.normal(2)
        return {"place": start[:, 0], "speed": start[:, 1] * theta["stiffness"]}

    def step(self, theta, state, keys):
        place, speed, loss = oscillator((theta["stiffness"], theta["weight"]), (state["place"], state["speed"]), keys.normal())
        return {"place": place, "speed": speed}, loss

    def evaluate(self, theta, state, keys):
        return state["place"] + 100 * keys.step + {"train": 0.25, "test": 0.75}[keys.split]


class LanesOscillator(LanesProblem):
    theta = SimpleOscillator.theta
    state = np.dtype([("place", "f8"), ("speed", "f8")])

    def advance(self, lanes):
        for lane in range(len(lanes)):
            theta = lanes.theta["stiffness"][lane], lanes.theta["weight"][lane]
            if lanes.begins[lane]:
                start = lanes.reset_keys[lane].normal(2)
                lanes.states[lane] = start[0], start[1] * theta[0]
            place, speed = lanes.states[lane]
            for number in range(lanes.steps[lane]):
                key = lanes.keys[lane]
                key = key._replace(step=key.step + number)
                place, speed, lanes.losses[lane][number] = oscillator(theta, (place, speed), key.normal())
            lanes.states[lane] = place, speed


class Varying(Problem):
    theta = {"x": 0.0}
    state_bytes_at_most = 200_000

    def reset(self, theta, key):
        return b"r"

    def step(self, theta, state, key):
        # As long as the number of steps, and long once.
        grown = state + b"s"
        return (b"L" * 100_000 if key.step == 4 else b"r" * 300_000 if key.step == 99 else grown), float(len(grown))


class SmallVarying(Problem):
    theta = {"x": 1.0}
    state_bytes_at_most = 100

    def reset(self, theta, key):
        return b"r"

    def step(self, theta, state, key):
        # From 1 byte to 90, whose numbers count.
        grown = (state + bytes([key.step % 251]))[-90:]
        return grown, theta.x * (len(grown) + sum(grown) / 1000 + key.uniform())


class Large(VectorProblem):
    theta = {"w": Parameter(shape=(30_000,), initial=0.5)}
    theta_type = np.float32

    def reset(self, theta, keys):
        return np.tile(np.arange(40_000, dtype=np.float64), (len(keys), 1)) + keys.pair[:, None]

    def step(self, theta, state, keys):
        state += theta["w"][:, :1]
        return state, state[:, 0].copy()


class LongGreeting(SimpleOscillator):
    theta = {"stiffness": 1.0, "weight": 0.25, "table": Parameter(np.arange(20_000))}


class Diverging(VectorProblem):
    """Lane of pair p diverges at step p; a lane that is called on afterwards is an error."""

    theta = {"x": 1.0}

    def reset(self, theta, keys):
        return np.ones(len(keys))

    def step(self, theta, state, keys):
        if not np.isfinite(state).all():
            raise FloatingPointError("called after the end")
        state = np.where(keys.step == keys.pair, np.inf, state + 1)
        return state, state.copy()


class SimpleDiverging(Problem):
    theta = {"x": 1.0}

    def reset(self, theta, key):
        return 1.0

    def step(self, theta, state, key):
        if state == float("inf"):
            raise FloatingPointError("called after the end")
        state = float("inf") if key.step == key.pair else state + 1
        return state, state


class Wrong(Problem):
    """Does at step n of pair p what the pair's number says."""

    theta = {"x": 1.0}

    def reset(self, theta, key):
        return {"angle": np.zeros(2), "count": 0}

    def step(self, theta, state, key):
        if key.pair == 1:
            raise ValueError("the pendulum\nhas fallen")
        if key.pair == 2:
            return {**state, "angle": np.zeros(3)}, 0.0
        if key.pair == 3:
            return {**state, "count": 0.5}, 0.0
        if key.pair == 4:
            return {"angle": state["angle"]}, 0.0
        if key.pair == 5:
            return state, np.zeros(3)
        if key.pair == 6:
            return state
        if key.pair == 7:
            sys.exit(3)
        if key.pair == 8:
            print("hello from the step")
            os.write(1, b"and from below\n")
        if key.pair == 9:
            np.linalg.inv(np.zeros((2, 2)))
        if key.pair == 10:
            raise RuntimeError("x\u00e4\U0001F600" * 100_000)
        if key.pair == 11:
            return state, None
        if key.pair == 12:
            return {**state, "angle": np.zeros(2, np.float32)}, 0.0
        if key.pair == 13:
            input()
        if key.pair == 14:
            while True:
                pass
        return state, float("nan") if key.pair == 15 else 1.0


class BadReset(Problem):
    theta = {"x": 1.0}

    def reset(self, theta, key):
        return {"name": "text"}


class NoTheta(Problem):
    def reset(self, theta, key):
        return 0.0


class Unkeyed(SimpleOscillator):
    def step(self, theta, state, key):
        state, loss = super().step(theta, state, key)
        return state, loss + np.random.random()


class Hidden(SimpleOscillator):
    """Keeps something between steps that is not in the state."""

    calls = 0

    def step(self, theta, state, key):
        self.calls += 1
        state, loss = super().step(theta, state, key)
        return state, loss + self.calls


class Mixed(VectorOscillator):
    """Lanes decide one another's numbers."""

    def step(self, theta, state, keys):
        state, loss = super().step(theta, state, keys)
        return state, loss + state["place"].sum()


class Hashed(SimpleOscillator):
    """Other numbers in each process."""

    def step(self, theta, state, key):
        state, loss = super().step(theta, state, key)
        return state, loss + os.getpid()


if __name__ == "__main__":
    print("printed before the greeting")
    globals()[sys.argv[1]]().serve()
