"""python -m extract batch: many articles in files to events in Parquet, here or on a cluster."""

from __future__ import annotations

import argparse
import time

from extract.commands.grammar import (
    Commands,
    add_model,
    add_reporting,
    add_size_limit,
    parse_count,
    parse_day,
)
from extract.errors import ExtractError

PARTITION_BYTES = 4_000_000


def register(commands: Commands) -> None:
    """Add the command's grammar."""
    parser = commands.add_parser(
        "batch",
        help="read files of articles into Parquet, on this machine or on a cluster",
        description="Find the events of the articles in JSON Lines or Parquet files (columns as "
        "the keys: text, title, url, source, published) and write them to a folder in Parquet, "
        "partition by partition. Files, folders and patterns, local or as URLs that fsspec knows "
        "(s3://...). What is finished is passed over when the same is run again. `load` brings the "
        "folder into a store. --scheduler gives the work to a Dask cluster.",
    )
    parser.add_argument("inputs", metavar="PATH|URL", nargs="+")
    parser.add_argument("-o", "--output", metavar="DIR|URL", required=True)
    parser.add_argument(
        "--scheduler", metavar="tcp://HOST:PORT", help="the address of a Dask scheduler"
    )
    parser.add_argument(
        "--published",
        type=parse_day,
        metavar="YYYY-MM-DD",
        help="the day of publication of articles that do not give their own",
    )
    parser.add_argument(
        "--partition-bytes",
        type=parse_count,
        default=PARTITION_BYTES,
        metavar="BYTES",
        help=f"bytes of lines in a partition (default {PARTITION_BYTES:,})",
    )
    add_model(parser)
    add_size_limit(parser)
    add_reporting(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Read what is not finished yet; the status is 1 where articles or partitions failed."""
    try:
        from extract import cluster
    except ImportError as error:
        raise ExtractError(
            f"`batch` needs {error.name}; install it with pip install -r requirements-cluster.txt"
        ) from error
    from extract.commands.console import (
        DONE,
        REFUSED,
        complain,
        count,
        print_result,
        show_progress,
        tell,
    )
    from extract.manifest import describe_program

    began = time.perf_counter()
    program = cluster.hash_program()
    partitions = cluster.plan_partitions(
        options.inputs, program=program, size=options.partition_bytes
    )
    finished = cluster.find_finished(partitions, options.output)
    left = [partition for partition in partitions if partition.name not in finished]
    tell(f"{count(len(partitions), 'partition')}, {len(finished)} of them finished already",
         partitions=len(partitions), finished=len(finished))  # fmt: skip
    settings = cluster.Settings(
        output=options.output,
        size_limit=options.size_limit,
        published=str(options.published) if options.published else None,
        model=options.model,
        program=program,
    )
    failed = 0
    results = (
        cluster.run_on_cluster(left, settings, options.scheduler)
        if options.scheduler and left
        else cluster.run_here(left, settings)
    )
    with show_progress(total=len(left), unit="partition") as bar:
        for partition, outcome, reason in results:
            bar.update()
            if outcome is None:
                failed += 1
                complain(
                    f"{partition.name} of {partition.file}: {reason}", partition=partition.name
                )
            else:
                finished[partition.name] = outcome
                tell(f"{partition.name}: {outcome.counts['articles']} articles",
                     partition=partition.name, **outcome.counts)  # fmt: skip
    counts, seconds = cluster.add_up([*finished.values()])
    totals = {"partitions": len(partitions), "failed": failed, **counts}
    cluster.write_note(
        options.output,
        "manifest.json",
        {
            "command": "batch",
            "settings": {"partition_bytes": options.partition_bytes, "model": options.model,
                         "published": options.published, "size_limit": options.size_limit},
            "inputs": [
                {"file": partition.file, "start": partition.start, "end": partition.end,
                 "partition": partition.name}
                for partition in partitions
            ],
            "program": describe_program(),
            "counts": totals,
            "seconds": seconds,
            "elapsed": round(time.perf_counter() - began, 3),
        },
    )  # fmt: skip
    sentence = (
        f"{count(totals.get('articles', 0), 'article')} with "
        f"{count(totals.get('events', 0), 'event')} in {count(len(finished), 'partition')} of "
        f"{options.output}, {totals.get('refused', 0)} refused"
    )
    if failed:
        sentence += f"; {count(failed, 'partition')} failed: run the same again"
    print_result(sentence, totals, as_json=options.json)
    return REFUSED if failed or totals.get("refused") else DONE
