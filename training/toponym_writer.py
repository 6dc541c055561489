"""Write news-like training text whose places are known, out of our own sentence patterns.

A document has one home: its towns, county and state belong together, its people keep their
names from sentence to sentence, so that what a whole article tells about a name can be learnt.
Names are drawn from the gazetteer at random, those of people from the bundled lists, and one
in six people bears the name of a town.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from training.place_names import WORDS, PlaceNames
from training.toponym_corpora import MarkedText
from training.toponym_scene import CLOSE, ORGANISATION, PERSON, Scene
from training.toponym_slots import DRAWERS

TEMPLATES = Path(__file__).parent / "text" / "toponyms_templates.txt"


def read_templates() -> dict[str, list[str]]:
    """Read the sentence patterns by section."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in TEMPLATES.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            current = sections.setdefault(line[3:].strip(), [])
        elif line.strip() and not line.startswith("# "):
            current.append(line)
    return sections


SOUTHERN = ("south.body", "south.body", "south.body", "region.body", "world.body")

# Weight, kind, and the sections that headline, lead and body are drawn from.
KINDS: list[tuple[int, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = [
    (54, "local", ("local.headline",), ("local.lead",), ("local.body",)),
    (10, "uk", ("local.headline",), ("local.lead",), ("uk.body", "uk.body", "local.body")),
    (25, "world", ("world.headline", "conflict.headline"), ("world.lead",), ("world.body",)),
    (7, "military", ("world.headline",), ("military.lead",), ("military.body", "world.body")),
    (7, "region", ("world.headline",), ("world.lead",), ("region.body", "world.body")),
    (12, "south", ("conflict.headline",), ("south.lead", "world.lead"), SOUTHERN),
    (6, "headlines", ("conflict.headline",), (), ("conflict.headline", "world.headline")),
]

HOMES: dict[str, dict[str, int]] = {
    "uk": {"GBR": 8, "IRL": 1, "AUS": 1, "NZL": 1},
    "south": WORDS["southern_homes"],
    "headlines": WORDS["southern_homes"],
}
# How often the country that the news is about is the document's home.
AT_HOME = {"world": 0.2, "region": 0.2, "military": 0.2, "south": 1.0, "headlines": 0.8}


def write_texts(names: PlaceNames, count: int, *, seed: int = 0) -> Iterator[MarkedText]:
    """Write `count` documents, the same ones for the same seed and gazetteer."""
    chance = random.Random(seed)
    sections = read_templates()
    for _ in range(count):
        _, kind, headlines, leads, bodies = chance.choices(KINDS, [each[0] for each in KINDS])[0]
        homes = HOMES.get(kind, WORDS["homes"])
        home = chance.choices(list(homes), list(homes.values()))[0]
        scene = Scene(names, chance, home, DRAWERS)
        if chance.random() < AT_HOME.get(kind, 0.0):
            scene.values["iso1"] = home
        lines = []
        if kind == "headlines":
            # Feeds hand over single headlines, so half of these documents are one line.
            count_of_lines = 1 if chance.random() < 0.5 else chance.randint(2, 6)
            for _ in range(count_of_lines):
                lines.append(scene.fill(chance.choice(sections[chance.choice(bodies)])))
            yield strip_marks("\n".join(_capitalise(line) for line in lines))
            continue
        if chance.random() < 0.8:
            headline = scene.fill(chance.choice(sections[chance.choice(headlines)]))
            lines.append(headline.upper() if chance.random() < 0.06 else headline)
        if chance.random() < 0.85:
            lines.append(scene.fill(chance.choice(sections[chance.choice(leads)])))
        for _ in range(chance.randint(4, 10)):
            lines.append(scene.fill(chance.choice(sections[chance.choice(bodies)])))
        lines = [_capitalise(line) for line in lines]
        joiner = " " if chance.random() < 0.5 else "\n"
        marked = lines[0] + "\n" + joiner.join(lines[1:]) if len(lines) > 1 else lines[0]
        yield strip_marks(marked)


def _capitalise(line: str) -> str:
    """Begin a line with a capital; marks before the first letter stay."""
    return re.sub(
        r"^([\[\x01-\x03]*)(\w)", lambda part: part.group(1) + part.group(2).upper(), line
    )


def strip_marks(marked: str) -> MarkedText:
    """Turn the marks into spans; of nested square brackets the outer counts."""
    text: list[str] = []
    places: list[tuple[int, int]] = []
    names: list[tuple[int, int, str]] = []
    opened: list[tuple[int, str]] = []
    depth, start, length = 0, 0, 0
    for piece in re.split(r"([\[\]\x01-\x03])", marked):
        if piece == "[":
            if depth == 0:
                start = length
            depth += 1
        elif piece == "]":
            depth -= 1
            if depth == 0 and length > start:
                places.append((start, length))
        elif piece in (PERSON, ORGANISATION):
            opened.append((length, "PER" if piece == PERSON else "ORG"))
        elif piece == CLOSE:
            first, kind = opened.pop()
            names.append((first, length, kind))
        else:
            text.append(piece)
            length += len(piece)
    return MarkedText("written", "".join(text), tuple(places), (), tuple(names))
