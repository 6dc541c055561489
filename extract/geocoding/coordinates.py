"""Coordinates written out in a text: 33.51 N, 36.27 E; 36°20'N 43°08'E; (12.5, -69.97)."""

from __future__ import annotations

import re

from extract.records import Span

DEGREES = r"\d{1,3}(?:\.\d+)?"
MINUTES = r"""(?:\s*(?:°|º|deg(?:rees?)?|:)?
    \s*(?P<{m}>\d{{1,2}}(?:\.\d+)?)\s*(?:'|’|′|min(?:utes?)?|:)
    (?:\s*(?P<{s}>\d{{1,2}}(?:\.\d+)?)\s*(?:"|”|″|''|sec(?:onds?)?)?)?)?"""
# One half: 36°20'15"N, 36 degrees 20 minutes north, N36.34, 36.34 N
HALF = r"""(?:
      (?P<{before}>{letters})\s*(?P<{a}>{degrees})\s*(?:°|º|deg(?:rees?)?)?{minutes1}
    | (?P<{b}>{degrees})\s*(?:°|º|deg(?:rees?)?)?{minutes2}\s*(?P<{after}>{letters})\b
)"""


def _half(prefix: str, letters: str) -> str:
    return HALF.format(
        before=f"{prefix}before",
        after=f"{prefix}after",
        a=f"{prefix}a",
        b=f"{prefix}b",
        letters=letters,
        degrees=DEGREES,
        minutes1=MINUTES.format(m=f"{prefix}am", s=f"{prefix}as"),
        minutes2=MINUTES.format(m=f"{prefix}bm", s=f"{prefix}bs"),
    )


LETTERED = re.compile(
    r"(?<![\w.])"
    + _half("lat", r"(?:[Nn]orth|[Ss]outh|[NS])")
    + r"(?:\s*[,;/]?\s*(?:and\s+|by\s+|latitude,?\s+(?:and\s+)?)?)"
    + _half("lon", r"(?:[Ee]ast|[Ww]est|[EW])")
    + r"(?!\w)",
    re.VERBOSE,
)
# Two signed decimals are coordinates only with three decimals each, or after a word for them.
DECIMAL = re.compile(
    r"(?<![\w.,$€£])(?P<lat>[-+−]?\d{1,2}\.\d{3,})\s*[,;]\s*(?P<lon>[-+−]?\d{1,3}\.\d{3,})(?![\w.%])"
)
NAMED = re.compile(
    r"\b(?:coordinates?|lat(?:itude)?/?(?:lon(?:g(?:itude)?)?)?|position|located\s+at)\b[^\d\n]{0,25}?"
    r"(?P<lat>[-+−]?\d{1,2}\.\d+)\s*°?\s*(?:,|;|/|and|\s)\s*(?:lon(?:g(?:itude)?)?\.?[:\s]*)?"
    r"(?P<lon>[-+−]?\d{1,3}\.\d+)(?![\w.%])",
    re.IGNORECASE,
)


def find_coordinates(text: str) -> list[tuple[Span, float, float]]:
    """Return each pair of coordinates in the text with its span, latitude and longitude.

    In text order; degrees, south and west negative. Numbers out of range are no coordinates.
    """
    found: list[tuple[Span, float, float]] = []
    for match in LETTERED.finditer(text):
        latitude, longitude = _read_half(match, "lat"), _read_half(match, "lon")
        _keep(found, Span(match.start(), match.end()), latitude, longitude)
    for pattern in (NAMED, DECIMAL):
        for match in pattern.finditer(text):
            latitude, longitude = (
                float(match[group].replace("−", "-")) for group in ("lat", "lon")
            )
            _keep(found, Span(match.start("lat"), match.end("lon")), latitude, longitude)
    return sorted(found, key=lambda item: item[0])


def _keep(
    found: list[tuple[Span, float, float]], span: Span, latitude: float, longitude: float
) -> None:
    if abs(latitude) > 90 or abs(longitude) > 180:
        return
    if not any(span.overlaps(other) for other, _, _ in found):
        found.append((span, round(latitude, 6), round(longitude, 6)))


def _read_half(match: re.Match[str], prefix: str) -> float:
    side = "a" if match[f"{prefix}a"] else "b"
    value = float(match[f"{prefix}{side}"])
    minutes, seconds = match[f"{prefix}{side}m"], match[f"{prefix}{side}s"]
    if (minutes and float(minutes) >= 60) or (seconds and float(seconds) >= 60):
        return 999.0
    value += float(minutes or 0) / 60 + float(seconds or 0) / 3600
    letter = (match[f"{prefix}before"] or match[f"{prefix}after"])[0].upper()
    return -value if letter in "SW" else value
