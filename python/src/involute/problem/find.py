"""Finds the class that a command line names."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from types import ModuleType
from typing import Type

from .problem import AnyProblem, LanesProblem, Problem, VectorProblem


class NotFound(Exception):
    """There is no such file, module or class."""


_looking = False


def is_looking() -> bool:
    """Whether a module is imported only to find a problem in it: a module may serve as its last line."""
    return _looking


def find(name: str) -> Type[AnyProblem]:
    """``my_problem:Pendulum``, ``folder/my_problem.py:Pendulum``; without a class, the only one that the file defines."""
    place, _, wanted = name.partition(":")
    global _looking
    _looking = True
    try:
        module = _module(place)
    finally:
        _looking = False
    own = [
        value for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, AnyProblem) and value not in (AnyProblem, Problem, VectorProblem, LanesProblem)
    ]
    if wanted:
        found = getattr(module, wanted, None)
        if not (isinstance(found, type) and issubclass(found, AnyProblem)):
            names = ", ".join(value.__name__ for value in own) or "none"
            raise NotFound(f"{place} has no problem class '{wanted}'; it has: {names}")
        return found
    own = [value for value in own if value.__module__ == module.__name__]
    if len(own) != 1:
        names = ", ".join(value.__name__ for value in own) or "no problem class"
        raise NotFound(f"{place} has {names}: name one, as {place}:CLASS")
    return own[0]


def _module(place: str) -> ModuleType:
    if place.endswith(".py"):
        if not os.path.isfile(place):
            raise NotFound(f"there is no file {place}")
        folder, file = os.path.split(os.path.abspath(place))
        # As with python3 FILE: what lies beside it can be imported.
        sys.path.insert(0, folder)
        name = file[:-3]
        specification = importlib.util.spec_from_file_location(name, os.path.join(folder, file))
        assert specification is not None and specification.loader is not None
        module = importlib.util.module_from_spec(specification)
        sys.modules[name] = module
        specification.loader.exec_module(module)
        return module
    sys.path.insert(0, os.getcwd())
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        if error.name is not None and (place == error.name or place.startswith(error.name + ".")):
            raise NotFound(f"there is no module {place}") from None
        raise
