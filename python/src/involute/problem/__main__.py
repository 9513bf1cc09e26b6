"""``python -m involute.problem``: check a problem, or serve it."""

from __future__ import annotations

import argparse
import sys
from typing import List

from .find import NotFound, find


def main(arguments: List[str] | None = None) -> int:
    """0: all is well; 1: a check has found something; 64: there is nothing to check."""
    parser = argparse.ArgumentParser(prog="python -m involute.problem", description="Problems for Involute in Python.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="whether a problem computes what a run needs, and how fast")
    check.add_argument("problem", help="FILE.py, FILE.py:CLASS or MODULE:CLASS")
    check.add_argument("--steps", type=int, default=50, help="steps of the call whose time is measured (50)")
    check.add_argument("--lanes", type=int, default=32, help="its lanes (32)")
    serve = commands.add_parser("serve", help="answer Involute on standard input and output, as the last line of FILE.py does")
    serve.add_argument("problem", help="FILE.py, FILE.py:CLASS or MODULE:CLASS")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as error:
        return 0 if error.code == 0 else 64
    try:
        if options.command == "serve":
            from .serve import serve as answer

            answer(lambda: find(options.problem)())
            return 0
        from .check import check as look

        return look(options.problem, max(1, options.steps), max(1, options.lanes))
    except NotFound as error:
        print(f"involute.problem: {error}", file=sys.stderr)
        return 64


if __name__ == "__main__":
    sys.exit(main())
