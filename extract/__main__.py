"""The command line: python -m extract annotate | add | export | gazetteer build.

Standard output carries results, standard error progress and complaints. The exit status is
0 when all went well, 1 when some inputs were refused (each is named), 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from extract.errors import ExtractError
from extract.plover import EVENT_TYPES
from extract.records import Precision, Status

SIZE_LIMIT = 5_000_000
REFUSED, USAGE, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except ExtractError as error:
        print(f"error: {error}", file=sys.stderr)
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
    _add_annotate(commands)
    _add_add(commands)
    _add_export(commands)
    _add_gazetteer(commands)
    return parser


def _add_annotate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "annotate",
        help="annotate articles in JSON Lines; nothing is kept",
        description="Annotate the articles of a JSON Lines file, one output line per article in "
        "the same order. A line that cannot be read is reported by its number, and left out.",
    )
    parser.add_argument(
        "input", metavar="IN.jsonl", help='a line per article: {"id", "text", ...}; - for stdin'
    )
    parser.add_argument(
        "-o", "--output", metavar="OUT.jsonl", required=True, help="where to write; - for stdout"
    )
    _add_model(parser)
    _add_size_limit(parser)
    parser.set_defaults(command=_annotate)


def _add_add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "add",
        help="read articles, find their events, keep both",
        description="Read articles from files (.txt .md .html .jsonl .csv), folders of them, or "
        "web addresses, find their events, and keep both in the store. What is in the store "
        "already is left as it is. DATELINE_DB names another store (a database URL).",
    )
    parser.add_argument("inputs", metavar="PATH|URL", nargs="+")
    parser.add_argument(
        "--published",
        type=_parse_day,
        metavar="YYYY-MM-DD",
        help="the day of publication of articles that do not give their own",
    )
    parser.add_argument(
        "--allow-private-addresses",
        action="store_true",
        help="fetch from private and loopback addresses too",
    )
    _add_model(parser)
    _add_size_limit(parser)
    _add_database(parser)
    parser.set_defaults(command=_add)


def _add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "export",
        help="write the kept events to CSV or GeoJSON",
        description="Write the kept events to a file; its ending says in which format. The "
        "filters are those of the page; one that is given twice keeps both values.",
    )
    parser.add_argument("output", metavar="FILE.csv|FILE.geojson", type=Path)
    for flag, metavar, meaning, read in (
        ("--country", "ISO3", "such as IRN", _parse_country),
        ("--type", "TYPE", "such as ASSAULT", _parse_type),
        ("--status", "STATUS", "such as planned", _parse_status),
        ("--actor", "NAME|CODE", "acting or acted upon", str),
        ("--precision", "PRECISION", "such as town; none: without a place", _parse_precision),
        ("--source", "NAME", "the outlet", str),
    ):
        parser.add_argument(
            flag, metavar=metavar, help=meaning, type=read, action="append", default=[]
        )
    parser.add_argument(
        "--from", dest="start", type=_parse_day, metavar="YYYY-MM-DD", help="first day"
    )
    parser.add_argument("--to", dest="end", type=_parse_day, metavar="YYYY-MM-DD", help="last day")
    parser.add_argument("--text", metavar="WORDS", default="", help="words that must occur")
    _add_database(parser)
    parser.set_defaults(command=_export)


def _add_gazetteer(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("gazetteer", help="compile the table of places")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    build = actions.add_parser(
        "build",
        help="compile the gazetteer anew",
        description="Compile the gazetteer into the user's cache folder (DATELINE_CACHE names "
        "another). It is built by itself when it is missing or its inputs changed.",
    )
    build.add_argument(
        "--geonames", type=Path, metavar="FILE", help="a GeoNames dump, such as allCountries.zip"
    )
    build.add_argument(
        "--alternate-names", type=Path, metavar="FILE", help="GeoNames' alternateNamesV2.zip"
    )
    build.set_defaults(command=_build_gazetteer)


def _add_size_limit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--size-limit",
        type=_parse_size,
        default=SIZE_LIMIT,
        metavar="BYTES",
        help=f"refuse articles larger than this (default {SIZE_LIMIT:,})",
    )


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        metavar="NAME",
        help="an installed spaCy pipeline for English, or its folder, instead of the bundled one",
    )


def _add_database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database", metavar="URL", help="the store, instead of DATELINE_DB or data/local"
    )


def _parse_day(written: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{written!r} is no day; write YYYY-MM-DD") from error


def _parse_country(written: str) -> str:
    if len(written) != 3 or not written.isalpha():
        raise argparse.ArgumentTypeError(f"{written!r} is no code of three letters, such as IRN")
    return written.upper()


def _parse_type(written: str) -> str:
    return _parse_word(written.upper(), list(EVENT_TYPES))


def _parse_status(written: str) -> str:
    return _parse_word(written.lower(), [status.value for status in Status])


def _parse_precision(written: str) -> str:
    return _parse_word(written.lower(), [*(precision.value for precision in Precision), "none"])


def _parse_word(word: str, known: Sequence[str]) -> str:
    if word not in known:
        raise argparse.ArgumentTypeError(f"{word!r} is none of {', '.join(known)}")
    return word


def _parse_size(written: str) -> int:
    if not written.isdecimal() or int(written) == 0:
        raise argparse.ArgumentTypeError(f"{written!r} is no number of bytes")
    return int(written)


def _annotate(options: argparse.Namespace) -> int:
    from extract.commands.annotate import annotate_file

    return annotate_file(
        options.input, options.output, size_limit=options.size_limit, model=options.model
    )


def _add(options: argparse.Namespace) -> int:
    from extract.commands.add import add_articles

    return add_articles(
        options.inputs,
        published=options.published,
        size_limit=options.size_limit,
        database=options.database,
        allow_private=options.allow_private_addresses,
        model=options.model,
    )


def _export(options: argparse.Namespace) -> int:
    from extract.export import WRITERS, write_file
    from extract.selection import Selection, select_events
    from extract.store import Store

    target: Path = options.output
    if target.suffix.lower() not in WRITERS:
        endings = " or ".join(WRITERS)
        print(f"error: {target} does not end in {endings}; name one of these", file=sys.stderr)
        return USAGE
    selection = Selection(
        countries=tuple(options.country),
        start=options.start,
        end=options.end,
        types=tuple(options.type),
        statuses=tuple(options.status),
        actors=tuple(options.actor),
        precisions=tuple(options.precision),
        sources=tuple(options.source),
        text=options.text,
    )
    with Store(options.database) as store:
        table = store.events_table()
    chosen = select_events(table, selection)
    write_file(chosen, target)
    print(f"{len(chosen)} of {len(table)} events written to {target}")
    return 0


def _build_gazetteer(options: argparse.Namespace) -> int:
    from extract.gazetteer import build_gazetteer

    path = build_gazetteer(geonames=options.geonames, alternate_names=options.alternate_names)
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
