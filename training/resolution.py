"""Learn the weights and the calibration of `extract.geocoding.ranking`.

    python -m training.resolution CORPORA [--into FILE] [--passages N]

CORPORA is a folder with `geovirus.jsonl` (229 Wikinews articles with toponyms and their
coordinates, CC BY) in it or below it; the rest is written by `training.resolution_passages`.
The weights are a conditional logit: the share of a name's candidates that lie at the true
place is to be large. The first round is fitted without the document's features, the later one
on what the round before believed. The calibration is a logistic over held-out articles.

Prints the share of names placed right on GeoVirus by five-fold cross-validation over
articles, on fresh passages, and the reliability of the confidence; then fits on everything.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from extract.bundled import DATA
from extract.gazetteer import Gazetteer
from extract.gazetteer.distances import measure_km
from extract.geocoding.evidence import weigh_names
from extract.geocoding.ranking import CONTEXT, FEATURES, Floats, Ranking, RankingModel, kind_of
from extract.geocoding.verdict import SAME_SPOT_KM, confidence_inputs
from extract.language import Document
from extract.layout import divide
from extract.records import Article, Place, Precision, Span, Toponym
from training.resolution_passages import PassageWriter

FOLDS = 5
# How many numbers `confidence_inputs` gives.
INPUTS = 12
RIGHT_KM = 161.0
# A candidate is the true one within this distance: gazetteers put the same town, river mouth
# or province some way apart.
SAME_KM = 60.0
# Weight of GeoVirus' names against the passages': real news is dearer.
REAL_WEIGHT = 3.0
PENALTY = 2.0
STEPS = 300
# Share of passage names whose true place is taken from the candidates before calibration, since
# a gazetteer never has them all and lacks small ones most: by the town's population, and what is
# no town. Guesses, made once; GeoVirus' names, where they are really missing, count besides.
MISSING = ((5_000, 0.15), (50_000, 0.06), (math.inf, 0.02))
MISSING_AREAS = 0.05
# A region or a sea has no one point, so one of its inside is as right.
WIDE = (Precision.REGION, Precision.SEA)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a name of an article really is; `country` where it is a country."""

    latitude: float
    longitude: float
    country: str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """An article's ranking, with each candidate's truth.

    `right` marks candidates at the true place, `known` the names whose truth is known and
    among the candidates, `true` each name's target or None.
    """

    ranking: Ranking
    right: Floats
    known: Floats
    targets: tuple[Target | None, ...]
    weight: float


def make_sample(
    text: str,
    toponyms: Sequence[Toponym],
    targets: Sequence[Target | None],
    gazetteer: Gazetteer,
    weight: float,
    url: str | None = None,
) -> Sample | None:
    """Return the evidence of one article beside its truth; None where it has no candidate."""
    document = Document(Article(id="", text=text, url=url), divide(text), ())
    _, ranking, owner = weigh_names(document, toponyms, gazetteer)
    if not ranking.candidates:
        return None
    by_name: list[Target | None] = [None] * len(ranking.names)
    for index, target in zip(owner, targets, strict=True):
        by_name[index] = by_name[index] or target
    right = np.array(
        [
            is_right(candidate.place, by_name[owner_index], SAME_KM)
            for candidate, owner_index in zip(ranking.candidates, ranking.owner, strict=True)
        ],
        dtype=float,
    )
    known = np.zeros(len(ranking.names))
    np.maximum.at(known, ranking.owner, right)
    return Sample(ranking, right, known, tuple(by_name), weight)


def is_right(place: Place, target: Target | None, within_km: float = RIGHT_KM) -> bool:
    """Say whether a place is the target: its country, or near enough; a region or sea holds it."""
    if target is None:
        return False
    if target.country:
        return place.precision == Precision.COUNTRY and target.country in place.countries
    near = measure_km(place.latitude, place.longitude, target.latitude, target.longitude)
    return near <= (max(within_km, place.radius_km) if place.precision in WIDE else within_km)


def read_geovirus(path: Path, gazetteer: Gazetteer) -> list[Sample]:
    """Read GeoVirus' articles; toponyms without coordinates count as context only."""
    samples = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            item = json.loads(line)
            toponyms, targets = [], []
            for each in item["toponyms"]:
                if each["adjectival"]:
                    continue
                span = Span(each["start"], each["end"])
                toponyms.append(Toponym(span, span.of(item["text"])))
                country = each["country"] if each["is_country"] else None
                placed = each["lat"] is not None
                targets.append(Target(each["lat"], each["lon"], country) if placed else None)
            sample = make_sample(item["text"], toponyms, targets, gazetteer, REAL_WEIGHT)
            if sample:
                samples.append(sample)
    return samples


