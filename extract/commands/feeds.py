"""python -m extract feeds: watch feeds; add, list, remove, import, export and poll them.

This is the grammar; what the actions do is in `feedlist` and `polling`.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from extract.commands.grammar import add_database, add_reporting, parse_country

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

EVERY = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)?")
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, None: 60}
SHORTEST_EVERY = 60.0


def register(commands: Commands) -> None:
    """Add the command with its actions to the grammar."""
    parser = commands.add_parser(
        "feeds",
        help="watch feeds: add, list, remove, import, export, poll",
        description="Watch feeds (RSS, Atom, JSON Feed). Nothing is fetched before `feeds poll`.",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    _add_add(actions)
    _add_list(actions)
    _add_remove(actions)
    _add_import(actions)
    _add_export(actions)
    _add_poll(actions)


def _add_add(actions: Commands) -> None:
    add = actions.add_parser("add", help="watch feeds", description="Watch feeds from now on.")
    add.add_argument("urls", metavar="URL", nargs="+")
    add.add_argument("--title", metavar="NAME", help="what to call it, instead of its own title")
    add.add_argument("--country", metavar="ISO3", type=parse_country, help="such as GEO")
    add.add_argument("--language", metavar="CODE", help="such as en")
    _finish(add, _run_add)


def _add_list(actions: Commands) -> None:
    listing = actions.add_parser(
        "list", help="show the feeds", description="Show the feeds, their last polls and errors."
    )
    _finish(listing, _run_list)


def _add_remove(actions: Commands) -> None:
    remove = actions.add_parser(
        "remove",
        help="watch feeds no more",
        description="Watch feeds no more. The articles that came from them stay.",
    )
    remove.add_argument("urls", metavar="URL", nargs="+")
    _finish(remove, _run_remove)


def _add_import(actions: Commands) -> None:
    importing = actions.add_parser(
        "import",
        help="watch the feeds of an OPML list",
        description="Watch the feeds of OPML lists, or of the starter list that comes with "
        "Dateline. Nothing is fetched.",
    )
    importing.add_argument("paths", metavar="FILE.opml", nargs="*", type=Path)
    importing.add_argument("--starter", action="store_true", help="the list that comes along")
    importing.add_argument(
        "--region",
        metavar="NAME",
        action="append",
        default=[],
        help="only this region of the list, such as Caucasus; may be given again",
    )
    _finish(importing, _run_import)


def _add_export(actions: Commands) -> None:
    export = actions.add_parser(
        "export", help="write the feeds as OPML", description="Write the watched feeds as OPML."
    )
    export.add_argument("path", metavar="FILE.opml", help="where to write; - for stdout")
    _finish(export, _run_export)


def _add_poll(actions: Commands) -> None:
    poll = actions.add_parser(
        "poll",
        help="fetch what is new in the feeds",
        description="Fetch the feeds and the new pages that they name, find their events, and "
        "keep both. A feed that fails is left alone for a while, longer each time, a day at the "
        "most. Stops cleanly on Ctrl-C or SIGTERM.",
        epilog="exit status: 0 all done, 1 some feeds failed (each is named), 2 wrong usage",
    )
    poll.add_argument("urls", metavar="URL", nargs="*", help="only these feeds")
    poll.add_argument(
        "--every", metavar="15m", type=_parse_every, help="go on, and poll so often (s, m, h, d)"
    )
    poll.add_argument(
        "--failing", action="store_true", help="poll those too that have to wait after a failure"
    )
    poll.add_argument(
        "--contact",
        metavar="MAIL|URL",
        help="whom hosts can turn to; it stands in the user agent (or DATELINE_CONTACT)",
    )
    poll.add_argument(
        "--host-interval",
        metavar="SECONDS",
        type=_parse_seconds,
        default=1.0,
        help="the fewest seconds between two requests to one host (default 1)",
    )
    poll.add_argument(
        "--allow-private-addresses",
        action="store_true",
        help="fetch from private and loopback addresses too",
    )
    _finish(poll, _run_poll)


def _finish(parser: argparse.ArgumentParser, command: object) -> None:
    add_database(parser)
    add_reporting(parser)
    parser.set_defaults(command=command)


def _parse_every(written: str) -> float:
    match = EVERY.fullmatch(written.strip().lower())
    if match is None:
        raise argparse.ArgumentTypeError(f"{written!r} is no time; write it like 15m or 1h")
    seconds = float(match.group(1)) * UNIT_SECONDS[match.group(2)]
    if seconds < SHORTEST_EVERY:
        raise argparse.ArgumentTypeError(f"{written!r} is under a minute; give the hosts a rest")
    return seconds


def _parse_seconds(written: str) -> float:
    try:
        seconds = float(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{written!r} is no number of seconds") from error
    if not 0 <= seconds <= 3_600:
        raise argparse.ArgumentTypeError(f"{written!r} is not between 0 and 3600 seconds")
    return seconds


# The commands themselves load models and the store, which --help must not wait for.


def _run_add(options: argparse.Namespace) -> int:
    from extract.commands.feedlist import add_feeds

    return add_feeds(
        options.urls,
        title=options.title,
        country=options.country,
        language=options.language,
        database=options.database,
        as_json=options.json,
    )


def _run_list(options: argparse.Namespace) -> int:
    from extract.commands.feedlist import list_feeds

    return list_feeds(as_json=options.json, database=options.database)


def _run_remove(options: argparse.Namespace) -> int:
    from extract.commands.feedlist import remove_feeds

    return remove_feeds(options.urls, database=options.database, as_json=options.json)


def _run_import(options: argparse.Namespace) -> int:
    from extract.commands.feedlist import import_feeds

    return import_feeds(
        options.paths,
        starter=options.starter,
        regions=options.region,
        database=options.database,
        as_json=options.json,
    )


def _run_export(options: argparse.Namespace) -> int:
    from extract.commands.feedlist import export_feeds

    return export_feeds(options.path, database=options.database, as_json=options.json)


def _run_poll(options: argparse.Namespace) -> int:
    from extract.commands.polling import PollOptions, run_polls
    from extract.sources.settings import FetchSettings

    return run_polls(
        PollOptions(
            urls=tuple(options.urls),
            every=options.every,
            as_json=options.json,
            also_failing=options.failing,
            settings=FetchSettings(
                allow_private=options.allow_private_addresses,
                contact=options.contact,
                interval=options.host_interval,
            ),
        ),
        database=options.database,
    )
