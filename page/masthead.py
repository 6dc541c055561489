"""What is shown out of what, in one sentence under the name of the page."""

from __future__ import annotations

from html import escape

import streamlit as st

from page.dataset import SAMPLE, Dataset
from view.columns import Mask
from view.filters import (
    measure_coverage,
)


def show_coverage(dataset: Dataset, mask: Mask) -> None:
    """Say what is shown out of what, and what is not on the map."""
    coverage = measure_coverage(dataset.columns, mask, articles=dataset.articles)
    note = ""
    if dataset.name.startswith(SAMPLE):
        note = '<span class="dl-quiet"> Demonstration text, written for Dateline.</span>'
    st.html(f'<p class="dl-shown">{escape(coverage.sentence)}{note}</p>')