def write_passages(number: int, seed: int, gazetteer: Gazetteer) -> list[Sample]:
    """Write passages and gather their evidence."""
    samples = []
    for passage in PassageWriter(gazetteer, seed).write(number):
        targets = [
            Target(
                place.latitude,
                place.longitude,
                place.country if place.precision == Precision.COUNTRY else None,
            )
            for place in passage.places
        ]
        sample = make_sample(passage.text, passage.toponyms, targets, gazetteer, 1.0, passage.url)
        if sample:
            samples.append(sample)
    return samples


def fit(samples: Sequence[Sample], features: Sequence[Floats], start: Floats) -> Floats:
    """Fit a conditional logit by Adam on all names whose truth is among the candidates."""
    rows, right, starts, weights = [], [], [], []
    offset = 0
    for sample, described in zip(samples, features, strict=True):
        ranking = sample.ranking
        for first, last in zip(ranking.starts, ranking.ends, strict=True):
            if last - first < 2 or not sample.known[ranking.owner[first]]:
                continue
            rows.append(described[first:last])
            right.append(sample.right[first:last])
            starts.append(offset)
            weights.append(sample.weight)
            offset += last - first
    table, truth = np.concatenate(rows), np.concatenate(right)
    begin = np.array(starts)
    lengths = np.diff([*starts, offset])
    per_row = np.repeat(np.array(weights), lengths)
    total = float(np.sum(weights))
    solution, first_moment, second_moment = start.copy(), 0.0 * start, 0.0 * start
    for step in range(1, STEPS + 1):
        scores = table @ solution
        scores -= np.repeat(np.maximum.reduceat(scores, begin), lengths)
        mass = np.exp(scores)
        share = mass / np.repeat(np.add.reduceat(mass, begin), lengths)
        good = mass * truth
        posterior = good / np.repeat(np.add.reduceat(good, begin) + 1e-300, lengths)
        gradient = table.T @ ((share - posterior) * per_row) / total + PENALTY * solution / total
        first_moment = 0.9 * first_moment + 0.1 * gradient
        second_moment = 0.99 * second_moment + 0.01 * gradient**2
        rate = 0.1 * (1 - step / (STEPS + 1))
        solution -= (
            rate
            * (first_moment / (1 - 0.9**step))
            / (np.sqrt(second_moment / (1 - 0.99**step)) + 1e-8)
        )
    return solution


def train(samples: Sequence[Sample]) -> RankingModel:
    """Fit the first round, then the later one twice on what was believed before it."""
    alone = np.ones(len(FEATURES))
    alone[CONTEXT:] = 0
    first = (
        fit(samples, [sample.ranking.base for sample in samples], np.zeros(len(FEATURES))) * alone
    )
    beliefs = [sample.ranking.shares(sample.ranking.base @ first) for sample in samples]
    later = first
    for _ in range(2):
        described = [
            sample.ranking.describe(belief) for sample, belief in zip(samples, beliefs, strict=True)
        ]
        later = fit(samples, described, later)
        beliefs = [
            sample.ranking.shares(rows @ later)
            for sample, rows in zip(samples, described, strict=True)
        ]
    return RankingModel(first, later, np.zeros(INPUTS))


def judge(
    samples: Sequence[Sample], model: RankingModel, chance: random.Random | None = None
) -> tuple[Floats, Floats, Floats]:
    """Return confidence inputs, right or wrong, and weight per name with a known target.

    With `chance`, the true candidates of some names are struck out first.
    """
    inputs, outcomes, weights = [], [], []
    for sample in samples:
        ranking = sample.ranking
        belief = ranking.rank(model)
        described = ranking.describe(belief)
        for first, last in zip(ranking.starts, ranking.ends, strict=True):
            index = int(ranking.owner[first])
            target = sample.targets[index]
            if target is None:
                continue
            keep = np.arange(first, last)
            if chance and chance.random() < _chance_to_miss(sample, first, last):
                keep = keep[sample.right[first:last] == 0]
                if not len(keep):
                    continue
            best = keep[int(np.argmax(belief[keep]))]
            near = keep[ranking.distances[best, keep] <= SAME_SPOT_KM]
            share = float(belief[near].sum() / belief[keep].sum())
            winner = ranking.candidates[best]
            support = float(described[best, CONTEXT])
            inputs.append(
                confidence_inputs(share, ranking.names[index], winner, len(keep), support)
            )
            outcomes.append(is_right(ranking.candidates[best].place, target))
            weights.append(sample.weight * ranking.names[index].count)
    return np.array(inputs), np.array(outcomes, dtype=float), np.array(weights)


