"""Reads the theta that ``involute export`` wrote."""

from __future__ import annotations

import json
import zipfile
from typing import List, TypeVar

import numpy as np
from numpy.typing import NDArray

from .problem import AnyProblem
from .theta import ThetaLayout

_Any = TypeVar("_Any", bound=AnyProblem)


def load(problem: _Any, path: str) -> _Any:
    """The problem, whose declared theta is now the file's."""
    layout = ThetaLayout(problem.theta)
    parts: List[NDArray[np.float32]] = []
    try:
        with np.load(path) as file:
            for name in layout.names:
                # The vector as a whole is called 'theta', so a part of that name is called otherwise.
                there = "tensor/theta" if name == "theta" else name
                if there not in file.files:
                    names = [other for other in file.files if other not in ("theta", "metadata.json") and not other.startswith("natural/")]
                    raise ValueError(f"{path} has no theta '{name}' but {', '.join(names)}: it is of another problem")
                part = file[there]
                if part.shape != layout.shapes[name]:
                    raise ValueError(f"{path}: theta '{name}' has the shape {part.shape}, here {layout.shapes[name]}")
                parts.append(part.reshape(-1))
            problem.trained = json.loads(file["metadata.json"]) if "metadata.json" in file.files else {}
    except (zipfile.BadZipFile, EOFError) as error:
        raise ValueError(f"{path} is not a file that involute export --out NAME.npz has written: {error}") from None
    # An attribute of the object, in front of the class's.
    problem.theta = layout.parameters(np.concatenate(parts).astype(np.float32))
    return problem
