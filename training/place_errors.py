"""Show how far the confidence of a pin can be trusted, and where places go wrong.

    python -m training.place_errors GOLD.jsonl ... [--docs docs] [--model FILE]

Each line of a gold file holds `doc_id`, `text` and `toponyms` with start, end (exclusive), lat,
lon, is_country, country and adjectival. Every article is read as at run time. Written are

    toponyms_reliability.svg    the share of right pins against the confidence they were given
    toponyms_errors.md          that curve in numbers, errors by kind, and figures by continent

A pin is right within 161 km of gold, or in gold's country where gold is a country; a region or a
sea (not a province) is also right where gold's point lies in it.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.gazetteer import Gazetteer
from extract.geocoding import resolve_toponyms
from extract.language import Language
from extract.layout import divide
from extract.mentions.toponyms import ToponymRecognizer
from extract.records import Article, ResolvedToponym, Span
from training.resolution import RIGHT_KM, Target, is_right
from training.toponym_scores import Continents

# Edges of the bins of confidence; the upper ones are narrow since most pins are there.
EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0001)
AT_HOME = frozenset({"Europe", "North America"})

RIGHT = "right"
KINDS = {
    RIGHT: "found and placed right",
    "missed": "not found at all",
    "shorter": "found, but the name goes on further",
    "longer": "found, but with words too many",
    "unplaced": "found, and not in the gazetteer",
    "other country": "placed in another country",
    "same country": f"placed in the right country, more than {RIGHT_KM:.0f} km away",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one toponym of the gold; `confidence` is None where nothing was placed."""

    kind: str
    continent: str
    confidence: float | None


def judge_article(
    row: dict[str, Any], resolved: Sequence[ResolvedToponym], continents: Continents
) -> Iterator[Outcome]:
    """Yield the outcome of each toponym of an article that gold gives coordinates."""
    by_span = {(each.span.start, each.span.end): each for each in resolved}
    for gold in row["toponyms"]:
        if gold["adjectival"] or gold["lat"] is None:
            continue
        continent = continents.find(gold["lat"], gold["lon"])
        span = Span(gold["start"], gold["end"])
        found = by_span.get((span.start, span.end))
        if found is None:
            touching = [each.span for each in resolved if each.span.overlaps(span)]
            kind = "missed"
            if touching:
                kind = "longer" if any(each.covers(span) for each in touching) else "shorter"
            yield Outcome(kind, continent, None)
            continue
        if found.place is None:
            yield Outcome("unplaced", continent, None)
            continue
        target = Target(gold["lat"], gold["lon"], gold["country"] if gold["is_country"] else None)
        kind = RIGHT
        if not is_right(found.place, target):
            same = gold["country"] in found.place.countries
            kind = "same country" if same else "other country"
        yield Outcome(kind, continent, found.confidence)


def bin_reliability(outcomes: Iterable[Outcome]) -> list[tuple[float, float, int]]:
    """Return mean confidence, share right and number of pins of each bin that has any."""
    pins = [each for each in outcomes if each.confidence is not None]
    bins = []
    for low, high in itertools.pairwise(EDGES):
        inside = [
            (each.confidence, each.kind == RIGHT)
            for each in pins
            if each.confidence is not None and low <= each.confidence < high
        ]
        if inside:
            count = len(inside)
            mean = sum(confidence for confidence, _ in inside) / count
            bins.append((mean, sum(right for _, right in inside) / count, count))
    return bins


