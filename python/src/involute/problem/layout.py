"""How a state of Python objects is packed into bytes: learned from the state of a first reset."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from typing import Any, Callable, Iterator, List, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from .leaf import Leaf, StateError, describe, learn

Columns = List[NDArray[Any]]
_Nodes = Tuple["_Node", ...]


class _Node:
    """A branch of the state: what it consists of, how it is taken apart and put together."""

    def __init__(self, path: str, kind: type, names: Sequence[Any], children: _Nodes, take: Callable[[Any], Sequence[Any]],
                 make: Callable[[List[Any]], Any]) -> None:
        self.path, self.kind, self.names, self.children, self.take, self.make = path, kind, names, children, take, make
        self.leaf: Leaf | None = None


class Layout:
    """
    The layout of a lane's state. All states are packed into records of ``size`` bytes, each number at a multiple of its
    own size; the bytes between them are zero.
    """

    def __init__(self, state: Any, lanes: int | None = None) -> None:
        self._lanes = lanes is not None
        self.leaves: List[Leaf] = []
        self._root = self._learn("state", state, lanes)
        fields = [(f"f{i}", leaf.dtype, leaf.shape) for i, leaf in enumerate(self.leaves)]
        packed = np.dtype(fields, align=True)
        #: Bytes of a lane: a multiple of 8, and at least 8.
        self.size = max(8, -(-packed.itemsize // 8) * 8)
        offsets = [packed.fields[name][1] for name, _, _ in fields] if packed.fields else []
        self.dtype: np.dtype[Any] = np.dtype(
            {
                "names": [name for name, _, _ in fields],
                "formats": [(dtype, shape) for _, dtype, shape in fields],
                "offsets": offsets,
                "itemsize": self.size,
            }
        )

    def columns(self, raw: NDArray[np.uint8]) -> Columns:
        """Each leaf of the records (…, size) as a view (…, its shape)."""
        records = raw.view(self.dtype)[..., 0]
        return [records[f"f{i}"] for i in range(len(self.leaves))]

    def flatten(self, state: Any, lanes: int | None = None) -> List[Any]:
        """The leaves' values in order, after a check that the state is like the first one."""
        if self._root.leaf is not None:
            return [self._root.leaf.array(state, lanes)]
        values: List[Any] = []
        self._flatten(self._root, state, lanes, values)
        return values

    def build(self, arrays: Sequence[Any]) -> Any:
        """The state of these leaves, in the types that the first state had."""
        return self.assemble([leaf.value(array) for leaf, array in zip(self.leaves, arrays)])

    def assemble(self, values: Sequence[Any]) -> Any:
        """The state whose leaves are these values."""
        return values[0] if self._root.leaf is not None else _assemble(self._root, iter(values))

    def copy(self, state: Any) -> Any:
        """The same state in arrays of its own."""
        return self.build([np.array(value, leaf.dtype) for value, leaf in zip(self.flatten(state), self.leaves)])

    def stack(self, columns: Columns) -> Any:
        """Many states as one, whose parts are arrays with axes in front: for plots."""
        return self.assemble([np.array(column) for column in columns])

    def _learn(self, path: str, value: Any, lanes: int | None) -> _Node:
        kind: Any = type(value)
        names: Sequence[Any]
        take: Callable[[Any], Sequence[Any]]
        make: Callable[[List[Any]], Any]
        if value is None:
            return _Node(path, kind, (), (), lambda it: (), lambda parts: None)
        if isinstance(value, dict):
            names = tuple(value)
            take = lambda it: [it[name] for name in names]  # noqa: E731
            if kind not in (dict, OrderedDict):
                raise StateError(f"{path} is {describe(value)}: of dicts, dict and OrderedDict can be a state")
            make = lambda parts: kind(zip(names, parts))  # noqa: E731
            paths = [f"{path}[{name!r}]" for name in names]
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = tuple(field.name for field in dataclasses.fields(value))
            take = lambda it: [getattr(it, name) for name in names]  # noqa: E731
            make = lambda parts: _dataclass(kind, names, parts)  # noqa: E731
            paths = [f"{path}.{name}" for name in names]
        elif isinstance(value, tuple) and hasattr(kind, "_fields"):
            names, take = kind._fields, list
            make = lambda parts: kind(*parts)  # noqa: E731
            paths = [f"{path}.{name}" for name in names]
        elif isinstance(value, (tuple, list)):
            names, take = tuple(range(len(value))), list
            make = tuple if isinstance(value, tuple) else list
            paths = [f"{path}[{index}]" for index in names]
        else:
            node = _Node(path, kind, (), (), lambda it: (), lambda parts: None)
            node.leaf = learn(path, value, lanes)
            self.leaves.append(node.leaf)
            return node
        children = tuple(self._learn(below, part, lanes) for below, part in zip(paths, take(value)))
        return _Node(path, kind, names, children, take, make)

    def _flatten(self, node: _Node, value: Any, lanes: int | None, values: List[Any]) -> None:
        if type(value) is not node.kind:
            was = "None" if node.kind is type(None) else f"a {node.kind.__name__}"
            raise StateError(f"{node.path} is {describe(value)}, but was {was} after the first reset")
        if isinstance(value, (dict, list, tuple)) and len(value) != len(node.children):
            there: Any = list(value) if isinstance(value, dict) else len(value)
            was = str(list(node.names) if isinstance(value, dict) else len(node.names))
            raise StateError(f"{node.path} has the parts {there}, but had {was} after the first reset")
        try:
            parts = node.take(value)
        except (KeyError, AttributeError) as error:
            raise StateError(f"{node.path} has lost a part that it had after the first reset: {error}") from None
        for child, part in zip(node.children, parts):
            if child.leaf is not None:
                values.append(child.leaf.array(part, lanes))
            else:
                self._flatten(child, part, lanes, values)


def _assemble(node: _Node, values: Iterator[Any]) -> Any:
    return node.make([next(values) if child.leaf is not None else _assemble(child, values) for child in node.children])


def _dataclass(kind: Any, names: Sequence[str], parts: List[Any]) -> Any:
    """A dataclass of these parts; its ``__init__`` and ``__post_init__``, which made the first one, do not run again."""
    made = kind.__new__(kind)
    for name, part in zip(names, parts):
        object.__setattr__(made, name, part)
    return made
