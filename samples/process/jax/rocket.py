"""
A rocket that is to land, in JAX: lanes by vmap, a step compiled by jit. Theta is the gain of the engine's controller.
"""

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np

from involute.problem import Parameter, VectorProblem

SECONDS, GRAVITY, STRONGEST = 0.1, 1.6, 4.0


def one_step(gains, state, gust):
    """A step of one lane: height, speed, and what is left of the fuel."""
    height, speed, fuel = state
    wish = gains[0] + gains[1] * height + gains[2] * speed
    thrust = jnp.where(fuel > 0, jnp.clip(wish, 0.0, STRONGEST), 0.0)
    speed = speed + SECONDS * (thrust - GRAVITY + gust)
    height = jnp.maximum(height + SECONDS * speed, 0.0)
    landed = (height == 0.0) & (speed < 0)
    # What hits the ground pays for its speed, and stands still.
    loss = 0.01 * height + 0.01 * thrust + jnp.where(landed, speed * speed, 0.0)
    return jnp.stack([height, jnp.where(landed, 0.0, speed), fuel - SECONDS * thrust]), loss


every_lane = jax.jit(jax.vmap(one_step))


class Rocket(VectorProblem):
    theta = {"gains": Parameter([1.6, 0.0, -0.1])}

    def reset(self, theta, keys):
        start = keys.normal(2)
        return np.stack([20 + 2 * start[:, 0], 0.5 * start[:, 1], np.full(len(keys), 40.0)], axis=1)

    def step(self, theta, state, keys):
        state, loss = every_lane(theta["gains"], state, 0.2 * keys.normal())
        return np.asarray(state), np.asarray(loss)


if __name__ == "__main__":
    Rocket().serve()
