"""One event as a card: its fields, and its sentence with the words that prove each marked.

Everything here is HTML made from other people's text, so every piece of it goes through
`html.escape`; a source is a link only where its address is http or https.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from extract.records import Article, DateBasis, PlaceBasis, Precision
from view.palette import FIELD_MARKS, PRECISION_LABELS, STATUS_LOOKS, TYPE_STYLES, draw_symbol
from view.words import count_words, date_words

Spans = Mapping[str, Sequence[Sequence[int]]]

BASIS_WORDS: dict[str, str] = {
    PlaceBasis.TRIGGER.value: "named with the event itself",
    PlaceBasis.SENTENCE.value: "named in the same sentence",
    PlaceBasis.PARAGRAPH.value: "named in the same paragraph",
    PlaceBasis.FOCUS.value: "the place the article is mostly about",
    PlaceBasis.ACTOR.value: "the country of those involved; the text names no place",
}


def mark_words(text: str, spans: Spans, *, offset: int = 0) -> str:
    """Return a stretch of text as HTML with the words of each field marked.

    `spans` maps what, who, whom, where and when to (start, end) pairs in the article's text;
    `offset` is where `text` begins in it. Where fields overlap, the marks name them all and
    the first in the order above gives the colour.
    """
    inside: list[tuple[int, int, str]] = []
    for field in FIELD_MARKS:
        for start, end in spans.get(field, ()):
            first, last = max(start - offset, 0), min(end - offset, len(text))
            if first < last:
                inside.append((first, last, field))
    edges = sorted({0, len(text), *(edge for first, last, _ in inside for edge in (first, last))})
    pieces = []
    for first, last in pairwise(edges):
        words = escape(text[first:last])
        held = [field for start, end, field in inside if start <= first and last <= end]
        held = list(dict.fromkeys(held))
        if held:
            names = ", ".join(FIELD_MARKS[field][0] for field in held)
            words = f'<mark class="dl-{held[0]}" title="{escape(names)}">{words}</mark>'
        pieces.append(words)
    return "".join(pieces)


def link_source(title: str, url: str | None) -> str:
    """Return a title as HTML, linked where the address is plain http or https."""
    shown = escape(title)
    if not url:
        return shown
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return shown
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return shown
    return f'<a href="{escape(url.strip())}" target="_blank" rel="noopener noreferrer">{shown}</a>'


def write_card(event: pd.Series[Any], *, text: str | None = None) -> str:
    """Return the card of one row of the events table as HTML.

    `text` is the article's text, for words of evidence that stand outside the sentence; None
    where it is not at hand.
    """
    evidence = read_evidence(event)
    sentence = _plain(event["sentence"])
    start = int(event["sentence_start"]) if pd.notna(event["sentence_start"]) else 0
    style = TYPE_STYLES[str(event["event_type"])]
    look = _look(event)
    mode = f" · {escape(_plain(event['mode']))}" if _plain(event["mode"]) else ""
    rows = [
        _row("what", _plain(event["trigger"]) or style.label),
        _row("who", _plain(event["actor"]), note=_plain(event["actor_code"]), missing="not named"),
        _row("whom", _plain(event["recipient"]), note=_plain(event["recipient_code"])),
        _row("where", _where(event), note=_where_note(event), missing="no place named"),
        _row("when", _when(event), note=_when_note(event), missing="no date given"),
    ]
    return (
        '<article class="dl-card">'
        f"<header>{draw_symbol(str(event['event_type']), look=look, size=26)}"
        f"<div><h2>{escape(style.label)}{mode}</h2>"
        f'<p class="dl-status">{escape(_plain(event["status"]))}{_harm(event)}</p></div></header>'
        f"<blockquote>{mark_words(sentence, evidence, offset=start)}</blockquote>"
        f"<dl>{''.join(rows)}{_sure(event)}</dl>"
        f"{_elsewhere(evidence, text, start, start + len(sentence))}"
        f"{_source(event)}{_candidates(event)}</article>"
    )


def write_draft(article: Article, events: int, skipped: str | None) -> str:
    """Return the head of an article that was read but not yet kept, as HTML."""
    day = date_words(pd.Timestamp(article.published), None) if article.published else "no date"
    found = f"no event: {skipped}" if skipped else count_words(events, "event")
    parts = [part for part in (article.source, f"published {day}", found) if part]
    return (
        '<div class="dl-card">'
        f"<h2>{link_source(article.title or 'Untitled article', article.url)}</h2>"
        f'<p class="dl-status">{escape(" · ".join(parts))}</p></div>'
    )


def write_field_key() -> str:
    """Return the colours of the marked fields with their names, as HTML."""
    chips = "".join(
        f'<li><span class="dl-chip dl-{field}"></span>{escape(label)}</li>'
        for field, (label, _, _) in FIELD_MARKS.items()
        if field != "whom"
    )
    return f'<ul class="dl-legend">{chips}</ul>'


def escape_markdown(text: str) -> str:
    """Return text that Streamlit's Markdown shows as it is, without links, marks or pictures."""
    return re.sub(r"([\\`*_{}\[\]()#+.!|~<>:$-])", r"\\\1", text)


