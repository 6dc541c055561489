"""Count what goes wrong with events, by kind of error and by world region.

    python -m training.event_errors BENCH

BENCH holds `score_articles.py` and the annotated articles in `articles/`, which the matching
of found and annotated events is taken from. Prints two Markdown tables; those of today, and
what the commonest errors would take to mend, are in `docs/errors.md`.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import importlib.util
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from extract.bundled import bundled_path
from extract.pipeline import Extractor
from extract.records import Article
from extract.table import build_row

FIELDS = ("type", "place", "date", "status", "actor")
CONTINENTS = {
    "AF": "Africa", "AS": "Asia and the Middle East", "EU": "Europe", "NA": "North America",
    "OC": "Oceania", "SA": "South America",
}  # fmt: skip


def load_scorer(bench: Path) -> ModuleType:
    """Import the bench's scorer from its file. Raises FileNotFoundError where it is not there."""
    specification = importlib.util.spec_from_file_location(
        "score_articles", bench / "score_articles.py"
    )
    if specification is None or specification.loader is None:
        raise FileNotFoundError(bench / "score_articles.py")
    scorer = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(scorer)
    return scorer


def read_continents() -> dict[str, str]:
    """Return the region of each country's ISO alpha-3 code."""
    with bundled_path("countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["alpha3"]: CONTINENTS.get(row["continent"], "") for row in csv.DictReader(file)}


def find_events(extractor: Extractor, record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of an annotated article's events, in the form that the scorer reads."""
    published = datetime.date.fromisoformat(record["published"])
    article = Article(record["id"], record["text"], title=record.get("title"), published=published)
    extraction = extractor.extract(article)
    rows = []
    for event in extraction.events:
        row = build_row(extraction.article, event)
        for field in ("date_start", "date_end"):
            row[field] = row[field].isoformat() if row[field] else None
        for field in ("actor_code", "recipient_code"):
            row[field] = [code.split()[0] for code in (row[field] or "").split(";") if code.strip()]
        row["country"] = list(row["country"])
        rows.append(row)
    return rows


def count_errors(
    scorer: ModuleType, gold: dict[str, Any], found: list[dict[str, Any]], regions: dict[str, str]
) -> Iterable[tuple[str, str]]:
    """Yield an error and the region of each wrong, missed and needless event of one article.

    Events that are right in all fields count as "right".
    """
    judged = [[scorer.judge(event, row) for row in found] for event in gold["events"]]
    pairs = dict(scorer.assign([[one["weight"] for one in line] for line in judged]))
    for number, event in enumerate(gold["events"]):
        region = next(
            (regions[code] for code in event.get("country") or () if regions.get(code)), "none"
        )
        if number not in pairs:
            yield "missed", region
            continue
        wrong = [field for field in FIELDS if judged[number][pairs[number]][field] is False]
        yield from ((field, region) for field in wrong or ["right"])
    for number, row in enumerate(found):
        if number not in pairs.values():
            code = row["country"][0] if row["country"] else ""
            yield "needless", regions.get(code) or "none"


def main() -> None:
    """Count from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("bench", type=Path)
    options = parser.parse_args()
    scorer, extractor, regions = load_scorer(options.bench), Extractor(), read_continents()
    by_file: dict[str, Counter[str]] = defaultdict(Counter)
    by_region: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted((options.bench / "articles").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            found = find_events(extractor, record)
            for error, region in count_errors(scorer, record, found, regions):
                by_file[path.stem][error] += 1
                by_region[region][error] += 1
    for counts in (by_file, by_region):
        print(write_table(counts) + "\n")


def write_table(counts: dict[str, Counter[str]]) -> str:
    """Return counts as a Markdown table, a row per kind of error, a column per key."""
    keys = sorted(counts)
    lines = ["| | " + " | ".join(keys) + " |", "|---" * (len(keys) + 1) + "|"]
    for kind in ("right", "missed", "needless", *FIELDS):
        lines.append(f"| {kind} | " + " | ".join(str(counts[key][kind]) for key in keys) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
