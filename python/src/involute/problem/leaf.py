"""The parts that a state is made of: numbers and arrays, each in a fixed number of bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Tuple

import numpy as np

# What a number in a state is: Python's type and how it is kept.
_NUMBERS = {bool: np.dtype(np.bool_), int: np.dtype(np.int64), float: np.dtype(np.float64), complex: np.dtype(np.complex128)}


class StateError(TypeError):
    """A state that cannot be kept, or that is not like that after the first reset. The message names the part."""


@dataclass(frozen=True)
class Leaf:
    """
    A number or an array of the state. ``kind`` is what the problem gets back: ``number`` a Python number, ``scalar`` a
    number of numpy, ``array`` an array, ``tensor`` a tensor of torch.
    """

    #: Where in the state it is: ``state["angle"]``.
    path: str
    kind: str
    dtype: np.dtype[Any]
    #: Without the axis of lanes.
    shape: Tuple[int, ...]

    def array(self, value: Any, lanes: int | None) -> Any:
        """The value as something that numpy assigns, after a check that it is what the first reset had here."""
        if self.kind == "number":
            return value if type(value) is float and self.dtype.kind == "f" else _number(self, value)
        array = as_array(value)
        expected = self.shape if lanes is None else (lanes, *self.shape)
        if array is None or array.dtype != self.dtype or array.shape != expected:
            raise StateError(f"{self.path} is {describe(value)}, but was {self.about(lanes)} after the first reset")
        return array

    def value(self, array: Any) -> Any:
        """What the problem gets: the array is its own already."""
        if self.kind == "array":
            return array
        if self.kind == "tensor":
            import torch

            return torch.from_numpy(array)
        return array.item() if self.kind == "number" else array[()]

    def about(self, lanes: int | None = None) -> str:
        if self.kind == "number":
            return next(f"a number ({kind.__name__})" for kind, dtype in _NUMBERS.items() if dtype == self.dtype)
        if self.kind == "scalar":
            return f"a {self.dtype}"
        shape = self.shape if lanes is None else (lanes, *self.shape)
        return f"{'a tensor' if self.kind == 'tensor' else 'an array'} {_dtype(self.dtype)} {shape}"


def learn(path: str, value: Any, lanes: int | None) -> Leaf:
    """The leaf of a state of which this value is an example."""
    if lanes is None and type(value) in _NUMBERS:
        return Leaf(path, "number", _NUMBERS[type(value)], ())
    if lanes is None and isinstance(value, np.generic):
        return Leaf(path, "scalar", _checked(path, value.dtype), ())
    array = as_array(value)
    if array is None:
        raise StateError(f"{path} is {describe(value)}: {_allowed(value, lanes)}")
    dtype, shape = _checked(path, array.dtype), array.shape
    if lanes is not None:
        if shape[:1] != (lanes,):
            raise StateError(
                f"{path} is {describe(value)}: in the vectorised form its first axis is the lanes', here {lanes}"
            )
        shape = shape[1:]
    return Leaf(path, "tensor" if _is_tensor(value) else "array", dtype, shape)


def as_array(value: Any) -> Any:
    """The numpy array of an array or tensor of some library, or None."""
    if type(value) is np.ndarray:
        return value
    if _is_tensor(value):
        return value.detach().cpu().numpy()
    if isinstance(value, np.generic) or (hasattr(value, "__array__") and hasattr(value, "dtype")):
        return np.asarray(value)
    return None


def describe(value: Any) -> str:
    """What a value is, in a few words."""
    if value is None:
        return "None"
    if hasattr(value, "dtype") and hasattr(value, "shape"):
        kind = "a tensor" if _is_tensor(value) else "an array" if not isinstance(value, np.generic) else "a number of numpy"
        return f"{kind} {_dtype(value.dtype)} {tuple(value.shape)}"
    if type(value) in _NUMBERS:
        return f"a number ({type(value).__name__})"
    return f"a {type(value).__name__}"


def _number(leaf: Leaf, value: Any) -> Any:
    """
    A whole number may stand where a fraction was (``max(0, x)`` makes them), and numpy's numbers where Python's were;
    the other way something would be lost.
    """
    kind = leaf.dtype.kind
    if isinstance(value, (bool, np.bool_)):
        right = kind == "b"
    elif isinstance(value, (int, np.integer)):
        right = kind in "ifc" and (kind != "i" or -(1 << 63) <= int(value) < 1 << 63)
    elif isinstance(value, (float, np.floating)):
        right = kind in "fc"
    else:
        right = isinstance(value, (complex, np.complexfloating)) and kind == "c"
    if right:
        return value
    if kind == "i" and isinstance(value, (float, np.floating)):
        raise StateError(f"{leaf.path} was a whole number after the first reset and is {value!r} now: write 0.0 for 0 there")
    if kind == "i" and isinstance(value, int):
        raise StateError(f"{leaf.path} is {value}, which 64 bits do not hold")
    raise StateError(f"{leaf.path} is {describe(value)}, but was {leaf.about()} after the first reset")


def _checked(path: str, dtype: Any) -> np.dtype[Any]:
    if dtype.hasobject or dtype.kind in "SUVMm" and dtype.fields is None:
        raise StateError(f"{path} has the type {dtype}: a state is made of numbers and arrays of numbers")
    if np.dtype(dtype).base in (np.dtype(np.longdouble), np.dtype(np.clongdouble)) and np.dtype(np.longdouble).itemsize > 8:
        raise StateError(f"{path} has the type {dtype}, some of whose bytes mean nothing: use float64")
    return np.dtype(dtype)


def _dtype(dtype: Any) -> str:
    return str(dtype).replace("torch.", "")


def _is_tensor(value: Any) -> bool:
    return type(value).__module__ == "torch" and hasattr(value, "detach")


def _allowed(value: Any, lanes: int | None) -> str:
    if isinstance(value, np.random.Generator):
        return "draw from key.rng() in each step instead, which needs no state"
    if isinstance(value, (bytes, bytearray)):
        return "say state_bytes_at_most in the class, and let the state as a whole be bytes"
    if lanes is not None and type(value) in _NUMBERS:
        return f"in the vectorised form each lane has its own, in an array whose first axis has {lanes} elements"
    return "a state is numbers, numpy arrays, and dicts, tuples, lists or dataclasses of these"
