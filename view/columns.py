"""The events table as the page reads it: codes in arrays, so that filtering never makes objects.

Made once for a table and shared by map, timeline, list and counts. A filter is a mask over
the rows; everything that is drawn is counted from a mask with a few numpy passes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from extract.plover import EVENT_TYPES
from extract.records import Precision
from view.palette import LOOK_LABELS, QUAD_COLOURS, STATUS_LOOKS, TYPE_STYLES

TYPES = tuple(TYPE_STYLES)
QUADS = tuple(QUAD_COLOURS)
LOOKS = tuple(LOOK_LABELS)
QUAD_OF_TYPE = np.array([QUADS.index(EVENT_TYPES[name].quad_class.value) for name in TYPES])

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class EventColumns:
    """An events table with the codes that drawing needs, row by row.

    `frame` is the table itself, with a plain running index. `type`, `look` index into TYPES
    and LOOKS. `place` indexes into `places`, -1 where the event has no spot or area of its own
    (no place, or a whole country). `start` and `end` are days since 1970, `DATELESS` where
    unknown; a lone end is taken as the start too. `places` has one row per distinct place with
    name, latitude, longitude, precision, radius_km. `countrywide` marks rows placed only in a
    country; `country_codes` and `country_rows` list each (code, row) pair of those.
    """

    frame: pd.DataFrame
    type: NDArray[np.int16]
    look: NDArray[np.int16]
    place: NDArray[np.int32]
    places: pd.DataFrame
    countrywide: Mask
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.frame)


DATELESS = np.iinfo(np.int64).min


def read_columns(frame: pd.DataFrame) -> EventColumns:
    """Return the codes of an events table; the order of rows is kept."""
    frame = frame.reset_index(drop=True)
    precision = frame["place_precision"]
    countrywide = (precision == Precision.COUNTRY.value).fillna(False).to_numpy(dtype=bool)
    located = frame["latitude"].notna().to_numpy(dtype=bool) & ~countrywide
    place = np.full(len(frame), -1, dtype=np.int32)
    keys = frame.loc[located, ["place", "latitude", "longitude", "place_precision", "radius_km"]]
    places = keys.drop_duplicates().reset_index(drop=True)
    if len(places):
        numbered = keys.merge(
            places.assign(number=np.arange(len(places))), how="left", on=list(keys.columns)
        )
        place[located] = numbered["number"].to_numpy(dtype=np.int32)
    places = pd.DataFrame(
        {
            "name": places["place"].fillna("unnamed place").astype(str),
            "latitude": places["latitude"].to_numpy(dtype=float),
            "longitude": places["longitude"].to_numpy(dtype=float),
            "precision": places["place_precision"].astype(str),
            "radius_km": places["radius_km"].fillna(0.0).to_numpy(dtype=float),
        }
    )
    start, end = _days(frame["date_start"]), _days(frame["date_end"])
    return EventColumns(
        frame=frame,
        type=_codes(frame["event_type"], {name: code for code, name in enumerate(TYPES)}),
        look=_codes(
            frame["status"], {name: LOOKS.index(look) for name, look in STATUS_LOOKS.items()}
        ),
        place=place,
        places=places,
        countrywide=countrywide,
        start=np.where(start == DATELESS, end, start),
        end=np.where(end == DATELESS, start, end),
    )


def _codes(values: pd.Series[str], codes: dict[str, int]) -> NDArray[np.int16]:
    return np.asarray(values.map(codes), dtype=np.int16)


def _days(dates: pd.Series[pd.Timestamp]) -> NDArray[np.int64]:
    days = dates.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(days), DATELESS, days.astype(np.int64))
