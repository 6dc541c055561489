"""The lexicon of trigger words, the kinds of words around them, and a sentence's tree as lists.

`data/bundled/triggers.csv` (built by `training/trigger_lexicon.py`) says which words and
phrases may report an event, `data/bundled/word_kinds.txt` what the words around them stand
for. `candidates` finds the places of a sentence where an event may be told; whether one is,
and of which type, is for `extract.mentions.triggers` to judge.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from spacy.tokens import Doc

from extract.bundled import bundled_path

# Words that are never triggers by themselves though they are forms of a lexicon word.
AUXILIARY = frozenset("be am is are was were been being 's have has had do does did".split())
# A word with less prior belief than this does not get a sentence parsed on its own. In the
# annotated articles 0.3 parses 74 % of the sentences and loses 2 of 241 triggers; 0.15 parses
# 77 % and loses none, 0.4 71 % and loses 6.
WORTH_A_PARSE = 0.3
OBJECTS = frozenset({"obj", "nsubj:pass", "dobj", "nsubjpass", "iobj"})
SUBJECTS = frozenset({"nsubj", "csubj"})
MODIFIERS = frozenset({"compound", "amod", "nmod", "obl", "case", "compound:prt", "prt", "advmod",
                       "nummod", "nmod:poss", "obl:agent", "fixed", "flat", "mark", "acl", "advcl",
                       "xcomp", "obl:unmarked", "nmod:unmarked", "pobj", "prep"})  # fmt: skip
CLAUSES = frozenset({"advcl", "acl", "acl:relcl", "ccomp", "parataxis", "relcl"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the lexicon; `others` are the lemmas of the phrase besides its head."""

    phrase: str
    part_of_speech: str
    event_type: str
    mode: str | None
    roles: str
    weight: float
    head: str
    others: tuple[str, ...]


class Tree:
    """The words of a parsed sentence as plain lists, which are quicker to walk than tokens.

    All lists run over the tokens; `heads` and `children` hold token indices; the root is its
    own head. `lemmas` are in lower case.
    """

    def __init__(self, tokens: Doc) -> None:
        # One array instead of a token object per word and field: a third of the time.
        ids = tokens.to_array(["ORTH", "TAG", "DEP", "LEMMA", "HEAD"]).tolist()
        strings = tokens.vocab.strings
        self.words = [strings[row[0]] for row in ids]
        self.lower = [word.lower() for word in self.words]
        # Tags and labels are few: each is looked up once.
        names = {code: strings[code] for code in {code for row in ids for code in row[1:3]}}
        self.tags = [names[row[1]] for row in ids]
        self.dependencies = [names[row[2]] for row in ids]
        self.lemmas = [(strings[row[3]] or strings[row[0]]).lower() for row in ids]
        # A head is kept as the steps to it, in two's complement.
        self.heads = [
            index + (row[4] if row[4] < 1 << 63 else row[4] - (1 << 64))
            for index, row in enumerate(ids)
        ]
        self.children: list[list[int]] = [[] for _ in self.words]
        for index, head in enumerate(self.heads):
            if head != index:
                self.children[head].append(index)

    @cached_property
    def finite(self) -> bool:
        """Whether any verb of the sentence is in a finite form."""
        return any(tag in ("VBD", "VBP", "VBZ", "MD") for tag in self.tags)

    def depth(self, index: int) -> int:
        """Return how many steps the token is below the root."""
        steps = 0
        while self.heads[index] != index and steps < 30:
            index = self.heads[index]
            steps += 1
        return steps

    def under(self, index: int, names: frozenset[str] | tuple[str, ...]) -> list[int]:
        """Return the children of a token that hang on it by one of these relations."""
        return [child for child in self.children[index] if self.dependencies[child] in names]


@dataclass(slots=True)
class Candidate:
    """A place where an event may be told: its head token and what the lexicon says of it.

    `absorbed` are the tokens of the phrase besides the head, such as the noun of a light verb.
    """

    index: int
    head: str
    singles: list[Entry]
    phrases: list[Entry]
    absorbed: list[int]


