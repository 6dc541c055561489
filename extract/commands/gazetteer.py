"""python -m extract gazetteer build: compile the table of places."""

from __future__ import annotations

import argparse
from pathlib import Path

from extract.commands.grammar import Commands


def register(commands: Commands) -> None:
    """Add the command's grammar."""
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
    build.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Compile the gazetteer and print where it is."""
    from extract.commands.console import DONE
    from extract.gazetteer import build_gazetteer

    path = build_gazetteer(geonames=options.geonames, alternate_names=options.alternate_names)
    print(path)
    return DONE
