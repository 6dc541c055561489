"""Whether an event happened: read from the words around its trigger.

The verb's own tense and auxiliaries speak first ("will meet", "did not attack"), then what
governs it, step by step up the tree ("denied that", "plans to", "fears of", "agreed to
hold"), each step only as far as it reaches: what was said to have happened has happened as
far as the article knows. The words are listed in `data/bundled/status_words.txt`.
"""

from __future__ import annotations

from dataclasses import dataclass

from extract.bundled import bundled_path
from extract.mentions.trigger_words import OBJECTS, Tree
from extract.records import Status

NEGATIONS = frozenset(
    {"not", "n't", "n’t", "never", "no", "neither", "nor", "without", "cannot", "nobody", "none"}
)
SUBORDINATE = frozenset({"xcomp", "ccomp", "advcl", "acl", "csubj", "csubj:pass"})
ARGUMENTS = OBJECTS | frozenset(
    {"nsubj", "obl", "nmod", "nmod:poss", "obl:agent", "compound", "conj", "appos"}
)
MAXIMUM_STEPS = 6


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status and the token that decided it, None where the plain tense did."""

    status: Status
    token: int | None = None


class StatusWords:
    """The words that decide a status, by the way they do it (`status_words.txt`)."""

    def __init__(self) -> None:
        self._groups: dict[str, frozenset[str]] = {}
        text = bundled_path("status_words.txt").read_text(encoding="utf-8")
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                name, _, words = line.partition(": ")
                self._groups[name] = frozenset(word.strip() for word in words.split(","))

    def __getitem__(self, name: str) -> frozenset[str]:
        return self._groups[name]


def judge_status(
    index: int, tree: Tree, words: StatusWords, *, event_type: str | None = None
) -> Judgement:
    """Return the status of the event that the token at `index` tells.

    `event_type` matters for two types: a threat has the status threatened, and a refusal told
    by "will not lift the ban" has happened although its verb is negated.

    The first deciding word on the way from the trigger to the root wins, but a denial or an
    "if" further up turns a plain occurrence. Historical is only said where a word says so
    ("in the decades-old war"); the years before publication are the linker's to compare.
    """
    token = index
    inner: Judgement | None = None
    for step in range(MAXIMUM_STEPS):
        own = _own_words(
            token, tree, words, nominal=step == 0 and tree.tags[index].startswith("NN")
        )
        if own is not None and inner is None:
            return own
        upper = tree.heads[token]
        if upper == token:
            break
        relation = tree.dependencies[token].split(":relcl")[0]
        governed = _governed(token, upper, relation, tree, words)
        if governed is not None:
            return governed
        if (
            relation in ("parataxis", "acl:relcl", "relcl")
            or tree.dependencies[token] == "acl:relcl"
        ):
            break
        if relation in ("advcl",) and step > 0:
            break
        if relation == "conj" and not _shares_tense(token, upper, tree):
            break
        if relation in (
            "nsubj",
            "nsubj:pass",
            "obj",
            "obl",
            "nmod",
            "conj",
            "xcomp",
            "compound",
            "advcl",
            "acl",
        ):
            if relation in ("nmod", "obl", "advcl", "acl") and not _reaches_through(
                token, upper, relation, tree, words
            ):
                break
        elif relation == "ccomp":
            # "said troops had attacked": what is said stands in its own tense.
            break
        else:
            break
        token = upper
    return _plain(index, tree, words)


def _own_words(token: int, tree: Tree, words: StatusWords, *, nominal: bool) -> Judgement | None:
    """Judge by the auxiliaries, negations, adverbs and adjectives that hang on one token."""
    progressive = False
    negated = [c for c in tree.children[token] if tree.lower[c] in NEGATIONS]
    for child in negated + [c for c in tree.children[token] if c not in negated]:
        lower, relation = tree.lower[child], tree.dependencies[child]
        if lower in NEGATIONS and relation in (
            "advmod",
            "det",
            "neg",
            "cc",
            "cc:preconj",
            "case",
            "advmod:neg",
        ):
            if lower == "no" and relation == "advmod":
                continue
            # "not only", "no later than" deny nothing.
            following = tree.lower[child + 1] if child + 1 < len(tree.lower) else ""
            if (
                following in ("only", "just", "later", "longer", "least", "yet")
                and following != "longer"
            ):
                if following == "yet":
                    return Judgement(Status.DENIED, child)
                continue
            return Judgement(Status.DENIED, child)
        if relation in ("aux", "aux:pass") or tree.tags[child] == "MD":
            if lower in ("would", "'d", "’d") and not _conditioned(token, tree, words):
                return Judgement(Status.PLANNED, child)  # "said it would withdraw"
            if lower in words["will"]:
                return Judgement(Status.PLANNED, child)
            if lower in words["could"]:
                return Judgement(Status.HYPOTHETICAL, child)
            if lower in ("is", "are", "'s", "’s", "am", "re", "'re") and tree.tags[token] == "VBG":
                progressive = True
            if lower == "be" and tree.tags[token] == "VBG":
                progressive = True
            if lower in ("been",) and tree.tags[token] == "VBG":
                progressive = True
        if relation == "mark" and lower in words["if"]:
            return Judgement(Status.HYPOTHETICAL, child)
        if (
            relation in ("amod", "advmod", "compound")
            and tree.lemmas[child] in words["planned_adjectives"]
        ):
            return Judgement(Status.PLANNED, child)
        if relation in ("amod", "advmod", "compound") and lower in words["planned_adjectives"]:
            return Judgement(Status.PLANNED, child)
        if relation in ("amod", "advmod") and lower in words["hypothetical_adjectives"]:
            return Judgement(Status.HYPOTHETICAL, child)
        if relation in ("amod", "advmod") and lower in words["ongoing_adjectives"]:
            return Judgement(Status.ONGOING, child)
        if relation in ("amod", "compound") and lower in words["historical_adjectives"]:
            return Judgement(Status.HISTORICAL, child)
        if relation == "case" and lower in ("amid", "despite", "without") and nominal:
            if lower == "without":
                return Judgement(Status.DENIED, child)
    if progressive:
        following = tree.lower[token + 1 : token + 2]
        if tree.lemmas[token] == "go" and following == ["to"]:
            return Judgement(Status.PLANNED, token)
        return Judgement(Status.ONGOING, token)
    return None


def _conditioned(token: int, tree: Tree, words: StatusWords) -> bool:
    """Say whether an "if" clause hangs on a verb, or it stands under "under the plan"."""
    for child in tree.children[token]:
        lower = [tree.lower[c] for c in tree.children[child]]
        if tree.dependencies[child] == "advcl" and any(word in words["if"] for word in lower):
            return True
        if tree.dependencies[child] == "obl" and "under" in lower:
            return True
        if tree.dependencies[child] in ("nsubj", "nsubj:pass") and tree.lemmas[child] in words["papers"]:
            return True
    return False


def _governed(
    token: int, upper: int, relation: str, tree: Tree, words: StatusWords
) -> Judgement | None:
    """Judge by the word one step above and how the token hangs on it."""
    lemma = tree.lemmas[upper]
    marks = {
        tree.lower[c] for c in tree.children[token] if tree.dependencies[c] in ("mark", "case")
    }
    infinitive = "to" in marks and relation in ("xcomp", "advcl", "acl", "ccomp", "csubj")
    negated = any(tree.lower[c] in NEGATIONS for c in tree.children[upper])
    if relation in ("xcomp", "ccomp", "advcl", "acl", "csubj") or relation in ARGUMENTS:
        if lemma in words["denying"] and relation in (
            "ccomp",
            "xcomp",
            "obj",
            "nsubj:pass",
            "obl",
            "acl",
            "advcl",
        ):
            if relation in ("obl", "advcl") and not marks & {"from", "of", "to"}:
                return None
            if (
                lemma in words["failing"]
                and relation in ("obj", "nsubj:pass")
                and lemma not in words["averting"]
            ):
                return None
            return Judgement(Status.DENIED, upper)
        if infinitive and lemma in words["threatening"]:
            return Judgement(Status.THREATENED, upper)
        if (
            relation in ("obl", "nmod", "ccomp")
            and lemma in words["threatening"]
            and marks & {"of", "with", "that"}
        ):
            return Judgement(Status.THREATENED, upper)
        if infinitive and lemma in words["planning"]:
            return Judgement(Status.DENIED if negated else Status.PLANNED, upper)
        if relation in ("obj", "nsubj:pass", "nmod", "obl") and lemma in words["planning_nouns"]:
            if relation in ("nmod", "obl") and not marks & {"for", "of", "to", "on"}:
                return None
            return Judgement(Status.PLANNED, upper)
        if (
            relation in ("obj", "nsubj:pass", "ccomp", "obl", "xcomp", "nmod", "acl", "advcl")
            and lemma in words["wishing"]
        ):
            if relation in ("nmod", "obl") and not marks & {
                "of",
                "for",
                "to",
                "about",
                "on",
                "over",
                "that",
                "by",
            }:
                return None
            if relation == "advcl" and not infinitive:
                return None
            return Judgement(Status.HYPOTHETICAL, upper)
        if (
            relation in ("nmod", "obl")
            and lemma in words["fearing"]
            and marks & {"of", "about", "for", "over"}
        ):
            return Judgement(Status.HYPOTHETICAL, upper)
        if relation in ("ccomp", "acl") and lemma in words["fearing"]:
            return Judgement(Status.HYPOTHETICAL, upper)
        if relation in ("xcomp", "obj", "nsubj", "ccomp") and lemma in words["continuing"]:
            return _raised(upper, tree, words) or Judgement(Status.ONGOING, upper)
    if relation in ("nsubj", "obl") and lemma in ("way", "place"):
        return None
    return None


def _raised(token: int, tree: Tree, words: StatusWords) -> Judgement | None:
    """Judge a continuing verb by its own auxiliaries and governor: "will continue to shell"."""
    own = _own_words(token, tree, words, nominal=False)
    if own is not None and own.status is not Status.ONGOING:
        return own
    upper = tree.heads[token]
    if upper != token:
        return _governed(token, upper, tree.dependencies[token], tree, words)
    return None


def _shares_tense(token: int, upper: int, tree: Tree) -> bool:
    """Say whether a conjunct has no tense of its own and so shares that of the first."""
    if tree.tags[token].startswith("NN"):
        return True
    own = any(tree.dependencies[c] in ("aux", "mark") for c in tree.children[token])
    return (
        not own
        and tree.tags[token] in ("VB", "VBG", "VBN")
        and tree.tags[token] == tree.tags[upper]
    )


def _reaches_through(token: int, upper: int, relation: str, tree: Tree, words: StatusWords) -> bool:
    """Say whether the governor's own modality also covers this dependent.

    A light verb lends its tense to what hangs on it by a preposition ("will take part in
    talks"); a time or reason clause does not ("will meet after the attack").
    """
    marks = {
        tree.lower[c] for c in tree.children[token] if tree.dependencies[c] in ("mark", "case")
    }
    if relation in ("acl",):
        return "to" in marks
    if relation == "advcl":
        return tree.tags[token] == "VBG" or "to" in marks
    return bool(marks & {"in", "to", "of", "for"}) and tree.lemmas[upper] in words["light"]


def _plain(index: int, tree: Tree, words: StatusWords) -> Judgement:
    """Judge a trigger on which nothing else bears: by its form alone."""
    dependency = tree.dependencies[index]
    marks = [
        c
        for c in tree.children[index]
        if tree.lower[c] == "to" and tree.dependencies[c] in ("mark", "aux", "case")
    ]
    if not tree.tags[index].startswith("NN"):
        if marks and dependency in ("ROOT", "root"):
            return Judgement(Status.PLANNED, marks[0])  # headline: "Iran to hold drills"
    else:
        upper = tree.heads[index]
        to = [
            c
            for c in tree.children[upper]
            if tree.lower[c] == "to" and tree.dependencies[c] == "mark"
        ]
        if to and tree.heads[upper] == upper and dependency in OBJECTS:
            return Judgement(Status.PLANNED, to[0])
        below = {tree.lower[c]: c for c in tree.children[index]}
        for word in words["ongoing_adjectives"]:
            if word in below:
                return Judgement(Status.ONGOING, below[word])
    return Judgement(Status.OCCURRED)
