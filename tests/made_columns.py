"""Days and masks over the columns of made-up events, for the tests of what is drawn from them."""

from __future__ import annotations

import datetime

import numpy as np

from view.columns import EventColumns, Mask

EPOCH = datetime.date(1970, 1, 1)


def days(text: str) -> int:
    """Return a day, YYYY-MM-DD, as the columns count it: from 1970 on."""
    return (datetime.date.fromisoformat(text) - EPOCH).days


def everything(columns: EventColumns) -> Mask:
    """Return the mask that keeps every event."""
    return np.ones(len(columns), dtype=bool)
