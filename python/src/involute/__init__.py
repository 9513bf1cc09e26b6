"""Involute in Python: :mod:`involute.problem` is what an inner problem in Python is written with."""

__version__ = "0.3.0"