def read_evidence(event: pd.Series[Any]) -> dict[str, list[tuple[int, int]]]:
    """Return the (start, end) pairs of each field of a row, from `evidence` or else `spans`."""
    evidence, spans = event.get("evidence"), event.get("spans")
    if isinstance(evidence, Mapping) and evidence:
        return {field: [(int(a), int(b)) for a, b in pairs] for field, pairs in evidence.items()}
    if isinstance(spans, Mapping):
        return {field: [(int(pair[0]), int(pair[1]))] for field, pair in spans.items()}
    return {}


def _plain(value: object) -> str:
    return value if isinstance(value, str) else ""


def _look(event: pd.Series[Any]) -> str:
    return STATUS_LOOKS.get(str(event["status"]), "filled")


def _row(field: str, words: str, *, note: str = "", missing: str = "") -> str:
    label = FIELD_MARKS[field][0]
    if not words and not missing:
        return ""
    body = escape(words) if words else f'<span class="dl-missing">{escape(missing)}</span>'
    extra = f'<span class="dl-note">{escape(note)}</span>' if note else ""
    return f'<dt><span class="dl-chip dl-{field}"></span>{label}</dt><dd>{body}{extra}</dd>'


def _where(event: pd.Series[Any]) -> str:
    parts = [_plain(event["place"]), _plain(event["admin1"])]
    countries = [str(code) for code in event["country"]] if len(event["country"]) else []
    if countries:
        parts.append("/".join(countries))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _where_note(event: pd.Series[Any]) -> str:
    precision = _plain(event["place_precision"])
    if not precision:
        return ""
    notes = [PRECISION_LABELS[precision].lower()]
    radius = event["radius_km"]
    if pd.notna(radius) and radius and precision not in (Precision.POINT, Precision.COUNTRY):
        notes.append(f"within about {float(radius):,.0f} km")
    basis = BASIS_WORDS.get(_plain(event["place_basis"]))
    if basis:
        notes.append(basis)
    return "; ".join(notes)


def _when(event: pd.Series[Any]) -> str:
    if pd.isna(event["date_start"]) and pd.isna(event["date_end"]):
        return ""
    words = date_words(event["date_start"], event["date_end"], _plain(event["date_granularity"]))
    return f"by {words}" if _plain(event["date_basis"]) == DateBasis.PUBLISHED.value else words


def _when_note(event: pd.Series[Any]) -> str:
    if _plain(event["date_basis"]) == DateBasis.PUBLISHED.value:
        return "the day it was published; the text gives no date of its own"
    published = event["published"]
    return f"published {date_words(published, published)}" if pd.notna(published) else ""


def _harm(event: pd.Series[Any]) -> str:
    harms = []
    for harm in event["casualties"] if isinstance(event["casualties"], (tuple, list)) else ():
        low, high = harm["low"], harm["high"]
        number = (
            f"{low:,}"
            if high == low
            else f"{low:,} or more"
            if high is None
            else f"{low:,}–{high:,}"
        )
        harms.append(f"{number} {harm['kind']}")
    return escape(" · " + ", ".join(harms)) if harms else ""


def _sure(event: pd.Series[Any]) -> str:
    confidence = event["confidence"]
    if pd.isna(confidence):
        return ""
    share = min(max(float(confidence), 0.0), 1.0)
    return (
        "<dt>How sure</dt><dd>"
        f'<span class="dl-meter" role="img" aria-label="{share:.0%}">'
        f'<span style="width:{share:.0%}"></span></span>'
        f' {share:.0%}<span class="dl-note">that type, place and date are all right</span></dd>'
    )


def _elsewhere(evidence: Spans, text: str | None, first: int, last: int) -> str:
    """Return the words of evidence that stand outside the sentence, each with its neighbours."""
    if text is None:
        return ""
    lines = []
    for field in FIELD_MARKS:
        for start, end in evidence.get(field, ()):
            if (start < last and first < end) or end > len(text):
                continue
            left, right = max(0, start - 60), min(len(text), end + 60)
            shown = mark_words(text[left:right], {field: [(start, end)]}, offset=left)
            dots = ("…" if left else "", "…" if right < len(text) else "")
            lines.append(f"<li>{escape(FIELD_MARKS[field][0])}: {dots[0]}{shown}{dots[1]}</li>")
    return f'<ul class="dl-elsewhere">{"".join(lines)}</ul>' if lines else ""


def _source(event: pd.Series[Any]) -> str:
    title = _plain(event["title"]) or "Untitled article"
    published = event["published"]
    details = [_plain(event["source"])]
    if pd.notna(published):
        details.append(date_words(published, published))
    note = " · ".join(escape(detail) for detail in details if detail)
    linked = link_source(title, _plain(event["url"]) or None)
    return f'<footer>{linked}<span class="dl-note">{note}</span></footer>'


def _candidates(event: pd.Series[Any]) -> str:
    others = event["alternatives"]
    if not isinstance(others, (tuple, list)) or not others:
        return ""
    lines = []
    for other in others:
        parts = [other.get("name"), other.get("admin1"), other.get("country")]
        name = ", ".join(dict.fromkeys(str(part) for part in parts if part))
        lines.append(
            f"<li>{escape(name)} <span class='dl-note'>{float(other['score']):.0%}</span></li>"
        )
    return (
        f"<details><summary>Other places it could mean</summary><ul>{''.join(lines)}</ul></details>"
    )
