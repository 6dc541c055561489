"""Which of the places that bear a name does an article mean?

For every name of an article (one referent per name, unless the text itself gives it two
containers) the candidates are weighed by features, each with its reason, in a linear model
whose weights `training/resolution.py` learns:

    importance    population, capital, rank in its province, kind of place, kind of name
    text          container ("Tripoli, Lebanon"), nationality, kind word ("X Province")
    document      the share of the other names that lie in its country, in its province,
                  near it; the dateline; nationality words

The document's features need to know where the other names lie, so the first round weighs
without them and two further rounds weigh with what the round before believed.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extract.bundled import bundled_path
from extract.gazetteer import Candidate, NameKind

Floats = NDArray[np.float64]

FEATURES = (
    "importance",
    "importance_below_best",
    "is_best",
    "country",
    "capital",
    "province",
    "district",
    "nature",
    "site",
    "historical",
    "alternative",
    "old",
    "abbreviation",
    "code",
    "foreign",
    "largest_of_province",
    "inside_strict",
    "outside_strict",
    "inside_loose",
    "outside_loose",
    "of_nationality",
    "not_of_nationality",
    "kind_agrees",
    "kind_differs",
    "holds",
    "holds_not",
    "country_share",
    "country_sole",
    "province_share",
    "province_sole",
    "near_30",
    "near_150",
    "near_600",
    "nationality_words",
    "dateline_country",
    "dateline_near",
    "source_country",
    "country_words",
    "area_code_province",
    "area_code_country",
    "capital_at_home",
    "town_at_home",
    "country_abroad",
    "listed_kind",
    "listed_country",
)
CONTEXT = FEATURES.index("country_share")
ROUNDS = 3
EARTH_KM = 6371.0

KINDS = {
    "ADM1": "province",
    "ADM2": "district",
    "PPL": "town",
    "PPLC": "town",
    "PCLI": "country",
    "PCLD": "country",
    "PCLH": "country",
    "INSM": "site",
    "PSN": "site",
    "PSTB": "site",
    "OILF": "site",
    "CMP": "site",
    "DAM": "site",
    "AIRP": "site",
    "PRT": "site",
}


@dataclass(frozen=True, slots=True)
class NameEvidence:
    """A name of the article with its candidates and what the text says of it, over all mentions.

    `count` is how often it stands in the article; `inside_strict`, `inside_loose` and
    `nationalities` hold the containers' provinces and countries (ISO codes), empty where the
    text gives none. `kind` is what the text calls it. `held` are the codes of areas that hold a
    candidate of a name whose container this one is ("Athens, Georgia" says which Georgia).
    """

    folded: str
    candidates: tuple[Candidate, ...]
    count: int
    inside_strict: frozenset[str] = frozenset()
    inside_loose: frozenset[str] = frozenset()
    nationalities: frozenset[str] = frozenset()
    kind: str | None = None
    weight: float = 1.0
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DocumentEvidence:
    """What the article says apart from its names.

    `nationality_words` counts the countries of nationality words; `dateline` is the index of
    the name that stands in the dateline; `source_country` that of the source. `country_words`
    and `area_codes` are counts of `extract.geocoding.clues`, by country and by province. `lists`
    holds pairs of indices of names that stand side by side in a list ("Ontario and Manitoba").
    """

    nationality_words: Counter[str]
    dateline: int | None = None
    source_country: str | None = None
    country_words: Counter[str] = field(default_factory=Counter)
    area_codes: Counter[str] = field(default_factory=Counter)
    lists: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RankingModel:
    """Weights of the two rounds and the calibration of the winner's share.

    `first` and `later` weigh `FEATURES`, the first round only those before the document's;
    `calibration` holds the weights of a logistic over `verdict.confidence_inputs`.
    """

    first: Floats
    later: Floats
    calibration: Floats

    @classmethod
    def load(cls, path: Path | None = None) -> RankingModel:
        """Read the weights from the bundled file, or from `path`."""
        content = json.loads(
            (path or bundled_path("models/resolution.json")).read_text(encoding="utf-8")
        )
        return cls(
            np.array([content["first"].get(name, 0.0) for name in FEATURES]),
            np.array([content["later"].get(name, 0.0) for name in FEATURES]),
            np.array(content["calibration"], dtype=float),
        )


class Ranking:
    """The candidates of all names of an article in one table, ready to be weighed.

    `owner` numbers the name of each candidate row; rows of one name stand together and
    `starts` holds where each begins. Names without candidates have no rows.
    """

    def __init__(self, names: Sequence[NameEvidence], document: DocumentEvidence) -> None:
        self.names = names
        self.document = document
        self.candidates = [candidate for name in names for candidate in name.candidates]
        counts = [len(name.candidates) for name in names]
        self.owner = np.repeat(np.arange(len(names)), np.array(counts, dtype=int))
        self.filled = np.array([index for index, count in enumerate(counts) if count], dtype=int)
        self.starts = (np.cumsum(counts, dtype=int) - np.array(counts, dtype=int))[self.filled]
        self.ends = self.starts + np.array([counts[index] for index in self.filled], dtype=int)
        self.weights = np.array(
            [name.weight * (1.0 + math.log2(max(name.count, 1))) for name in names]
        )
        self.base = self._describe_alone()
        self._prepare_geometry()

    def _describe_alone(self) -> Floats:
        rows = np.zeros((len(self.candidates), len(FEATURES)))
        column = {name: index for index, name in enumerate(FEATURES)}
        row = 0
        for name in self.names:
            if not name.candidates:
                continue
            best = max(candidate.standing for candidate in name.candidates)
            for candidate in name.candidates:
                values = rows[row]
                place = candidate.place
                kind = kind_of(place.feature_code)
                values[0] = candidate.importance / 10
                below = best - candidate.standing
                values[1] = below
                values[2] = below == 0
                if kind != "town":
                    values[column[kind]] = 1
                if place.feature_code == "PPLC":
                    values[column["capital"]] = 1
                elif place.feature_code in ("PCLH", "RGNH"):
                    values[column["historical"]] = 1
                if candidate.kind:
                    values[column[NameKind(candidate.kind).name.lower()]] = 1
                values[column["largest_of_province"]] = candidate.rank == 1
                areas = self.areas_of(candidate)
                for evidence, agrees, differs in (
                    (name.inside_strict, "inside_strict", "outside_strict"),
                    (name.inside_loose, "inside_loose", "outside_loose"),
                    (name.nationalities, "of_nationality", "not_of_nationality"),
                ):
                    if evidence:
                        values[column[differs if evidence.isdisjoint(areas) else agrees]] = 1
                if name.kind:
                    fits = agree(name.kind, kind)
                    values[column["kind_agrees" if fits else "kind_differs"]] = 1
                if name.held:
                    held = not name.held.isdisjoint(area_codes(candidate))
                    values[column["holds" if held else "holds_not"]] = 1
                row += 1
        return rows

    @staticmethod
    def areas_of(candidate: Candidate) -> tuple[str, ...]:
        """Return the ISO codes of the countries and the province that a place lies in."""
        countries = candidate.place.countries
        return (*countries, candidate.province) if candidate.province else countries

    def _prepare_geometry(self) -> None:
        places = [candidate.place for candidate in self.candidates]
        latitudes = np.radians(np.array([place.latitude for place in places], dtype=float))
        longitudes = np.radians(np.array([place.longitude for place in places], dtype=float))
        points = np.stack(
            [
                np.cos(latitudes) * np.cos(longitudes),
                np.cos(latitudes) * np.sin(longitudes),
                np.sin(latitudes),
            ],
            axis=1,
        )
        distances = EARTH_KM * np.arccos(np.clip(points @ points.T, -1, 1))
        wide = np.array(
            [
                candidate.place.feature_code in ("PCLI", "PCLH", "ADM1", "OCN", "SEA")
                for candidate in self.candidates
            ],
            dtype=bool,
        )
        self.kernels: list[Floats] = []
        for scale in (30.0, 150.0, 600.0):
            kernel = np.exp(-distances / scale)
            kernel[:, wide] = 0
            self.kernels.append(kernel)
        self.distances = distances
        countries: dict[str, int] = {}
        provinces: dict[str, int] = {}
        self.country = np.array(
            [
                countries.setdefault(candidate.place.country or "", len(countries))
                for candidate in self.candidates
            ],
            dtype=int,
        )
        self.province = np.array(
            [
                provinces.setdefault(candidate.province or "", len(provinces))
                for candidate in self.candidates
            ],
            dtype=int,
        )
        self.no_country = countries.get("")
        self.no_province = provinces.get("")
        self.is_town = np.array(
            [kind_of(place.feature_code) == "town" for place in places], dtype=float
        )
        kinds: dict[str, int] = {}
        self.kinds = np.array(
            [kinds.setdefault(kind_of(place.feature_code), len(kinds)) for place in places],
            dtype=int,
        )
        self.country_names = list(countries)
        self.province_names = list(provinces)

    def shares(self, scores: Floats) -> Floats:
        """Turn scores into each name's shares of belief, which sum to one."""
        if not len(scores):
            return scores
        highest = np.maximum.reduceat(scores, self.starts)
        lengths = self.ends - self.starts
        weights = np.exp(scores - np.repeat(highest, lengths))
        totals = np.add.reduceat(weights, self.starts)
        shares: Floats = weights / np.repeat(totals, lengths)
        return shares

    def describe(self, belief: Floats) -> Floats:
        """Return all features, those of the document reckoned from the belief of a round."""
        rows = self.base.copy()
        if not len(rows):
            return rows
        weighted = belief * self.weights[self.owner]
        for column, groups, missing in (
            (CONTEXT, self.country, self.no_country),
            (CONTEXT + 2, self.province, self.no_province),
        ):
            masses = np.zeros((len(self.names), groups.max() + 1))
            np.add.at(masses, (self.owner, groups), weighted)
            if missing is not None:
                masses[:, missing] = 0
            total = masses.sum(axis=0)
            others = total[groups] - masses[self.owner, groups]
            everything = total.sum() - masses.sum(axis=1)[self.owner]
            rows[:, column] = others / (everything + 1.0)
            rows[:, column + 1] = np.log1p(others)
        everyone = np.arange(len(belief))
        segment = np.searchsorted(self.filled, self.owner)
        for offset, kernel in enumerate(self.kernels):
            pulled = np.add.reduceat(kernel * weighted[None, :], self.starts, axis=1)
            pulled[everyone, segment] = 0
            rows[:, CONTEXT + 4 + offset] = np.log1p(pulled.sum(axis=1))
        words = self.document.nationality_words
        if words:
            counts = np.array([words.get(name, 0) for name in self.country_names], dtype=float)
            rows[:, CONTEXT + 7] = np.log1p(counts[self.country]) / math.log1p(words.total())
        if self.document.dateline is not None:
            inside = np.flatnonzero(self.owner == self.document.dateline)
            if len(inside):
                head = inside[int(np.argmax(belief[inside]))]
                elsewhere = self.owner != self.document.dateline
                rows[:, CONTEXT + 8] = elsewhere & (self.country == self.country[head])
                rows[:, CONTEXT + 9] = elsewhere * np.exp(-self.distances[:, head] / 150)
        if self.document.source_country:
            rows[:, CONTEXT + 10] = [
                name == self.document.source_country
                for name in np.array(self.country_names)[self.country]
            ]
        if spoken := self.document.country_words:
            total = sum(spoken.values()) + 2.0
            shares = np.array([spoken.get(name, 0) / total for name in self.country_names])
            rows[:, CONTEXT + 11] = shares[self.country]
        if codes := self.document.area_codes:
            counts = np.array([codes.get(name, 0) for name in self.province_names], dtype=float)
            rows[:, CONTEXT + 12] = np.log1p(counts)[self.province]
            lands = {"CAN" if code.startswith("CA") else "USA" for code in codes}
            rows[:, CONTEXT + 13] = np.array([name in lands for name in self.country_names])[
                self.country
            ]
        # A capital is meant more often at home than abroad, and a small town at home too.
        home = rows[:, CONTEXT] + rows[:, CONTEXT + 11]
        rows[:, CONTEXT + 14] = home * rows[:, FEATURES.index("capital")]
        rows[:, CONTEXT + 15] = home * self.is_town * rows[:, 1]
        # In an article about one country a bare "Lebanon" may well be a town of that country.
        rows[:, CONTEXT + 16] = (home.max() - home) * rows[:, FEATURES.index("country")]
        if self.document.lists:
            self._describe_lists(belief, rows[:, CONTEXT + 17 :])
        return rows

    def _describe_lists(self, belief: Floats, columns: Floats) -> None:
        """Fill in how much of its neighbours in lists is of a candidate's kind, and country."""
        spans = zip(self.starts, self.ends, strict=True)
        rows_of = dict(zip(self.filled.tolist(), spans, strict=True))
        counts = np.zeros(len(self.names))
        sizes = [int(groups.max()) + 1 for groups in (self.kinds, self.country)]
        for pair in self.document.lists:
            for one, other in (pair, pair[::-1]):
                if one not in rows_of or other not in rows_of:
                    continue
                counts[one] += 1
                mine, theirs = slice(*rows_of[one]), slice(*rows_of[other])
                for column, groups in enumerate((self.kinds, self.country)):
                    masses = np.bincount(groups[theirs], belief[theirs], sizes[column])
                    columns[mine, column] += masses[groups[mine]]
        columns /= np.maximum(counts[self.owner], 1)[:, None]

    def rank(self, model: RankingModel) -> Floats:
        """Return each candidate's share of belief after all rounds."""
        belief = self.shares(self.base @ model.first)
        for _ in range(ROUNDS - 1):
            belief = self.shares(self.describe(belief) @ model.later)
        return belief


def area_codes(candidate: Candidate) -> tuple[str, ...]:
    """Return the ISO codes of the area that a place is; a town or lake is none."""
    kind = kind_of(candidate.place.feature_code)
    if kind == "country":
        return candidate.place.countries
    if kind in ("province", "district") and candidate.province:
        return (candidate.province,)
    return ()


def kind_of(feature_code: str | None) -> str:
    """Return country, province, district, town, site or nature for a GeoNames feature code."""
    code = feature_code or ""
    return KINDS.get(code) or (
        "town" if code.startswith("PPL") else "district" if code.startswith("ADM") else "nature"
    )


def agree(wanted: str, kind: str) -> bool:
    """Say whether a place of some kind may be called by the kind word of the text."""
    return kind in {
        "county": ("district",),
        "district": ("district", "province", "town"),
        "province": ("province", "nature", "district"),
        "town": ("town",),
        "nature": ("nature",),
        "site": ("site",),
        "country": ("country",),
    }.get(wanted, (kind,))
