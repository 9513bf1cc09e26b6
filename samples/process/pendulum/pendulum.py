"""
A pendulum that a motor too weak to lift it is to swing up and keep upright. Theta is a controller of 16 numbers: a
layer of four tanh units that see the pendulum's place and speed, and their weights.
"""

import numpy as np

from involute.problem import Parameter, VectorProblem

SECONDS = 0.05  # of a step
GRAVITY = 10.0  # per length: 1/s²
STRONGEST = 3.0  # what the motor can do, in the same unit; 10 would lift the pendulum


class Pendulum(VectorProblem):
    """Each lane is a pendulum, with a state of two numbers: the angle from upright, and the speed."""

    theta = {
        "inputs": Parameter(shape=(4, 3), initial=[0.5, 0, 0.1, 0, 0.5, 0.1, 0, -0.5, 0.1, 0, 0, 0.3]),
        "outputs": Parameter(shape=(4,), initial=0.0, unit="1/s²"),
    }

    # A new trajectory: the pendulum hangs, not quite still. Both arms of a pair begin alike.
    def reset(self, theta, keys):
        start = keys.normal(2)
        return {"angle": np.pi + 0.3 * start[:, 0], "speed": 0.3 * start[:, 1]}

    def step(self, theta, state, keys):
        angle, speed = state["angle"], state["speed"]
        torque = np.clip(self.control(theta, np.sin(angle), np.cos(angle), speed), -STRONGEST, STRONGEST)
        gust = 0.5 * keys.normal()
        speed = speed + SECONDS * (GRAVITY * np.sin(angle) + torque + gust - 0.1 * speed)
        angle = angle + SECONDS * speed
        loss = 1.0 - np.cos(angle) + 0.01 * speed * speed + 0.001 * torque * torque
        return {"angle": angle, "speed": speed}, loss

    # Products and sums number by number, not by @: its last digits depend on how many lanes there are.
    def control(self, theta, sine, cosine, speed):
        torque = 0.0
        for unit in range(4):
            weights = theta["inputs"][:, unit]
            seen = weights[:, 0] * sine + weights[:, 1] * cosine * speed + weights[:, 2] * speed
            torque = torque + theta["outputs"][:, unit] * np.tanh(seen)
        return torque


if __name__ == "__main__":
    Pendulum().serve()
