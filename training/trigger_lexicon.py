"""Spell the hand-written families of trigger words out into data/bundled/triggers.csv.

    python -m training.trigger_lexicon

Reads `training/text/trigger_families.txt`, whose head explains the notation, and writes one
row per word or phrase: its lemmas, part of speech, PLOVER type and mode, the grammatical place
of actor and recipient, the prior belief that it reports an event, and which word is its head.
The inflected forms of the head words go to data/bundled/trigger_forms.csv. A phrase that
several families give for one type keeps the strongest belief.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extract.bundled import bundled_path
from extract.plover import EVENT_TYPES

FAMILIES = Path(__file__).parent / "text" / "trigger_families.txt"
COLUMNS = ("phrase", "part_of_speech", "event_type", "mode", "roles", "weight", "head")

VERB_FORMS = Path(__file__).parent / "text" / "verb_forms.txt"
IRREGULAR_PLURALS = {
    "man": "men", "woman": "women", "child": "children", "crisis": "crises", "embargo": "embargoes",
    "veto": "vetoes", "coup d'etat": "coups d'etat", "hostage crisis": "hostage crises",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the lexicon; `phrase` has the head first for verbs, last for nouns."""

    phrase: str
    part_of_speech: str
    event_type: str
    mode: str
    roles: str
    weight: float
    head: str


def inflect_verb(lemma: str) -> tuple[str, ...]:
    """Return the written forms of a verb, the base first: base, -s, -ing, past, participle."""
    prefix, _, stem = lemma.rpartition("-")
    irregular = _irregular_forms().get(stem) or _irregular_forms().get(lemma)
    front = lemma[: len(lemma) - len(stem)]
    if re.search(r"(s|x|z|ch|sh|o)$", stem):
        third = stem + "es"
    elif re.search(r"[^aeiou]y$", stem):
        third = stem[:-1] + "ies"
    else:
        third = stem + "s"
    doubled = stem + stem[-1] if stem in _doubling_verbs() else stem
    if stem.endswith("ie"):
        gerund = stem[:-2] + "ying"
    elif re.search(r"[^eoy]e$", stem):
        gerund = stem[:-1] + "ing"
    else:
        gerund = doubled + "ing"
    if irregular:
        past = irregular
    elif stem.endswith("e"):
        past = (stem + "d",)
    elif re.search(r"[^aeiou]y$", stem):
        past = (stem[:-1] + "ied",)
    else:
        past = (doubled + "ed",)
    if stem in {"travel", "signal", "label", "model", "cancel", "patrol", "kidnap", "burn", "hang"}:
        past = (*past, stem + "ed")
    if stem in {"travel", "signal", "label", "model", "cancel"}:
        gerund_forms: tuple[str, ...] = (gerund, stem + "ing")
    else:
        gerund_forms = (gerund,)
    forms = (stem, third, *gerund_forms, *past)
    return (
        tuple(dict.fromkeys(front + form for form in forms))
        if prefix
        else tuple(dict.fromkeys(forms))
    )


def inflect_noun(lemma: str) -> tuple[str, ...]:
    """Return singular and plural of a noun."""
    if lemma in IRREGULAR_PLURALS:
        return lemma, IRREGULAR_PLURALS[lemma]
    if lemma.endswith("s") and not lemma.endswith(("ss", "us")):
        return (lemma,)
    if lemma.endswith("man"):
        return lemma, lemma[:-2] + "en"
    if re.search(r"(s|x|z|ch|sh)$", lemma):
        return lemma, lemma + "es"
    if re.search(r"[^aeiou]y$", lemma):
        return lemma, lemma[:-1] + "ies"
    return lemma, lemma + "s"


