"""Errors of the user's code as the protocol tells them: type, message, the user's line, and the whole trace."""

from __future__ import annotations

import json
import os
import sysconfig
import traceback
from typing import Any, Callable, Dict, List

from .frames import MOST_IN_FRAME

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_LIBRARIES = tuple(
    {os.path.abspath(path) + os.sep for name, path in sysconfig.get_paths().items() if name in ("stdlib", "platstdlib", "purelib", "platlib")}
)


def failure(error: BaseException, place: Callable[..., Any] | None) -> Dict[str, str]:
    """The error; ``place`` is the function to name where the package, not the user's code, has raised it."""
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    try:
        message = " ".join(str(error).split())[:2000]
    except Exception as unsaid:  # its own code makes the text
        message = f"(its text cannot be made: {type(unsaid).__name__})"
    return {"type": type(error).__name__, "message": message, "where": _where(error, place), "trace": trace}


def encode(told: Dict[str, str]) -> bytes:
    """As the payload of an error frame; of a trace that is too long the beginning and the end."""
    trace = told["trace"]
    room = len(trace)
    while True:
        if room < len(trace):
            told = {**told, "trace": f"{trace[: room // 4]}\n[…]\n{trace[-(room - room // 4) :]}"}
        payload = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
        if len(payload) <= MOST_IN_FRAME:
            return payload
        room = min(room - 1, room * MOST_IN_FRAME // len(payload) - 100)


def line(told: Dict[str, str]) -> str:
    """In one line."""
    return f"{told['type']}: {told['message']} ({told['where']})"


def _where(error: BaseException, place: Callable[..., Any] | None) -> str:
    frames: List[traceback.FrameSummary] = [
        frame for frame in traceback.extract_tb(error.__traceback__) if not os.path.abspath(frame.filename).startswith(_PACKAGE + os.sep)
    ]
    own = [frame for frame in frames if not (frame.filename.startswith("<") or _is_library(os.path.abspath(frame.filename)))]
    for frame in (own or frames)[-1:]:
        return f"{_short(frame.filename)}:{frame.lineno}"
    code = getattr(place, "__code__", None)
    return "" if code is None else f"{_short(code.co_filename)}:{code.co_firstlineno}"


def _is_library(path: str) -> bool:
    # Debian keeps packages where sysconfig does not look.
    return path.startswith(_LIBRARIES) or "site-packages" in path or "dist-packages" in path


def _short(file: str) -> str:
    """A file beside or below the working folder by its path from there."""
    if file.startswith("<"):
        return file
    path, here = os.path.abspath(file), os.getcwd() + os.sep
    return path[len(here) :] if path.startswith(here) else path
