"""What the commands' grammars share: options that several have, and how values are read.

This module and the `register` of each command are read for every --help, so that they load
nothing that takes time.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Sequence
from typing import TypeAlias

from extract.plover import EVENT_TYPES
from extract.records import Precision, Status

SIZE_LIMIT = 5_000_000
# What `add_subparsers` returns, and `register` of every command takes.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_size_limit(parser: argparse.ArgumentParser) -> None:
    """Let a command refuse articles that are too large."""
    parser.add_argument(
        "--size-limit",
        type=parse_count,
        default=SIZE_LIMIT,
        metavar="BYTES",
        help=f"refuse articles larger than this (default {SIZE_LIMIT:,})",
    )


def add_database(parser: argparse.ArgumentParser) -> None:
    """Let a command be told which store to use."""
    parser.add_argument(
        "--database", metavar="URL", help="the store, instead of DATELINE_DB or data/local"
    )


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Let a command share its work among processes."""
    parser.add_argument(
        "--jobs",
        type=parse_count,
        default=1,
        metavar="N",
        help="read articles in so many processes (default 1; one per core is the most that pays)",
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    """Let a command use another spaCy pipeline."""
    parser.add_argument(
        "--model",
        metavar="NAME",
        help="an installed spaCy pipeline for English, or its folder, instead of the bundled one",
    )


def add_online(parser: argparse.ArgumentParser) -> None:
    """Let a command ask an online geocoder for names that the gazetteer lacks."""
    parser.add_argument(
        "--online",
        nargs="?",
        const="",
        type=parse_server,
        metavar="ADDRESS",
        help="ask Nominatim for names that the gazetteer lacks: one request a second, each answer "
        "kept for half a year (off unless given; ADDRESS names a server of your own, such as "
        "http://localhost:8080)",
    )


def add_reporting(parser: argparse.ArgumentParser) -> None:
    """Let a command speak to machines."""
    parser.add_argument(
        "--json",
        action="store_true",
        help="write the result, and each line on standard error, as a JSON object",
    )
    parser.add_argument(
        "--verbose", action="store_true", help="tell on standard error what goes well too"
    )


def parse_server(written: str) -> str:
    """Read the address of a server."""
    if not written.startswith(("http://", "https://")) or not written.partition("//")[2]:
        raise argparse.ArgumentTypeError(f"{written!r} is no address; write http://HOST:PORT")
    return written


def parse_day(written: str) -> datetime.date:
    """Read YYYY-MM-DD."""
    try:
        return datetime.date.fromisoformat(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{written!r} is no day; write YYYY-MM-DD") from error


def parse_country(written: str) -> str:
    """Read an ISO 3166-1 alpha-3 code."""
    if len(written) != 3 or not written.isalpha():
        raise argparse.ArgumentTypeError(f"{written!r} is no code of three letters, such as IRN")
    return written.upper()


def parse_area(written: str) -> tuple[tuple[float, float], ...]:
    """Read the corners of an area."""
    # numpy and pandas, which --help must not wait for.
    from extract.selection import read_area

    try:
        return read_area(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def parse_type(written: str) -> str:
    """Read an event type of the codebook."""
    return parse_word(written.upper(), list(EVENT_TYPES))


def parse_status(written: str) -> str:
    """Read a status of an event."""
    return parse_word(written.lower(), [status.value for status in Status])


def parse_precision(written: str) -> str:
    """Read a precision of a place, or none."""
    return parse_word(written.lower(), [*(precision.value for precision in Precision), "none"])


def parse_word(word: str, known: Sequence[str]) -> str:
    """Read one of some words."""
    if word not in known:
        raise argparse.ArgumentTypeError(f"{word!r} is none of {', '.join(known)}")
    return word


def parse_count(written: str) -> int:
    """Read a whole number above zero."""
    if not written.isdecimal() or int(written) == 0:
        raise argparse.ArgumentTypeError(f"{written!r} is no whole number above zero")
    return int(written)
