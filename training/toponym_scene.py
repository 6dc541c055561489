"""The small world of one written document, and how its slots are filled."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from training.place_names import PlaceNames

# Signs that mark people and organisations in a filled pattern until `strip_marks` reads them.
PERSON, ORGANISATION, CLOSE = "\x01", "\x02", "\x03"


PERSON_SLOTS = frozenset("person first last".split())


ORGANISATION_SLOTS = frozenset(
    "school church hospital company paper fpaper team org party ngo group agency un bank "
    "longorg shortorg airline stadium cemetery club funiversity mascot car disease".split()
)


SLOT = re.compile(r"\{(\w+)\}")


Drawer = Callable[["Scene", str], str]


@dataclass(slots=True)
class Scene:
    """The world of one document: slots keep the value that they first got.

    `drawers` maps the name of a slot, less its number, to what draws a value for it.
    """

    names: PlaceNames
    chance: random.Random
    home: str
    drawers: Mapping[str, Drawer]
    values: dict[str, str] = field(default_factory=dict)
    province: str = ""

    def fill(self, template: str) -> str:
        """Fill the slots of a pattern; marks stay in the text."""
        return SLOT.sub(lambda found: self.enclose(found.group(1)), template)

    def value(self, slot: str) -> str:
        """Return the value of a slot, drawing it when it comes up first."""
        if slot == slot.upper() and slot.lower() != slot:
            return self.value(slot.lower()).upper()
        base = slot.rstrip("0123456789")
        if base in FRESH:
            return self._draw(base, slot)
        if slot not in self.values:
            self.values[slot] = self._draw(base, slot)
        return self.values[slot]

    def enclose(self, slot: str) -> str:
        """Return the value of a slot with its marks for people and organisations around it."""
        value = self.value(slot)
        base = slot.lower().rstrip("0123456789")
        if base in PERSON_SLOTS:
            return f"{PERSON}{value}{CLOSE}"
        if base in ORGANISATION_SLOTS:
            return f"{ORGANISATION}{value}{CLOSE}"
        return value

    def _draw(self, base: str, slot: str) -> str:
        return self.drawers[base](self, slot[len(base) :])

    def pick(self, options: Sequence[str]) -> str:
        """Draw one of the options."""
        return self.chance.choice(options)

    def pick_town(self, options: Sequence[tuple[str, int]], *, large: bool = False) -> str:
        """Draw a town, large ones more often; with `large` the largest of a dozen draws."""
        draws = [self.chance.choice(options) for _ in range(12 if large else 2)]
        return max(draws, key=lambda town: town[1])[0]

    def mark(self, name: str, probability: float) -> str:
        """Mark a name as a place with a probability, as annotators do not agree."""
        return f"[{name}]" if self.chance.random() < probability else name

    def word(self) -> str:
        """Draw a single-word name of any town, to stand as a name of something else."""
        country = self.pick(list(self.names.towns))
        for _ in range(10):
            name = self.chance.choice(self.names.towns[country])[0]
            if name.isalpha():
                return name
        return "Ashford"

    def invent(self) -> str:
        """Make up a name that the gazetteer lacks, in the manner of a country's names."""
        country = self.value(f"iso{1 if self.chance.random() < 0.6 else 2}")
        pool = self.names.towns.get(country) or self.names.towns[self.home]
        for _ in range(20):
            first, second = (self.chance.choice(pool)[0].split()[0] for _ in range(2))
            name = first[: max(2, len(first) // 2)] + second[len(second) // 2 :].lower()
            if name.isalpha() and len(name) > 3 and name.lower() not in self.names.known:
                return name.capitalize()
        return "Orlovandu"


FRESH = frozenset("commonword rest".split()) | frozenset(
    "weekday month day n age money time phone color street road_no us uk un eu".split()
)