class TriggerLexicon:
    """The trigger words and phrases, looked up by the written form of their head word."""

    def __init__(self) -> None:
        self._forms: dict[str, list[tuple[str, str]]] = defaultdict(list)
        with bundled_path("trigger_forms.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for form in row["forms"].split():
                    self._forms[form].append((row["head"], row["part_of_speech"]))
        self._singles: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        # Phrases by head and by their rarest further word, which is the last one.
        self._phrases: dict[tuple[str, str], dict[str, list[Entry]]] = {}
        count = 0
        with bundled_path("triggers.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                words = row["phrase"].split()
                head = row["head"]
                others = list(words)
                others.remove(head)
                entry = Entry(
                    row["phrase"], row["part_of_speech"], row["event_type"], row["mode"] or None,
                    row["roles"], float(row["weight"]), head, tuple(others),
                )  # fmt: skip
                key = (head, entry.part_of_speech)
                if others:
                    anchor = others[-1] if entry.part_of_speech == "VERB" else others[0]
                    self._phrases.setdefault(key, {}).setdefault(anchor, []).append(entry)
                else:
                    self._singles[key].append(entry)
                count += 1
        self.size = count
        self._strongest = {
            key: max(entry.weight for entry in entries) for key, entries in self._singles.items()
        }

    def singles(self, head: str) -> list[Entry]:
        """Return the one-word entries of a lemma, of any part of speech."""
        return [
            entry
            for part in ("VERB", "NOUN", "ADJ")
            for entry in self._singles.get((head, part), ())
        ]

    def heads(self, form: str) -> list[tuple[str, str]]:
        """Return the lemmas and parts of speech of which a lower-case word may be a form."""
        return self._forms.get(form, [])

    def may_hold(self, words: list[str]) -> bool:
        """Say whether a sentence, given as lower-case words, may hold an event at all.

        Cheap: a one-word trigger that is worth a parse, or a phrase all of whose words stand in
        the sentence.
        """
        stems: set[str] | None = None
        for word in words:
            if word in AUXILIARY:
                continue
            for key in self._forms.get(word, ()):
                if self._strongest.get(key, 0.0) >= WORTH_A_PARSE:
                    return True
                anchors = self._phrases.get(key)
                if not anchors:
                    continue
                if stems is None:
                    stems = {stem for other in words for stem in _stems(other)}
                for anchor in anchors.keys() & stems:
                    if any(stems.issuperset(entry.others) for entry in anchors[anchor]):
                        return True
        return False

    def candidates(self, tree: Tree) -> list[Candidate]:
        """Return the places of a parsed sentence where the lexicon sees a possible event."""
        found: dict[int, Candidate] = {}
        for index, word in enumerate(tree.lower):
            keys = self._forms.get(word)
            if not keys or word in AUXILIARY:
                continue
            tag = tree.tags[index]
            # Part of a name ("Free Syrian Army"), unless it is counted ("reports 2 KIA").
            named = tag.startswith("NNP") and index and tree.words[index][0].isupper()
            if named and tree.finite and tree.tags[index - 1] != "CD":
                continue
            keys = _fitting(keys, tag)
            singles = [entry for key in keys for entry in self._singles.get(key, ())]
            phrases: list[Entry] = []
            absorbed: list[int] = []
            near: dict[str, int] | None = None
            for key in keys:
                anchors = self._phrases.get(key)
                if not anchors:
                    continue
                if near is None:
                    near = _near(tree, index)
                for lemma in near:
                    for entry in anchors.get(lemma, ()):
                        if all(other in near for other in entry.others):
                            phrases.append(entry)
                            absorbed.extend(near[other] for other in entry.others)
            if singles or phrases:
                head = (phrases or singles)[0].head
                found[index] = Candidate(index, head, singles, phrases, sorted(set(absorbed)))
        return _collapsed(found, tree)


def _fitting(keys: list[tuple[str, str]], tag: str) -> list[tuple[str, str]]:
    """Keep the readings that the tag allows; all of them where it allows none."""
    if tag.startswith("NN"):
        wanted = ("NOUN",)
    elif tag.startswith("VB"):
        wanted = ("VERB",)
    elif tag.startswith("JJ"):
        wanted = ("ADJ",)
    else:
        return keys
    fitting = [key for key in keys if key[1] in wanted]
    return fitting or keys


def _near(tree: Tree, index: int) -> dict[str, int]:
    """Return the lemmas that could belong to a phrase with this head, and where they stand."""
    places: dict[str, int] = {}

    headline = not tree.finite

    def add(token: int) -> None:
        if token == index or (tree.tags[token].startswith("NNP") and token and not headline):
            return  # a name: "Amnesty International" grants none
        if tree.tags[token] in ("IN", "TO", "RP") and not index < token <= index + 6:
            return  # a particle follows its verb
        places.setdefault(tree.lemmas[token], token)
        places.setdefault(tree.lower[token], token)

    for child in tree.children[index]:
        relation = tree.dependencies[child]
        if relation in CLAUSES:
            continue
        add(child)
        for grandchild in tree.children[child]:
            if (
                tree.dependencies[grandchild] in MODIFIERS
                or tree.dependencies[grandchild] == "conj"
            ):
                add(grandchild)
                if tree.dependencies[grandchild] in ("nmod", "obl", "compound", "conj"):
                    for further in tree.children[grandchild]:
                        if tree.dependencies[further] in ("case", "compound", "amod"):
                            add(further)
    # A participle after its object: "talks held in Geneva", "the ban imposed by".
    if tree.dependencies[index] in ("acl", "acl:relcl") and tree.tags[index] in (
        "VBN",
        "VBD",
        "VBG",
    ):
        noun = tree.heads[index]
        add(noun)
        for child in tree.under(noun, ("compound", "amod")):
            add(child)
    for offset in (-1, 1, 2, 3):
        token = index + offset
        if 0 <= token < len(tree.words) and tree.words[token][0].isalpha():
            add(token)
    return places


def _collapsed(found: dict[int, Candidate], tree: Tree) -> list[Candidate]:
    """Drop nouns that a verb's phrase has taken in, and give their entries to the verb."""
    taken: set[int] = set()
    for candidate in found.values():
        if not candidate.phrases or candidate.phrases[0].part_of_speech != "VERB":
            continue
        for index in candidate.absorbed:
            inner = found.get(index)
            if inner and index not in taken and inner.index != candidate.index:
                if (
                    any(e.part_of_speech == "VERB" for e in inner.singles)
                    and tree.tags[index] == "VB"
                ):
                    # "agreed to send aid": the infinitive is an event of its own.
                    continue
                taken.add(index)
    return [candidate for index, candidate in found.items() if index not in taken]


def _stems(word: str) -> tuple[str, ...]:
    """Return crude lemmas of a word, enough to ask whether a phrase's partner is there."""
    stems = [word]
    if word.endswith("s"):
        stems.append(word[:-1])
        if word.endswith("ies"):
            stems.append(word[:-3] + "y")
        elif word.endswith("es"):
            stems.append(word[:-2])
    elif word.endswith("men"):
        stems.append(word[:-2] + "an")
    return tuple(stems)


class WordKinds:
    """Which kinds of thing a lemma stands for.

    `word_kinds.txt` names the kinds that help to judge an event; `context_words.txt`, in the
    same form, PLOVER's contexts.
    """

    def __init__(self, name: str = "word_kinds.txt") -> None:
        self._kinds: dict[str, tuple[str, ...]] = {}
        for line in bundled_path(name).read_text(encoding="utf-8").splitlines():
            if line.startswith("#") or not line.strip():
                continue
            kind, _, words = line.partition(": ")
            for word in words.split(","):
                lemma = word.strip().lower()
                self._kinds[lemma] = (*self._kinds.get(lemma, ()), kind)

    def of(self, lemma: str) -> tuple[str, ...]:
        """Return the kinds of a lemma in lower case, () where none is known."""
        return self._kinds.get(lemma, ())
