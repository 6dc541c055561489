"""20,000 mutated inputs through the readers: none may fail with anything but an ExtractError.

    python -m tests.benchmarks.bench_fuzz [--inputs 20000] [--seed 1] [--keep FOLDER]

Prints a line per kind: how many were read, how many refused, how many were faults, and the
slowest. Faults, and inputs over a second, are written to the folder.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from pathlib import Path

from extract.errors import ExtractError
from tests.fuzzing import find_seeds, mutate, read_one, temporary_folder

SLOW_SECONDS = 1.0
# Pages take most of the time, and most of what can go wrong is in them and in feeds.
SHARES = {
    "page": 5, "feed": 5, "text": 2, "markdown": 1, "jsonl": 2, "csv": 2, "opml": 1, "robots": 1,
    "address": 1, "packed": 1,
}  # fmt: skip


def main() -> int:
    """Run the inputs and return how many were faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where to write faults and slow inputs")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    seeds = find_seeds()
    others = [seed for group in seeds.values() for seed in group]
    counts = {kind: {"read": 0, "refused": 0, "fault": 0} for kind in SHARES}
    slowest = dict.fromkeys(SHARES, 0.0)
    with temporary_folder() as folder:
        for number in range(options.inputs):
            (kind,) = chance.choices(list(SHARES), list(SHARES.values()))
            raw = mutate(chance.choice(seeds[kind]), chance, others=others)
            began = time.process_time()
            outcome = "read"
            try:
                if not read_one(kind, raw, Path(folder)):
                    outcome = "refused"
            except ExtractError:
                outcome = "refused"
            except Exception:  # what is not of our tree is what this looks for
                outcome = "fault"
                print(f"{kind} {number}: {traceback.format_exc()}", file=sys.stderr)
            spent = time.process_time() - began
            counts[kind][outcome] += 1
            slowest[kind] = max(slowest[kind], spent)
            if options.keep and (outcome == "fault" or spent > SLOW_SECONDS):
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{kind}-{number}-{outcome}").write_bytes(raw)
    for kind, count in counts.items():
        parts = ", ".join(f"{value} {name}" for name, value in count.items())
        print(f"{kind:9} {parts}, slowest {slowest[kind]:.2f} s")
    faults = sum(count["fault"] for count in counts.values())
    print(f"{options.inputs} inputs, {faults} faults")
    return min(faults, 1)


if __name__ == "__main__":
    sys.exit(main())