def _chance_to_miss(sample: Sample, first: int, last: int) -> float:
    """Return how often a gazetteer lacks the true place of a name with candidates in these rows."""
    for candidate, right in zip(
        sample.ranking.candidates[first:last], sample.right[first:last], strict=True
    ):
        place = candidate.place
        if right and place.precision is not Precision.COUNTRY:
            if kind_of(place.feature_code) != "town":
                return MISSING_AREAS
            return next(rate for limit, rate in MISSING if place.population < limit)
    return 0.0


def calibrate(inputs: Floats, outcomes: Floats, weights: Floats) -> Floats:
    """Fit a logistic from the winner's share and its circumstances to being right."""
    solution = np.zeros(inputs.shape[1])
    for _ in range(100):
        chance = 1 / (1 + np.exp(-inputs @ solution))
        gradient = inputs.T @ ((chance - outcomes) * weights) + solution
        curvature = (inputs * (chance * (1 - chance) * weights)[:, None]).T @ inputs
        solution -= np.linalg.solve(curvature + np.eye(len(solution)), gradient)
    return solution


def join(parts: Sequence[tuple[Floats, Floats, Floats]]) -> tuple[Floats, Floats, Floats]:
    """Put the judgements of several sets of articles under each other."""
    first, second, third = (np.concatenate([part[column] for part in parts]) for column in range(3))
    return first, second, third


def report(name: str, judged: tuple[Floats, Floats, Floats], calibration: Floats) -> None:
    """Print accuracy and the reliability of the confidence in bins."""
    inputs, outcomes, weights = judged
    accuracy = float(np.average(outcomes, weights=weights))
    chance = 1 / (1 + np.exp(-inputs @ calibration))
    print(f"{name}: {accuracy:.4f} right of {len(outcomes)} names")
    for low, high in itertools.pairwise((0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)):
        inside = (chance >= low) & (chance < high)
        if inside.any():
            print(
                f"   confidence {np.average(chance[inside], weights=weights[inside]):.3f}"
                f" right {np.average(outcomes[inside], weights=weights[inside]):.3f}"
                f" ({int(inside.sum())})"
            )


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--into", type=Path, default=DATA / "bundled/models/resolution.json")
    parser.add_argument("--passages", type=int, default=4000)
    options = parser.parse_args()
    gazetteer = Gazetteer.open()
    path = next(options.corpora.rglob("geovirus.jsonl"))
    real = read_geovirus(path, gazetteer)
    written = write_passages(options.passages, 1, gazetteer)
    held = write_passages(1000, 2, gazetteer)
    chance = random.Random(3)
    order = list(range(len(real)))
    chance.shuffle(order)
    parts = []
    for fold in range(FOLDS):
        test = [real[index] for index in order[fold::FOLDS]]
        rest = [real[index] for place, index in enumerate(order) if place % FOLDS != fold]
        parts.append(judge(test, train(rest + written)))
    crossed = join(parts)
    model = train(real + written)
    fresh = judge(held, model, chance)
    calibration = calibrate(*join([crossed, fresh]))
    report("GeoVirus, cross-validated", crossed, calibration)
    report("fresh passages, some without their place", fresh, calibration)
    content = {
        "about": "Weights of extract.geocoding.ranking; made by training/resolution.py",
        "first": {name: round(float(v), 4) for name, v in zip(FEATURES, model.first, strict=True)},
        "later": {name: round(float(v), 4) for name, v in zip(FEATURES, model.later, strict=True)},
        "calibration": [round(float(value), 4) for value in calibration],
    }
    options.into.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    for name, one, two in zip(FEATURES, model.first, model.later, strict=True):
        print(f"   {name:24s} {one:8.3f} {two:8.3f}")


if __name__ == "__main__":
    main()
