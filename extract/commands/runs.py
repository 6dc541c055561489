"""python -m extract runs: what was run on the store, from what, and how it went."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from extract.commands.grammar import Commands, add_database
from extract.stopwatch import Stopwatch

if TYPE_CHECKING:
    from extract.store import Store


def register(commands: Commands) -> None:
    """Add the command's grammar."""
    parser = commands.add_parser(
        "runs",
        help="tell what was run on the store",
        description="Tell which commands changed the store, a line each: when, with what outcome. "
        "With --json a line has the whole manifest: inputs and their hashes, versions of code, "
        "lists and models, settings, counts, and the seconds of each stage.",
    )
    parser.add_argument("number", metavar="N", type=int, nargs="?", help="only the run of a number")
    add_database(parser)
    parser.add_argument("--json", action="store_true", help="a JSON object a line")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the runs, the oldest first."""
    from extract.commands.console import DONE, REFUSED, complain, open_kept

    with open_kept(options.database) as store:
        runs = store.runs()
    if options.number is not None:
        runs = [entry for entry in runs if entry["id"] == options.number]
        if not runs:
            complain(f"error: there is no run {options.number}; leave the number out to see all")
            return REFUSED
    for entry in runs:
        print(json.dumps(entry, default=str) if options.json else _describe(entry))
    return DONE


def _describe(entry: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{value} {name}" for name, value in (entry["counts"] or {}).items())
    ended = "not finished"
    if entry["finished"]:
        seconds = (entry["finished"] - entry["started"]).total_seconds()
        ended = f"{seconds:.1f} s"
    return f"{entry['id']}  {entry['started']:%Y-%m-%d %H:%M:%S}  {entry['command']}  {ended}  " + (
        counts or "nothing counted"
    )


@dataclass(slots=True)
class RunRecord:
    """A run while it goes on: its number in the store, and its stopwatch.

    `fruitless` may be set where it brought nothing: its manifest then leaves out the inputs, which
    of a poll every quarter of an hour would in a year be more than the articles.
    """

    number: int
    fruitless: bool = False
    stopwatch: Stopwatch = field(default_factory=Stopwatch)


@contextmanager
def record_run(
    store: Store,
    command: str,
    settings: Mapping[str, Any],
    counts: dict[str, int],
    *,
    inputs: Sequence[str] = (),
) -> Iterator[RunRecord]:
    """Keep the record of a command: its manifest at the start, its counts and timings at the end.

    `counts` is read when the run ends, also when it ends with an error. A run that was killed
    has no end.
    """
    from extract.commands.console import tell
    from extract.manifest import describe_inputs, describe_program

    manifest: dict[str, Any] = {"inputs": describe_inputs(inputs), "program": describe_program()}
    chosen = {name: value for name, value in settings.items() if value is not None}
    number = store.start_run(command, chosen, manifest=manifest)
    tell(f"run {number} of {command} began", run=number, command=command)
    record = RunRecord(number)
    try:
        yield record
    finally:
        seconds = {stage: round(spent, 3) for stage, spent in record.stopwatch.seconds.items()}
        # Again, as the gazetteer may have been built meanwhile.
        manifest |= {"program": describe_program(), "seconds": seconds}
        if record.fruitless:
            del manifest["inputs"]
        store.finish_run(number, counts, manifest=manifest)
        tell(f"run {number} of {command} ended", run=number, command=command, counts=counts,
             seconds=seconds)  # fmt: skip
