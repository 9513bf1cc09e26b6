"""Theta: the parameters that are trained. What a problem declares of them, and what its functions get."""

from __future__ import annotations

import math
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Parameter:
    """A named part of theta: its initial values, its shape where that is not theirs, and its unit."""

    #: A number for all elements, or an array.
    initial: ArrayLike = 0.0
    shape: Tuple[int, ...] | None = None
    unit: str = ""


#: Names with their parameters, a plain number or array standing for ``Parameter(that)``.
Declaration = Union[Mapping[str, Any], Sequence[Tuple[str, Any]]]


class ThetaLayout:
    """Names, shapes, units and initial values of theta, and where in the flat vector each part is."""

    def __init__(self, declaration: Declaration) -> None:
        pairs = list(declaration.items()) if isinstance(declaration, MappingOf) else list(declaration)
        self.names: List[str] = []
        self.shapes: Dict[str, Tuple[int, ...]] = {}
        self.units: Dict[str, str] = {}
        self.places: Dict[str, slice] = {}
        initial: List[NDArray[np.float32]] = []
        length = 0
        for pair in pairs:
            name, values = _named(pair)
            if name in self.shapes:
                raise ValueError(f"theta has two parts called '{name}'")
            parameter = values if isinstance(values, Parameter) else Parameter(values)
            part = _initial(name, parameter)
            self.names.append(name)
            self.shapes[name], self.units[name] = part.shape, parameter.unit
            self.places[name] = slice(length, length + part.size)
            length += part.size
            initial.append(part.reshape(-1))
        if length == 0:
            raise ValueError("theta is empty: name at least one number that is to be trained")
        self.length = length
        self.initial: NDArray[np.float32] = np.concatenate(initial)

    def greeting(self) -> List[Dict[str, Any]]:
        """Theta as the greeting of the protocol has it."""
        parts: List[Dict[str, Any]] = []
        for name in self.names:
            values = self.initial[self.places[name]].tolist()
            same = all(value == values[0] for value in values)
            part = {"name": name, "shape": list(self.shapes[name]), "initial": values[0] if same else values}
            if self.units[name]:
                part["unit"] = self.units[name]
            parts.append(part)
        return parts

    def parameters(self, flat: NDArray[np.float32]) -> List[Tuple[str, Parameter]]:
        """A declaration of the same theta that begins with other values."""
        return [(n, Parameter(flat[self.places[n]].reshape(self.shapes[n]), unit=self.units[n])) for n in self.names]


class Theta(Mapping[str, Any]):
    """
    Theta of one lane: ``theta["gains"]`` or ``theta.gains`` is an array in the declared shape, a plain ``float`` where
    the shape is ``()``. With a leading axis of lanes the parts are (L, …), and (L,) where the shape is ``()``.

    Parts are 64-bit floats (``theta_type`` of the problem says otherwise) and belong to the caller.
    """

    __slots__ = ("_layout", "_parts", "flat")

    def __init__(self, layout: ThetaLayout, flat: NDArray[Any]) -> None:
        #: All numbers, one part behind the other: (P,), or (L, P).
        self.flat = flat
        self._layout = layout
        self._parts: Dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        part = self._parts.get(name)
        if part is None:
            try:
                place = self._layout.places[name]
            except KeyError:
                raise KeyError(f"theta has no part '{name}', but {', '.join(self._layout.names)}") from None
            shape = self._layout.shapes[name]
            if self.flat.ndim == 1:
                part = self.flat[place].reshape(shape) if shape else self.flat[place.start].item()
            else:
                # A copy: strided and contiguous arrays may have other last digits in numpy's functions, and how the
                # parts lie must not depend on the number of lanes.
                part = self.flat[:, place].reshape((len(self.flat), *shape)).copy()
            self._parts[name] = part
        return part

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._layout.names)

    def __len__(self) -> int:
        return len(self._layout.names)

    def __repr__(self) -> str:
        return f"Theta({', '.join(f'{name}={self[name]!r}' for name in self)})"

    def take(self, lanes: NDArray[np.intp]) -> Theta:
        """Theta of some of the lanes."""
        return Theta(self._layout, self.flat[lanes])


def _named(pair: Any) -> Tuple[str, Any]:
    try:
        name, values = pair
    except (TypeError, ValueError):
        raise ValueError(f"theta: a dict, or a list of (name, values); not {pair!r}") from None
    if not isinstance(name, str) or not name:
        raise ValueError(f"theta: a part's name is a text, not {name!r}")
    return name, values


def _initial(name: str, parameter: Parameter) -> NDArray[np.float32]:
    try:
        values = np.asarray(parameter.initial, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise ValueError(f"theta '{name}': its initial values are not numbers ({error})") from None
    if parameter.shape is not None:
        if values.ndim > 0 and values.size != math.prod(parameter.shape):
            raise ValueError(f"theta '{name}': {values.size} initial values do not fill the shape {parameter.shape}")
        values = np.full(parameter.shape, values) if values.ndim == 0 else values.reshape(parameter.shape)
    if values.size == 0:
        raise ValueError(f"theta '{name}' has no elements: its shape is {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError(f"theta '{name}': its initial values are not finite")
    return values
