"""
A training loop of PyTorch whose learning rate and momentum are to be found: theta is a course of the rate's logarithm and the momentum.
The model learns to tell two spirals apart; the loss of a step is its error on points that it has not seen.
"""

import math

import torch

from involute.problem import Parameter, Problem

torch.set_num_threads(1)  # each compute thread of Involute has a process of its own

STEPS, KNOTS, BATCH = 200, 4, 64
SHAPES = [(2, 24), (24,), (24, 1), (1,)]


def spirals(rng, count):
    """Points of two spirals with noise, and which of the two each is on."""
    turn = torch.as_tensor(3 * math.pi * rng.random(count) ** 0.5, dtype=torch.float32)
    side = torch.as_tensor(rng.integers(0, 2, count), dtype=torch.float32)
    angle = turn + math.pi * side
    noise = torch.as_tensor(0.1 * rng.normal(size=(count, 2)), dtype=torch.float32)
    return torch.stack([turn * torch.cos(angle), turn * torch.sin(angle)], 1) / 5 + noise, side


def error(parameters, points, sides):
    w0, b0, w1, b1 = parameters
    output = torch.tanh(points @ w0 + b0) @ w1 + b1
    return torch.nn.functional.binary_cross_entropy_with_logits(output[:, 0], sides)


class LearningRate(Problem):
    theta = {
        "log_rate": Parameter(shape=(KNOTS,), initial=math.log(0.02)),  # at four times of a training
        "logit_momentum": Parameter(0.0),
    }

    # The state is the model's parameters and their velocities, as tensors: the package packs them.
    def reset(self, theta, key):
        rng = key.rng()
        weights = [torch.as_tensor(rng.normal(size=shape) / math.sqrt(shape[0]), dtype=torch.float32) for shape in SHAPES]
        return {"weights": weights, "velocities": [torch.zeros(shape) for shape in SHAPES]}

    def step(self, theta, state, key):
        place = min(key.step / STEPS, 1) * (KNOTS - 1)
        knot = min(int(place), KNOTS - 2)
        rate = math.exp(theta["log_rate"][knot] + (place - knot) * (theta["log_rate"][knot + 1] - theta["log_rate"][knot]))
        momentum = 1 / (1 + math.exp(-theta["logit_momentum"]))

        rng = key.rng()
        weights = [weight.requires_grad_() for weight in state["weights"]]
        gradients = torch.autograd.grad(error(weights, *spirals(rng, BATCH)), weights)
        with torch.no_grad():
            velocities = [momentum * velocity - rate * slope for velocity, slope in zip(state["velocities"], gradients)]
            weights = [weight + velocity for weight, velocity in zip(weights, velocities)]
            unseen = error(weights, *spirals(rng, BATCH)).item()
        return {"weights": weights, "velocities": velocities}, unseen


if __name__ == "__main__":
    LearningRate().serve()
