"""A million made-up events with the shape of real ones: few places hold most, days cluster.

60,000 places in 200 countries, drawn by Zipf's law; a tenth of the events stand for a country
as a whole, a seventh in provinces, regions and seas, one in thirty has no place. Days lean to
the last two years of ten. The same seed gives the same events.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pycountry

from extract.plover import EVENT_TYPES, quad_class
from extract.records import Status
from extract.snapshot import SCHEMA

PLACES, COUNTRIES, ACTORS, SOURCES = 60_000, 200, 4_000, 400
LAST_DAY = 20_000  # 4 October 2024, in days since 1970
BATCH = 99_999  # whole articles of three events
WORDS = (
    "forces shelled convoy near border talks minister signed agreement protesters gathered "
    "capital police dispersed crowd sanctions announced envoy visited troops withdrew village "
    "aid arrived hospital strike killed wounded civilians ceasefire violated drone attack port"
).split()


def make_batches(size: int, *, seed: int = 11) -> Iterator[pa.RecordBatch]:
    """Yield `size` events as batches of a snapshot."""
    chance = np.random.default_rng(seed)
    codes = [country.alpha_3 for country in pycountry.countries][:COUNTRIES]
    middles = np.column_stack(
        [chance.uniform(-40, 65, COUNTRIES), chance.uniform(-170, 175, COUNTRIES)]
    )
    home = np.minimum(chance.zipf(1.25, PLACES) - 1, COUNTRIES - 1)
    spots = middles[home] + chance.normal(0, 3.2, (PLACES, 2))
    spots[:, 0] = np.clip(spots[:, 0], -80, 80)
    spots[:, 1] = (spots[:, 1] + 180) % 360 - 180
    spots = spots.round(4)
    kind = chance.choice(
        ["point", "town", "district", "province", "region", "sea"],
        PLACES,
        p=[0.04, 0.85, 0.05, 0.04, 0.015, 0.005],
    )
    radius = np.select(
        [kind == "point", kind == "town", kind == "district", kind == "province"],
        [1.0, 8.0, 25.0, 90.0],
        400.0,
    )
    weight = 1.0 / np.arange(1, PLACES + 1) ** 0.85
    weight /= weight.sum()
    actors = np.array([f"Group {number}" for number in range(ACTORS)], dtype=object)
    actor_weight = 1.0 / np.arange(1, ACTORS + 1) ** 1.1
    actor_weight /= actor_weight.sum()
    types = np.array(list(EVENT_TYPES), dtype=object)
    statuses = np.array([status.value for status in Status], dtype=object)
    for first in range(0, size, BATCH):
        count = min(BATCH, size - first)
        number = np.arange(first, first + count)
        place = chance.choice(PLACES, count, p=weight)
        fate = chance.random(count)
        countrywide, placeless = fate < 0.1, fate > 0.967
        day = LAST_DAY - (3650 * chance.random(count) ** 2.5).astype(int)
        length = chance.choice([0, 6, 30, 364], count, p=[0.85, 0.05, 0.08, 0.02])
        dated = chance.random(count) > 0.03
        actor = actors[chance.choice(ACTORS, count, p=actor_weight)]
        other = actors[chance.choice(ACTORS, count, p=actor_weight)]
        kinds = types[np.minimum(chance.zipf(1.4, count) - 1, len(types) - 1)]
        words = np.array(WORDS, dtype=object)[chance.integers(0, len(WORDS), (count, 16))]
        sentences = [
            f"{who} {' '.join(row)} against {whom}, officials said."
            for who, row, whom in zip(actor, words, other, strict=True)
        ]
        named = ~placeless
        latitude = np.where(countrywide[:, None], middles[home[place]].round(4), spots[place])
        spans = '{"what": [10, 20], "who": [0, 9], "whom": [90, 99], "where": [30, 36]}'
        evidence = '{"what": [[10, 20]], "who": [[0, 9]], "whom": [[90, 99]], "where": [[30, 36]]}'
        cells = {
            "event_id": [f"e{n:07d}" for n in number],
            "event_type": kinds,
            "mode": None,
            "quad_class": [quad_class(kind) for kind in kinds],
            "status": statuses[np.minimum(chance.zipf(2.2, count) - 1, len(statuses) - 1)],
            "actor": actor,
            "actor_code": None,
            "recipient": np.where(chance.random(count) < 0.7, other, None),
            "recipient_code": None,
            "date_start": _optional(day, dated),
            "date_end": _optional(day + length, dated),
            "date_granularity": np.where(dated, "day", None),
            "date_basis": np.where(dated, "text", None),
            "place": np.where(
                countrywide,
                np.array(codes, dtype=object)[home[place]],
                np.array([f"Place {n}" for n in place], dtype=object),
            ),
            "geoname_id": _optional(place, named),
            "country": [
                [codes[at]] if has else [] for at, has in zip(home[place], named, strict=True)
            ],
            "admin1": None,
            "latitude": _optional(latitude[:, 0], named),
            "longitude": _optional(latitude[:, 1], named),
            "place_precision": np.where(
                placeless, None, np.where(countrywide, "country", kind[place].astype(object))
            ),
            "radius_km": _optional(np.where(countrywide, 300.0, radius[place]), named),
            "article_id": [f"a{n // 3:07d}" for n in number],
            "source": [f"Source {n}" for n in np.minimum(chance.zipf(1.3, count), SOURCES)],
            "title": [
                f"Report {n // 3}: {' '.join(row[:7])}"
                for n, row in zip(number, words, strict=True)
            ],
            "url": [f"https://news.example/{n // 3}" for n in number],
            "published": day + 1,
            "sentence": sentences,
            "sentence_start": np.zeros(count, dtype=int),
            "sentence_end": [len(text) for text in sentences],
            "trigger": words[:, 0],
            "confidence": chance.uniform(0.3, 1, count).round(4),
            "spans": [spans] * count,
            "place_basis": np.where(named, "sentence", None),
            "salience": chance.uniform(0, 1, count).round(4),
            "contexts": [[]] * count,
            "casualties": ["[]"] * count,
            "alternatives": ["[]"] * count,
            "evidence": [evidence] * count,
        }
        cells["place"] = np.where(placeless, None, cells["place"])
        yield pa.RecordBatch.from_arrays(
            [_column(cells[field.name], field.type, count) for field in SCHEMA], schema=SCHEMA
        )


def _optional(values: np.ndarray, known: np.ndarray) -> pa.Array:
    return pa.array(values, mask=~known)


def _column(cells: object, kind: pa.DataType, count: int) -> pa.Array:
    if cells is None:
        return pa.nulls(count, kind)
    column = cells if isinstance(cells, pa.Array) else pa.array(cells, from_pandas=True)
    if pa.types.is_date32(kind):
        return column.cast(pa.int32()).cast(kind)
    return column.cast(kind)
