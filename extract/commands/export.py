"""python -m extract export: the kept events, filtered as on the page, in a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from extract.commands.grammar import (
    Commands,
    add_database,
    add_reporting,
    parse_area,
    parse_country,
    parse_day,
    parse_precision,
    parse_status,
    parse_type,
)


def register(commands: Commands) -> None:
    """Add the command's grammar."""
    parser = commands.add_parser(
        "export",
        help="write the kept events to CSV, GeoJSON, KML or Parquet",
        description="Write the kept events to a file; its ending says in which format. The "
        "filters are those of the page; one that is given twice keeps both values.",
    )
    parser.add_argument("output", metavar="FILE.csv|.geojson|.kml|.parquet|.zip", type=Path)
    for flag, metavar, meaning, read in (
        ("--country", "ISO3", "such as IRN", parse_country),
        ("--type", "TYPE", "such as ASSAULT", parse_type),
        ("--status", "STATUS", "such as planned", parse_status),
        ("--actor", "NAME|CODE", "acting or acted upon", str),
        ("--who", "NAME", "acting", str),
        ("--whom", "NAME", "acted upon", str),
        ("--precision", "PRECISION", "such as town; none: without a place", parse_precision),
        ("--source", "NAME", "the outlet", str),
    ):
        parser.add_argument(
            flag, metavar=metavar, help=meaning, type=read, action="append", default=[]
        )
    parser.add_argument(
        "--from", dest="start", type=parse_day, metavar="YYYY-MM-DD", help="first day"
    )
    parser.add_argument("--to", dest="end", type=parse_day, metavar="YYYY-MM-DD", help="last day")
    parser.add_argument("--text", metavar="WORDS", default="", help="words that must occur")
    parser.add_argument(
        "--area",
        type=parse_area,
        metavar='"LAT,LON LAT,LON LAT,LON"',
        default=(),
        help="the corners of an area that places must lie in, as in the page's address",
    )
    add_database(parser)
    add_reporting(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write the chosen events to the file that is named."""
    from extract.commands.console import DONE, USAGE, complain, open_kept, print_result
    from extract.export import WRITERS, Note, describe_query, write_file
    from extract.selection import Selection, select_events

    target: Path = options.output
    if target.suffix.lower() not in WRITERS:
        endings = " or ".join(WRITERS)
        complain(f"error: {target} does not end in {endings}; name one of these")
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
        area=options.area,
        doers=tuple(options.who),
        recipients=tuple(options.whom),
    )
    with open_kept(options.database) as store:
        table = store.events_table()
    chosen = select_events(table, selection)
    query = describe_query(selection)
    written = [str(path) for path in write_file(chosen, target, note=Note(query=query))]
    print_result(
        f"{len(chosen)} of {len(table)} events written to {' and '.join(written)}",
        {"events": len(chosen), "of": len(table), "query": query, "files": written},
        as_json=options.json,
    )
    return DONE
