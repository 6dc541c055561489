"""Score the recogniser on marked articles, by corpus and by region of the world.

    python -m training.toponym_scores GOLD.jsonl ... [--model FILE]

Each line of a gold file holds `doc_id`, `text` and `toponyms` with start, end (exclusive), lat,
lon (null where not known) and adjectival. Spans must be exact; adjectives are neither right
nor wrong, nor are words of `adjectival_list.json` where that lies beside the gold file. Recall
is also given by the continent of the place that was meant, where gold has its coordinates.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extract.bundled import bundled_path
from extract.gazetteer import Gazetteer
from extract.mentions.toponyms import ToponymRecognizer
from training.place_names import read_coordinates
from training.toponyms import cut_sentences

CONTINENTS = {
    "AF": "Africa",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
    "AN": "Antarctica",
}


@dataclass(slots=True)
class Score:
    """Counts over one corpus: spans found right, found wrong, missed; by continent (all, found)."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    regions: dict[str, list[int]] = field(default_factory=dict)

    def summary(self) -> str:
        """Return precision, recall, F1 and the recall by continent in one line."""
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        regions = "  ".join(
            f"{name} {found}/{count} {found / count:.2f}"
            for name, (count, found) in sorted(self.regions.items())
        )
        return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}   recall: {regions}"


class Continents:
    """Tells the continent of a point by the nearest town of the gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        with bundled_path("countries.csv").open(encoding="utf-8", newline="") as file:
            self._continents = {line["alpha3"]: line["continent"] for line in csv.DictReader(file)}
        coordinates, self._countries = read_coordinates(gazetteer.path)
        self._points = _to_sphere(np.array(coordinates, dtype=np.float64))

    def find(self, latitude: float, longitude: float) -> str:
        """Return the continent's name, or "unknown"."""
        point = _to_sphere(np.array([[latitude, longitude]]))
        nearest = int(np.argmax(self._points @ point[0]))
        return CONTINENTS.get(self._continents.get(self._countries[nearest], ""), "unknown")


def _to_sphere(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn rows of latitude and longitude into points of the unit sphere."""
    latitude, longitude = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    return np.stack(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ],
        axis=1,
    )


def score(path: Path, recognizer: ToponymRecognizer, continents: Continents) -> Score:
    """Score the recogniser on one gold file."""
    beside = path.parent / "adjectival_list.json"
    adjectives = set(json.loads(beside.read_text(encoding="utf-8"))) if beside.exists() else set()
    result = Score()
    regions: dict[str, Counter[str]] = {}
    for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):
        row = json.loads(line)
        text = row["text"]
        found = {
            (each.span.start, each.span.end)
            for each in recognizer.find_in(cut_sentences(text), text)
        }
        ignored = [(t["start"], t["end"]) for t in row["toponyms"] if t["adjectival"]]
        gold = [t for t in row["toponyms"] if not t["adjectival"]]
        spans = {(t["start"], t["end"]) for t in gold}
        result.right += len(spans & found)
        result.missed += len(spans - found)
        result.wrong += sum(
            text[start:end].lower() not in adjectives
            and not any(start < last and first < end for first, last in ignored)
            for start, end in found - spans
        )
        for toponym in gold:
            if toponym["lat"] is not None:
                counts = regions.setdefault(
                    continents.find(toponym["lat"], toponym["lon"]), Counter()
                )
                counts["all"] += 1
                counts["found"] += (toponym["start"], toponym["end"]) in found
    result.regions = {name: [each["all"], each["found"]] for name, each in regions.items()}
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line per gold file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, help="another model than the bundled one")
    parser.add_argument("--gazetteer", type=Path, help="a gazetteer's file; default the user's own")
    options = parser.parse_args(arguments)
    gazetteer = Gazetteer(options.gazetteer) if options.gazetteer else Gazetteer.open()
    recognizer = ToponymRecognizer(gazetteer, model=options.model)
    continents = Continents(gazetteer)
    for path in options.gold:
        print(f"{path.stem:24s} {score(path, recognizer, continents).summary()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
