"""python -m extract check: does the store hold what it promises?"""

from __future__ import annotations

import argparse

from extract.commands.grammar import Commands, add_database, add_reporting

MOST_TOLD = 100


def register(commands: Commands) -> None:
    """Add the command's grammar."""
    parser = commands.add_parser(
        "check",
        help="verify the store: spans, references, the table's contract",
        description="Verify that the store is whole: that the file is sound, that all that refers "
        "to something refers to what is there, that the events keep the table's contract, and that "
        "every span gives the words that are kept for it. Each culprit is named; the exit status "
        "is 1 where there is one.",
    )
    add_database(parser)
    add_reporting(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Check the store, naming the culprits."""
    from extract.commands.console import DONE, REFUSED, complain, count, open_kept, print_result

    faults = 0
    with open_kept(options.database) as store:
        for fault in store.faults():
            faults += 1
            if faults <= MOST_TOLD or options.json:
                complain(fault)
        counts, stray = store.counts(), store.stray_corrections()
    if faults > MOST_TOLD and not options.json:
        complain(f"... and {faults - MOST_TOLD} more; --json tells all")
    sentence = (
        f"{count(counts.articles, 'article')} and {count(counts.events, 'event')} checked: "
        f"{count(faults, 'fault') if faults else 'no fault'}"
    )
    if stray:
        sentence += f"; {count(stray, 'correction')} of events no more there, which is none"
    print_result(
        sentence,
        {"articles": counts.articles, "events": counts.events, "faults": faults,
         "stray_corrections": stray},
        as_json=options.json,
    )  # fmt: skip
    return REFUSED if faults else DONE
