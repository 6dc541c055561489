"""python -m extract backup: copy the store while it is in use."""

from __future__ import annotations

import argparse
from pathlib import Path

from extract.commands.grammar import Commands, add_database, add_reporting


def register(commands: Commands) -> None:
    """Add the command's grammar."""
    parser = commands.add_parser(
        "backup",
        help="copy the store into a SQLite file while it is in use",
        description="Copy the store, as it is at one moment, into a new SQLite file, while others "
        "read and write it. The copy is a store itself: name it with --database or DATELINE_DB.",
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    add_database(parser)
    add_reporting(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Copy the store to the file that is named."""
    from extract.commands.console import DONE, USAGE, complain, count, open_kept, print_result
    from extract.store import Store

    target: Path = options.file
    if target.exists() and not options.force:
        complain(f"error: {target} is there already; name another file, or give --force")
        return USAGE
    if not target.absolute().parent.is_dir():
        complain(f"error: the folder of {target} does not exist; make it first")
        return USAGE
    with open_kept(options.database) as store:
        store.back_up(target)
    with Store(str(target)) as copy:
        counts = copy.counts()
    print_result(
        f"{count(counts.articles, 'article')} and {count(counts.events, 'event')} copied to "
        f"{target}",
        {"articles": counts.articles, "events": counts.events, "file": str(target)},
        as_json=options.json,
    )
    return DONE
