"""Spell the hand-written families of trigger words out into data/bundled/triggers.csv.

    python -m training.trigger_lexicon

Reads `training/text/trigger_families.txt`, whose head explains the notation, and writes one
row per word or phrase: its lemmas, part of speech, PLOVER type and mode, the grammatical place
of actor and recipient, the prior belief that it reports an event, and which word is
its head. The inflected forms of the head words go to data/bundled/trigger_forms.csv. A phrase that several families give for one type keeps the strongest belief.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extract.bundled import bundled_path
from extract.plover import EVENT_TYPES

FAMILIES = Path(__file__).parent / "text" / "trigger_families.txt"
COLUMNS = ("phrase", "part_of_speech", "event_type", "mode", "roles", "weight", "head")

# Verbs whose past tense and participle no rule makes: lemma, past, participle.
IRREGULAR = """
arise arose arisen|awake awoke awoken|be was been|bear bore borne|beat beat beaten|become became become
begin began begun|bend bent bent|beseech besought besought|bid bid bid|bind bound bound|bite bit bitten
bleed bled bled|blow blew blown|break broke broken|bring brought brought|build built built
burn burnt burnt|burst burst burst|bury buried buried|buy bought bought|cast cast cast|catch caught caught
choose chose chosen|cling clung clung|come came come|cost cost cost|creep crept crept|cut cut cut
deal dealt dealt|dig dug dug|do did done|draw drew drawn|drink drank drunk|drive drove driven
eat ate eaten|fall fell fallen|feed fed fed|feel felt felt|fight fought fought|find found found
flee fled fled|fling flung flung|fly flew flown|forbid forbade forbidden|foresee foresaw foreseen
forget forgot forgotten|forgive forgave forgiven|freeze froze frozen|get got got|give gave given
go went gone|grind ground ground|grow grew grown|hang hung hung|have had had|hear heard heard
hide hid hidden|hit hit hit|hold held held|hurt hurt hurt|keep kept kept|kneel knelt knelt
know knew known|lay laid laid|lead led led|leave left left|lend lent lent|let let let|lie lay lain
light lit lit|lose lost lost|make made made|mean meant meant|meet met met|mow mowed mown
override overrode overridden|overrun overran overrun|overthrow overthrew overthrown|pay paid paid
put put put|quit quit quit|read read read|rebuild rebuilt rebuilt|resell resold resold
retake retook retaken|ride rode ridden|ring rang rung|rise rose risen|run ran run|saw sawed sawn
say said said|see saw seen|seek sought sought|sell sold sold|send sent sent|set set set|sew sewed sewn
shake shook shaken|shed shed shed|shoot shot shot|show showed shown|shrink shrank shrunk|shut shut shut
sing sang sung|sink sank sunk|sit sat sat|slay slew slain|slide slid slid|sling slung slung|slit slit slit
smite smote smitten|speak spoke spoken|speed sped sped|spend spent spent|spill spilt spilt|spin spun spun
split split split|spread spread spread|spring sprang sprung|stand stood stood|steal stole stolen
stick stuck stuck|sting stung stung|strike struck struck|string strung strung|strive strove striven
swear swore sworn|sweep swept swept|swell swelled swollen|swim swam swum|swing swung swung|take took taken
teach taught taught|tear tore torn|tell told told|think thought thought|throw threw thrown|tread trod trodden
undergo underwent undergone|understand understood understood|undertake undertook undertaken
uphold upheld upheld|upset upset upset|wage waged waged|wear wore worn|weep wept wept|win won won
wind wound wound|withdraw withdrew withdrawn|withhold withheld withheld|withstand withstood withstood
wreak wreaked wreaked|wring wrung wrung|write wrote written
"""
# Verbs that double their last consonant before -ed and -ing, though not monosyllables or
# stressed on the end in every dialect.
DOUBLING = frozenset(
    """
    abet acquit allot ban bar beg blog bug cancel chop chat club commit compel concur confer control cordon-off cram cut
    defer dig dip drag drop drum equip excel expel fit fling flog fulfil gag get grab gun hit hijack-
    hop hug impel incur infer initial jab jam jog kidnap knit label let log lug map mob model mop mug nab net
    nod occur omit pat patrol pelt- permit pin plan plot plug pop prefer prod program propel put quit
    ram rap rebel recur refer regret remit repel rev rid rig rip rob rub run scan scrap scrub shed ship
    shop shrug shun shut signal sit skip slam slap slip slit snap snub span spot stab step stir stop strap
    strip submit swap swat tap throb tip top torpedo- total trap transfer transmit travel trek trim
    trip tug unplug wag whip win wrap zap
    """.split()
)
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
    doubled = stem + stem[-1] if stem in DOUBLING else stem
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
    """Return which word of a noun phrase is its head: the one before a preposition, else the last."""
    for index, word in enumerate(words):
        if index and word in ("of", "on", "for", "from", "at", "to", "in"):
            return index - 1
    return len(words) - 1


def _irregular_forms() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for entry in IRREGULAR.replace("\n", "|").split("|"):
        if entry.strip():
            lemma, *forms = entry.split()
            table[lemma] = tuple(forms)
    return table


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
