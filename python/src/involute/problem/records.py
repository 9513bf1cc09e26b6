"""The packed states of a call, lane by lane. Numbers are unpacked and packed for all lanes at once, which numpy does in the time of one lane."""

from __future__ import annotations

from typing import Any, List, Tuple

import numpy as np
from numpy.typing import NDArray

from .layout import Layout


class Reader:
    """Takes states out of records (L, size)."""

    def __init__(self, layout: Layout, raw: NDArray[np.uint8]) -> None:
        self._layout = layout
        self._columns: List[Any] = [
            column.tolist() if leaf.kind == "number" else column for leaf, column in zip(layout.leaves, layout.columns(raw))
        ]

    def take(self, lane: int) -> Any:
        """The state of a lane: objects of the problem's own."""
        layout = self._layout
        return layout.assemble(
            [
                column[lane] if leaf.kind == "number" else leaf.value(column[lane].copy())
                for leaf, column in zip(layout.leaves, self._columns)
            ]
        )


class Writer:
    """Puts states into records (L, size)."""

    def __init__(self, layout: Layout, raw: NDArray[np.uint8]) -> None:
        self._layout = layout
        self._columns: List[Any] = list(layout.columns(raw))
        self._numbers: List[Tuple[NDArray[Any], List[Any]]] = []
        for index, (leaf, column) in enumerate(zip(layout.leaves, self._columns)):
            if leaf.kind == "number":
                self._columns[index] = [0] * len(raw)
                self._numbers.append((column, self._columns[index]))

    def put(self, lane: int, state: Any) -> None:
        """Keeps the state of a lane, after a check that it is like the first one."""
        for column, value in zip(self._columns, self._layout.flatten(state)):
            column[lane] = value

    def close(self) -> None:
        """Packs the numbers. Those of lanes that were not put are zero."""
        for column, values in self._numbers:
            # One by one, as numpy assigns them: in an array of a list, whole numbers of two types would become fractions.
            column[:] = np.fromiter(values, column.dtype, len(values))
