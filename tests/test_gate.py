"""The gate: what is found in our own gold may not get worse.

The floors are in `gold/floors.json`. To write the figures of today there, run

    pytest tests/test_gate.py --raise-floors       only where they are better
    pytest tests/test_gate.py --lower-floors       whatever they are; say why in the commit

The gold was written by us, so its figures are a guard, not a promise: for text by others see
the README.
"""

from __future__ import annotations

import datetime
import json
import math
from pathlib import Path
from typing import Any

import pytest

from extract.pipeline import Extractor
from extract.records import Article
from tests.scoring import score_events, score_places

GOLD = Path(__file__).parent / "gold"
FLOORS = GOLD / "floors.json"
SAMPLE = GOLD.parent.parent / "data" / "bundled" / "sample.jsonl"


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_article(line: dict[str, Any]) -> Article:
    published = datetime.date.fromisoformat(line["published"]) if "published" in line else None
    return Article(line["id"], line["text"], title=line.get("title"), published=published)


def measure_reports(extractor: Extractor) -> dict[str, float]:
    reports = read_lines(GOLD / "events.jsonl")
    return score_events(
        (extractor.extract(read_article(report)).events, report["events"]) for report in reports
    )


def measure_nested(extractor: Extractor) -> dict[str, float]:
    reports = read_lines(GOLD / "nested.jsonl")
    return score_events(
        (extractor.extract(read_article(report)).events, report["events"]) for report in reports
    )


def measure_articles(extractor: Extractor) -> dict[str, float]:
    articles = read_lines(GOLD / "articles.jsonl")
    return score_events(
        (extractor.extract(read_article(article)).events, article["events"]) for article in articles
    )


def measure_sample(extractor: Extractor) -> dict[str, float]:
    golds = {line["id"]: line["events"] for line in read_lines(GOLD / "sample_events.jsonl")}
    return score_events(
        (extractor.extract(read_article(report)).events, golds[report["id"]])
        for report in read_lines(SAMPLE)
    )


def measure_places(extractor: Extractor) -> dict[str, float]:
    passages = read_lines(GOLD / "places.jsonl")
    return score_places(
        (extractor.extract(read_article(passage)).resolved, passage["toponyms"])
        for passage in passages
    )


MEASURES = {
    "reports": measure_reports,
    "nested": measure_nested,
    "articles": measure_articles,
    "sample": measure_sample,
    "places": measure_places,
}


@pytest.mark.parametrize("name", MEASURES)
def test_nothing_got_worse(name: str, extractor: Extractor, request: pytest.FixtureRequest) -> None:
    figures = MEASURES[name](extractor)
    floors: dict[str, dict[str, float]] = json.loads(FLOORS.read_text(encoding="utf-8"))
    old = floors.get(name, {})
    lower = request.config.getoption("--lower-floors")
    if lower or request.config.getoption("--raise-floors"):
        floors[name] = {
            key: max(_round_down(value), 0.0 if lower else old.get(key, 0.0))
            for key, value in figures.items()
        }
        FLOORS.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        return
    worse = {
        key: f"{figures[key]:.3f} < {floor}" for key, floor in old.items() if figures[key] < floor
    }
    assert old, f"no floors for {name}: run with --raise-floors"
    assert not worse, f"{name}: {worse}"


def _round_down(value: float) -> float:
    """Return the figure to two digits, so that a floor does not tremble with the last one."""
    return math.floor(value * 100) / 100