def read_families(path: Path = FAMILIES) -> Iterator[Row]:
    """Yield a row for every word and phrase of the families; raises ValueError on a bad line."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        head, _, words = line.partition(": ")
        fields = head.split()
        event_type, _, mode = fields[0].partition(".")
        mode = mode.replace("-", "", 1) if mode == "-" else mode
        kind = fields[1]
        weight = float(fields[2]) if len(fields) > 2 else 0.7
        roles = fields[3] if len(fields) > 3 else ""
        if event_type not in EVENT_TYPES or (mode and mode not in EVENT_TYPES[event_type].modes):
            raise ValueError(f"{path.name}:{number}: no PLOVER type or mode {fields[0]}")
        for phrase, belief in _phrases(kind, words, weight):
            part = {"V": "VERB", "VO": "VERB", "N": "NOUN", "NN": "NOUN", "A": "ADJ"}[kind]
            yield Row(phrase, part, event_type, mode, roles, belief, _head(phrase, part))


def _phrases(kind: str, words: str, weight: float) -> Iterator[tuple[str, float]]:
    if kind in ("VO", "NN"):
        first, _, second = words.partition(" | ")
        for verb, verb_belief in _listed(first, weight):
            for noun, noun_belief in _listed(second, weight):
                yield f"{verb} {noun}", min(verb_belief, noun_belief)
    else:
        yield from _listed(words, weight)


def _listed(words: str, weight: float) -> Iterator[tuple[str, float]]:
    for item in words.split(","):
        phrase, _, belief = item.strip().partition("~")
        if phrase:
            yield phrase, float(belief) if belief else weight


def _head(phrase: str, part_of_speech: str) -> str:
    words = phrase.split()
    if part_of_speech == "VERB":
        return next((word for word in words if word not in ("not", "will", "be")), words[0])
    if part_of_speech == "NOUN":
        return words[_noun_head(words)]
    return words[-1]


def head_forms(row: Row) -> tuple[str, ...]:
    """Return the written forms of a row's head word, its lemma first."""
    if row.part_of_speech == "VERB":
        return inflect_verb(row.head)
    if row.part_of_speech == "NOUN":
        return inflect_noun(row.head)
    return (row.head,)


def _noun_head(words: list[str]) -> int:
    """Return which word of a noun phrase is its head: before a preposition, else the last."""
    for index, word in enumerate(words):
        if index and word in ("of", "on", "for", "from", "at", "to", "in"):
            return index - 1
    return len(words) - 1


@cache
def _irregular_forms() -> dict[str, tuple[str, ...]]:
    """Return the past and participle of the irregular verbs."""
    table, _, _ = VERB_FORMS.read_text(encoding="utf-8").partition("==")
    rows = (line.split() for line in table.splitlines() if line and not line.startswith("#"))
    return {lemma: tuple(forms) for lemma, *forms in rows}


@cache
def _doubling_verbs() -> frozenset[str]:
    """Return the verbs that double their last consonant."""
    return frozenset(VERB_FORMS.read_text(encoding="utf-8").partition("==")[2].split())


def build_rows(path: Path = FAMILIES) -> list[Row]:
    """Return the rows of the lexicon sorted by phrase, one per phrase, part of speech and type."""
    best: dict[tuple[str, str, str], Row] = {}
    for row in read_families(path):
        key = (row.phrase, row.part_of_speech, row.event_type)
        known = best.get(key)
        # A family that gives a mode is more telling than one that does not.
        if known is None or (bool(row.mode), row.weight) > (bool(known.mode), known.weight):
            best[key] = row
    return sorted(best.values(), key=lambda row: (row.phrase, row.part_of_speech, row.event_type))


def main() -> None:
    """Write data/bundled/triggers.csv and data/bundled/trigger_forms.csv."""
    rows = build_rows()
    folder = bundled_path("")
    with (folder / "triggers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow(
                (row.phrase, row.part_of_speech, row.event_type, row.mode, row.roles,
                 f"{row.weight:g}", row.head)
            )  # fmt: skip
    forms = {(row.head, row.part_of_speech): head_forms(row) for row in rows}
    with (folder / "trigger_forms.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("head", "part_of_speech", "forms"))
        for (head, part_of_speech), written in sorted(forms.items()):
            writer.writerow((head, part_of_speech, " ".join(written)))
    print(f"{len(rows)} entries, {len(forms)} head words")


if __name__ == "__main__":
    main()