def draw_reliability(curves: dict[str, list[tuple[float, float, int]]]) -> str:
    """Return an SVG of the share of right pins over confidence, one line per corpus.

    The area of a dot grows with the pins behind it; the grey diagonal is a confidence that keeps
    its word.
    """
    size, margin = 360, 48
    colours = ("#1b6ca8", "#c2571a", "#3c7d3c", "#7a4f9a")

    def at(x: float, y: float) -> str:
        return f"{margin + x * size:.1f},{margin / 2 + (1 - y) * size:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size + 2 * margin}" '
        f'height="{size + 2 * margin}" font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for step in range(0, 11, 2):
        value = step / 10
        for first, second in (((value, 0), (value, 1)), ((0, value), (1, value))):
            parts.append(
                f'<polyline points="{at(*first)} {at(*second)}" stroke="#dddddd" fill="none"/>'
            )
        x, y = at(value, 0).split(",")
        parts.append(f'<text x="{x}" y="{float(y) + 16}" text-anchor="middle">{value:.1f}</text>')
        x, y = at(0, value).split(",")
        parts.append(
            f'<text x="{float(x) - 6}" y="{float(y) + 4}" text-anchor="end">{value:.1f}</text>'
        )
    parts.append(f'<polyline points="{at(0, 0)} {at(1, 1)}" stroke="#999999" fill="none"/>')
    for number, (name, bins) in enumerate(curves.items()):
        colour = colours[number % len(colours)]
        line = " ".join(at(mean, right) for mean, right, _ in bins)
        parts.append(f'<polyline points="{line}" stroke="{colour}" stroke-width="2" fill="none"/>')
        for mean, right, count in bins:
            x, y = at(mean, right).split(",")
            radius = min(10.0, 2 + count**0.5 / 6)
            parts.append(f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="{colour}"/>')
        parts.append(
            f'<text x="{margin + 10}" y="{margin / 2 + 18 + 16 * number}" fill="{colour}">'
            f"{name}</text>"
        )
    middle = margin + size / 2
    parts.append(
        f'<text x="{middle}" y="{size + margin * 1.4:.0f}" text-anchor="middle">'
        "confidence that was given</text>"
    )
    parts.append(
        f'<text transform="translate(14,{margin / 2 + size / 2}) rotate(-90)" '
        'text-anchor="middle">share of pins that are right</text>'
    )
    return "\n".join([*parts, "</svg>", ""])


def write_report(outcomes: dict[str, list[Outcome]], wrong: dict[str, int]) -> str:
    """Return the tables as Markdown; `wrong` counts the spans found that gold has not."""
    lines = [
        "# Errors of places, and how far their confidence can be trusted",
        "",
        "Written by `python -m training.place_errors`; do not edit. "
        "![reliability](toponyms_reliability.svg)",
        "",
    ]
    for name, those in outcomes.items():
        lines += [f"## {name}", "", "| confidence given | right | pins |", "|---|---|---|"]
        lines += [
            f"| {mean:.3f} | {right:.3f} | {count:,} |"
            for mean, right, count in bin_reliability(those)
        ]
        counts = Counter(each.kind for each in those)
        lines += ["", f"| what became of {len(those):,} toponyms | number | share |"]
        lines += ["|---|---|---|"]
        lines += [
            f"| {meaning} | {counts[kind]:,} | {counts[kind] / len(those):.3f} |"
            for kind, meaning in KINDS.items()
        ]
        lines += [f"| (found, and no place in gold) | {wrong[name]:,} | |", ""]
        lines += ["| continent | toponyms | found and placed | placed, of those found |"]
        lines += ["|---|---|---|---|"]
        groups = sorted({each.continent for each in those})
        rows = [(group, [each for each in those if each.continent == group]) for group in groups]
        rows.append(
            (
                "outside Europe and North America",
                [each for each in those if each.continent not in AT_HOME],
            )
        )
        for group, members in rows:
            right = sum(each.kind == RIGHT for each in members)
            found = sum(
                each.kind in (RIGHT, "other country", "same country", "unplaced")
                for each in members
            )
            lines.append(
                f"| {group} | {len(members):,} | {right / max(1, len(members)):.3f} "
                f"| {right / max(1, found):.3f} |"
            )
        lines.append("")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the gold files and write the figure and the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="where to write")
    parser.add_argument("--model", type=Path, help="another recogniser than the bundled one")
    options = parser.parse_args(arguments)
    gazetteer = Gazetteer.open()
    language, recognizer = Language(), ToponymRecognizer(gazetteer, model=options.model)
    continents = Continents(gazetteer)
    outcomes: dict[str, list[Outcome]] = {}
    wrong: dict[str, int] = {}
    for path in options.gold:
        outcomes[path.stem], wrong[path.stem] = [], 0
        for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):
            row = json.loads(line)
            article = Article(str(row["doc_id"]), row["text"])
            document = language.read(article, divide(article.text))
            resolved = resolve_toponyms(document, recognizer.find(document), gazetteer)
            outcomes[path.stem] += judge_article(row, resolved, continents)
            marked = [Span(each["start"], each["end"]) for each in row["toponyms"]]
            wrong[path.stem] += sum(
                not any(each.span.overlaps(span) for span in marked) for each in resolved
            )
    curves = {name: bin_reliability(those) for name, those in outcomes.items()}
    figure, report = (
        options.docs / "toponyms_reliability.svg",
        options.docs / "toponyms_errors.md",
    )
    figure.write_text(draw_reliability(curves), encoding="utf-8")
    report.write_text(write_report(outcomes, wrong), encoding="utf-8")
    print(report.read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
