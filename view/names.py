"""The everyday English names of countries."""

from __future__ import annotations

from functools import cache

import pycountry

# Where ISO 3166-1 has only the long form, or none at all.
EVERYDAY_NAMES = {
    "BES": "Caribbean Netherlands",
    "BRN": "Brunei",
    "COD": "DR Congo",
    "COG": "Congo",
    "FLK": "Falkland Islands",
    "FSM": "Micronesia",
    "IRN": "Iran",
    "KOR": "South Korea",
    "LAO": "Laos",
    "MAF": "Saint Martin",
    "PRK": "North Korea",
    "PSE": "Palestine",
    "RUS": "Russia",
    "SXM": "Sint Maarten",
    "SYR": "Syria",
    "TUR": "Turkey",
    "VAT": "Vatican City",
    "VGB": "British Virgin Islands",
    "VIR": "US Virgin Islands",
    "XKX": "Kosovo",
}


@cache
def name_country(code: str) -> str:
    """Return the everyday English name of an ISO 3166-1 alpha-3 code, or the code itself."""
    if code in EVERYDAY_NAMES:
        return EVERYDAY_NAMES[code]
    country = pycountry.countries.get(alpha_3=code)
    if country is None:
        return code
    return str(getattr(country, "common_name", country.name))
