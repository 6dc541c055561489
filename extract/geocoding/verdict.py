"""From the belief in a name's candidates to its place, the runners-up and how sure it is."""

from __future__ import annotations

import math

import numpy as np

from extract.gazetteer import Candidate, NameKind
from extract.geocoding.ranking import (
    CONTEXT,
    FEATURES,
    Floats,
    NameEvidence,
    Ranking,
    RankingModel,
    kind_of,
)
from extract.records import RankedPlace, ResolvedToponym, Span, Toponym

KEPT_ALTERNATIVES = 5
# Candidates this near each other are one pin for the map, so the confidence sums their shares.
SAME_SPOT_KM = 60.0

REASONS = {
    "inside_strict": "the text names its container",
    "inside_loose": "the text names its container",
    "outside_strict": "the others lie outside the container named",
    "outside_loose": "the others lie outside the container named",
    "of_nationality": "a nationality word before it",
    "not_of_nationality": "the others are of another nationality",
    "kind_agrees": "the kind of place that the text calls it",
    "kind_differs": "the others are of another kind",
    "holds": "it holds the other place of the text",
    "holds_not": "the others do not hold the other place of the text",
    "listed_kind": "of the kind of the places listed with it",
    "listed_country": "in the country of the places listed with it",
    "country_share": "in the country of the article's other places",
    "country_sole": "in the country of the article's other places",
    "province_share": "in the province of the article's other places",
    "province_sole": "in the province of the article's other places",
    "near_30": "beside the article's other places",
    "near_150": "near the article's other places",
    "near_600": "near the article's other places",
    "nationality_words": "in the country of the article's nationality words",
    "dateline_country": "in the dateline's country",
    "dateline_near": "near the dateline",
    "source_country": "in the source's country",
    "country_words": "in the country whose words the article uses",
    "area_code_province": "in the province of the article's telephone numbers",
    "area_code_country": "in the country of the article's telephone numbers",
    "capital_at_home": "the capital of the article's country",
    "town_at_home": "a town in the article's country",
    "country": "a country before smaller places",
    "capital": "a capital before other towns",
    "province": "a province before towns",
}

NOWHERE = Toponym(Span(0, 0), "")


def judge_name(
    ranking: Ranking, model: RankingModel, belief: Floats, features: Floats, index: int
) -> ResolvedToponym:
    """Return the place of the name of an index in the ranking; its toponym is left blank."""
    name = ranking.names[index]
    if not name.candidates:
        return ResolvedToponym(NOWHERE, None, 0.0, rule="not in the gazetteer")
    rows = np.flatnonzero(ranking.owner == index)
    order = rows[np.argsort(-belief[rows], kind="stable")]
    best = ranking.candidates[order[0]]
    alternatives = tuple(
        RankedPlace(ranking.candidates[row].place, round(float(belief[row]), 4))
        for row in order[1 : KEPT_ALTERNATIVES + 1]
    )
    near = ranking.distances[order[0], rows] <= SAME_SPOT_KM
    inputs = confidence_inputs(
        float(belief[rows[near]].sum()), name, best, len(rows), float(features[order[0], CONTEXT])
    )
    return ResolvedToponym(
        NOWHERE,
        best.place,
        round(confide(model, inputs), 4),
        alternatives,
        _explain(model, features[order[:2]], len(order)),
    )


def confide(model: RankingModel, inputs: Floats) -> float:
    """Turn what speaks for the winner into the chance that it is right."""
    return float(1 / (1 + math.exp(-float(inputs @ model.calibration))))


def confidence_inputs(
    share: float, name: NameEvidence, winner: Candidate, candidates: int, country_share: float
) -> Floats:
    """Return what the confidence is reckoned from, a constant first.

    `share` is the winner's share of belief among so many `candidates`, `country_share` that of the
    article's other names that lie in its country. A name with one candidate has no rival to
    doubt it, so there its importance and its country tell whether the gazetteer lacks the place
    that is meant.
    """
    share = min(max(share, 0.005), 0.995)
    alone = float(candidates == 1)
    kind = kind_of(winner.place.feature_code)
    importance = winner.importance / 10 - 0.5
    return np.array(
        [
            1.0,
            math.log(share / (1 - share)) if candidates > 1 else 0.0,
            math.log(candidates),
            float(bool(name.inside_strict)),
            alone,
            importance,
            alone * importance,
            country_share,
            alone * country_share,
            float(winner.kind in (NameKind.ALTERNATIVE, NameKind.OLD)),
            float(kind in ("nature", "site")),
            float(kind == "country"),
        ]
    )


def _explain(model: RankingModel, rows: Floats, count: int) -> str:
    """Say which feature did most for the winner over the runner-up."""
    if count == 1:
        return "the only candidate"
    gains = model.later * (rows[0] - rows[1])
    reason = REASONS.get(FEATURES[int(np.argmax(gains))])
    return reason or f"the best known of {count}"
