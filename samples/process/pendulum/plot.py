"""
Draws the pendulum under its trained and its untrained controller: python3 plot.py theta.npz pendulum.svg

theta.npz is what "involute export RUN --out theta.npz" writes. The picture is written as text, so nothing but numpy is needed.
"""

import sys

import numpy as np

from pendulum import SECONDS, Pendulum

WIDTH, HEIGHT, LEFT, TOP = 640, 180, 60, 30
STEPS, PENDULUMS = 200, 8


def panel(title, values, low, high, top, colour):
    """Lines over time, one for each row of the values, between two labelled ends."""
    time = np.linspace(0, WIDTH, values.shape[1])
    place = top + HEIGHT * (1 - (np.clip(values, low, high) - low) / (high - low))
    parts = [
        f'<text x="{LEFT}" y="{top - 8}" font-weight="bold">{title}</text>',
        f'<rect x="{LEFT}" y="{top}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>',
        f'<text x="{LEFT - 6}" y="{top + 10}" text-anchor="end">{high}</text>',
        f'<text x="{LEFT - 6}" y="{top + HEIGHT}" text-anchor="end">{low}</text>',
    ]
    for line in place:
        points = " ".join(f"{LEFT + x:.1f},{y:.1f}" for x, y in zip(time, line))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-opacity="0.7"/>')
    return parts


def main(theta, picture):
    trained = Pendulum.load(theta)
    untrained = Pendulum()
    parts, top = [], TOP
    for problem, name, colour in ((untrained, "untrained", "#b04030"), (trained, "trained", "#2060a0")):
        run = problem.rollout(seed=1, steps=STEPS, trajectories=PENDULUMS)
        parts += panel(
            f"{name}: height of {PENDULUMS} pendulums (1 is upright), mean loss {run.losses.mean():.3f}",
            np.cos(run.states["angle"]), -1, 1, top, colour,
        )
        print(f"{name}: mean loss {run.losses.mean():.3f}")
        top += HEIGHT + 50
    parts.append(f'<text x="{LEFT + WIDTH}" y="{top - 30}" text-anchor="end">{STEPS * SECONDS:g} s</text>')
    with open(picture, "w", encoding="utf-8") as file:
        size = f'width="{LEFT + WIDTH + 20}" height="{top}"'
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">\n')
        file.write('<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
