"""A GeoNames dump of any size, made up: its columns, its shares of features, names of our own."""

from __future__ import annotations

import random
from pathlib import Path

# Feature class and code -> how many of a hundred rows, as counted roughly in the real dump's
# description (https://www.geonames.org/statistics/): towns and streams lead, spots follow.
FEATURES = {
    ("P", "PPL"): 38, ("H", "STM"): 14, ("T", "HLL"): 8, ("T", "MT"): 6, ("S", "SCH"): 6,
    ("S", "FRM"): 5, ("S", "HTL"): 4, ("H", "LK"): 5, ("L", "LCTY"): 4, ("S", "CH"): 3,
    ("A", "ADM3"): 2, ("A", "ADM4"): 2, ("V", "FRST"): 1, ("R", "RD"): 1, ("P", "PPLX"): 1,
}  # fmt: skip
COUNTRIES = (
    "US CN IN MX RU ID NO IR PK TH PH TR BR AF FR DE UA CO CD NG ET SD ML NE TD KE TZ YE SY IQ AZ "
    "AM GE KZ UZ VN MM NP BD LK MY AU CA AR PE CL BO EC VE ES IT PL RO GR"
).split()
SYLLABLES = (
    "ka ra ba la mi no shi ta ru ve do zan gor mal tek bir sol pan dar kul nur vas hem tor lin "
    "mar sud yar qal nez ost wal fen ger hol bek"
).split()


def write_dump(path: Path, rows: int, *, seed: int = 5) -> None:
    """Write so many rows in the layout of `allCountries.txt`; the same seed gives the same file."""
    chance = random.Random(seed)
    stems = [
        "".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3, 4)))).capitalize()
        for _ in range(min(rows, 4_000_000))
    ]
    features, weights = list(FEATURES), list(FEATURES.values())
    with path.open("w", encoding="utf-8") as file:
        for number in range(1, rows + 1):
            name = chance.choice(stems)
            kind, code = chance.choices(features, weights)[0]
            others = ",".join(chance.sample(stems, chance.choice((0, 0, 1, 1, 2, 4))))
            population = int(10 ** chance.uniform(1, 5.5)) if kind == "P" and number % 9 == 0 else 0
            fields = (
                number + 20_000_000, name, name, others,
                f"{chance.uniform(-55, 70):.5f}", f"{chance.uniform(-179, 179):.5f}", kind, code,
                chance.choice(COUNTRIES), "", f"{chance.randrange(1, 30):02d}", "", "", "",
                population, "", "", "Etc/UTC", "2024-01-01",
            )  # fmt: skip
            file.write("\t".join(map(str, fields)) + "\n")
