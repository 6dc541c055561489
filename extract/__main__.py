"""The command line: python -m extract COMMAND; what a command does is in `extract.commands`.

Standard output carries results, standard error progress and complaints. The exit status is
0 when all went well, 1 when some inputs were refused (each is named), 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from extract.errors import ExtractError

# Each is a module of `extract.commands` with a `register` that adds its grammar and loads nothing
# that takes time; in this order in --help.
COMMANDS = (
    "annotate", "add", "feeds", "rerun", "export", "batch", "load", "runs", "check", "backup",
    "gazetteer",
)  # fmt: skip
REFUSED, INTERRUPTED = 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    _start_logging(options)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except ExtractError as error:
        logging.getLogger("extract").error("error: %s", error)
        return REFUSED
    except BrokenPipeError:
        # Whoever read our output (head, less) has read enough.
        sys.stderr.close()
        return REFUSED
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="python -m extract",
        description="Read news, find the events it reports, and keep them with their evidence.",
        epilog="exit status: 0 all done, 1 some inputs refused (each is named), 2 wrong usage",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        import_module(f"extract.commands.{name}").register(commands)
    return parser


def _start_logging(options: argparse.Namespace) -> None:
    from extract.commands.console import start_logging

    start_logging(
        as_json=getattr(options, "json", False), verbose=getattr(options, "verbose", False)
    )


if __name__ == "__main__":
    sys.exit(main())
