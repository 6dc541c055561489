"""Whether an event happened: read from the words around its trigger.

The verb's own tense and auxiliaries speak first ("will meet", "did not attack"), then what
governs it, step by step up the tree ("denied that", "plans to", "fears of", "agreed to
hold"), each step only as far as it reaches: what was said to have happened has happened as
far as the article knows. The words are listed in `data/bundled/status_words.txt`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.bundled import bundled_path
from extract.mentions.triggers.words import OBJECTS, Tree
from extract.records import Status

NEGATIONS = frozenset(
    {"not", "n't", "n’t", "never", "no", "neither", "nor", "without", "cannot", "nobody", "none"}
)
NEGATING = frozenset({"advmod", "det", "neg", "cc", "cc:preconj", "case", "advmod:neg"})
# After these words "not" and "no" deny nothing: "not only", "no later than".
NOBODY = frozenset({"nobody", "none", "nothing"})
NOT_DENIED = frozenset({"only", "just", "later", "least"})
BE_FORMS = frozenset({"is", "are", "'s", "’s", "am", "'re", "’re", "be", "been", "was", "were"})
DECADE = re.compile(r"\d{3}0s$")
MAXIMUM_STEPS = 6
# Types of words that, as a participle beside what is said, are said along with it.
UTTERED = frozenset({"ACCUSE", "REJECT", "REQUEST"})
LETTING = frozenset({"allow", "let", "permit"})

# By these relations a clause or a noun shares the modality of what it hangs on.
RISING = frozenset(
    {"nsubj", "nsubj:pass", "obj", "obl", "nmod", "conj", "xcomp", "compound", "advcl", "acl"}
)
LOOSE = frozenset({"obl", "nmod", "advcl", "acl"})
VERBAL = frozenset({"xcomp", "ccomp", "advcl", "acl", "csubj"})
NOMINAL = OBJECTS | frozenset(
    {"nsubj", "obl", "nmod", "nmod:poss", "obl:agent", "compound", "conj", "appos"}
)


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

    The first deciding word on the way from the trigger up to the root wins. Historical is only
    said where a word says so ("in the 1980s", "twelve years ago"); years before publication
    are the linker's to compare.

    `event_type` matters for some types: a threat has the status threatened; a refusal told by
    "will not lift the ban" has happened although its verb is negated; so has a request told by
    "must", and a bar told by "let nobody out"; what breaks a tie does so at once, though told as
    "is leaving the bloc".
    """
    judgement = _judge(index, tree, words)
    if event_type in UTTERED and judgement.status in (Status.PLANNED, Status.HYPOTHETICAL):
        # "said that it would end, blaming the rebels": the blame is laid already.
        own = judgement.token in tree.children[index]
        if tree.dependencies[index] == "advcl" and tree.tags[index] == "VBG" and not own:
            return Judgement(Status.OCCURRED)
    if event_type == "REJECT" and judgement.status in (Status.DENIED, Status.PLANNED):
        if any(tree.lower[child] in NEGATIONS | NOBODY for child in tree.children[index]):
            return Judgement(Status.OCCURRED)
    elif event_type == "COERCE" and tree.lemmas[index] in LETTING:
        # "allow no lorry through": what is not let is the deed.
        if judgement.status is Status.DENIED:
            return Judgement(Status.OCCURRED)
    elif event_type == "SANCTION" and judgement == Judgement(Status.ONGOING, index):
        return Judgement(Status.OCCURRED)  # "announced that they were leaving the bloc"
    elif event_type == "THREATEN" and judgement.status is not Status.DENIED:
        return Judgement(Status.THREATENED, index)
    elif event_type == "REQUEST" and tree.tags[index] == "MD":
        return Judgement(Status.OCCURRED)
    elif event_type == "PROTEST" and tree.lemmas[index] == "call":
        # "called a strike": for a day to come.
        occurred = judgement.status is Status.OCCURRED
        return Judgement(Status.PLANNED, index) if occurred else judgement
    return judgement


def _judge(index: int, tree: Tree, words: StatusWords) -> Judgement:
    token = index
    if tree.lemmas[index] in words["scheduling"]:
        return Judgement(Status.PLANNED, index)  # "exercises have been scheduled"
    for step in range(MAXIMUM_STEPS):
        own = _own_words(token, tree, words)
        if own is not None:
            return own
        upper = tree.heads[token]
        if upper == token:
            break
        relation = tree.dependencies[token]
        governed = _governed(token, upper, relation, tree, words)
        if governed is not None:
            return governed
        # What is said ("ccomp") stands in its own tense, and so does a relative clause.
        if relation not in RISING or (relation == "advcl" and step > 0):
            break
        if relation in OBJECTS and tree.lemmas[upper] in words["factive"]:
            break  # what is condemned or looked into has happened, whenever that is done
        if relation == "conj" and not _shares_tense(token, upper, tree):
            break
        if relation in LOOSE and not _reaches_through(token, upper, relation, tree, words):
            break
        token = upper
    return _plain(index, tree, words)


def _own_words(token: int, tree: Tree, words: StatusWords) -> Judgement | None:
    """Judge by the auxiliaries, negations, adverbs and adjectives that hang on one token."""
    progressive = False
    children = tree.children[token]
    infinitive = any(tree.lower[c] == "to" and tree.dependencies[c] == "mark" for c in children)
    for child in children:
        if tree.lower[child] in NEGATIONS and tree.dependencies[child] in NEGATING:
            following = tree.lower[child + 1] if child + 1 < len(tree.lower) else ""
            adverb = tree.lower[child] == "no" and tree.dependencies[child] == "advmod"
            if following not in NOT_DENIED and not adverb:
                return Judgement(Status.DENIED, child)
        elif tree.dependencies[child] in OBJECTS | {"nsubj"} and not tree.tags[token].startswith(
            "N"
        ):
            inner = [c for c in tree.children[child] if tree.dependencies[c] == "det"]
            if tree.lower[child] in NOBODY or any(tree.lower[c] == "no" for c in inner):
                return Judgement(Status.DENIED, next(iter(inner), child))  # "no shots were fired"
    perfect = False
    for child in children:
        lower, relation = tree.lower[child], tree.dependencies[child]
        if relation in ("aux", "aux:pass", "cop") or tree.tags[child] == "MD":
            if lower in words["would"] and not _conditioned(token, tree, words):
                return Judgement(Status.PLANNED, child)  # "said it would withdraw"
            if lower in words["will"]:
                return Judgement(Status.PLANNED, child)
            if lower in words["could"] or lower in words["would"]:
                return Judgement(Status.HYPOTHETICAL, child)
            if infinitive and lower in ("is", "are"):
                return Judgement(Status.PLANNED, child)  # "is to visit"
            perfect |= lower in ("has", "have") and tree.lemmas[token] in words["durative"]
            progressive |= lower in BE_FORMS and tree.tags[token] == "VBG"
        elif perfect and "since" in (lower, *(tree.lower[c] for c in tree.children[child])):
            return Judgement(Status.ONGOING, child)  # "have fought since April"
        elif relation == "mark" and lower in words["if"]:
            return Judgement(Status.HYPOTHETICAL, child)
        elif relation in ("amod", "advmod", "compound"):
            described = _described(child, tree, words)
            if described is not None:
                return Judgement(described, child)
        elif relation in ("obl", "obl:unmarked", "nmod", "nmod:unmarked") and (
            DECADE.match(lower) or _long_ago(child, tree)
        ):
            return Judgement(Status.HISTORICAL, child)
    if progressive:
        planned = tree.lemmas[token] == "go" and tree.lower[token + 1 : token + 2] == ["to"]
        return Judgement(Status.PLANNED if planned else Status.ONGOING, token)
    return None


def _described(child: int, tree: Tree, words: StatusWords) -> Status | None:
    """Return the status that an adjective or adverb gives: planned, possible, ongoing talks."""
    forms = {tree.lower[child], tree.lemmas[child]}
    if tree.lower[child] == "ago":
        return Status.HISTORICAL if _long_ago(child, tree) else None
    for name, status in (
        ("planned_adjectives", Status.PLANNED),
        ("hypothetical_adjectives", Status.HYPOTHETICAL),
        ("ongoing_adjectives", Status.ONGOING),
        ("historical_adjectives", Status.HISTORICAL),
    ):
        if not forms.isdisjoint(words[name]):
            return status
    return None


def _long_ago(child: int, tree: Tree) -> bool:
    """Say whether a token stands for "twelve years ago", "decades ago"."""
    around = {child, *tree.children[child]}
    lemmas = {tree.lemmas[token] for token in around}
    return "ago" in lemmas and not lemmas.isdisjoint({"year", "decade", "century"})


def _conditioned(token: int, tree: Tree, words: StatusWords) -> bool:
    """Say whether "would" depends on an "if" clause, or tells what a plan would do."""
    for child in tree.children[token]:
        relation = tree.dependencies[child]
        below = [tree.lower[c] for c in tree.children[child]]
        if relation == "advcl" and any(word in words["if"] for word in below):
            return True
        if relation == "obl" and "under" in below:
            return True
        if relation in ("nsubj", "nsubj:pass") and tree.lemmas[child] in words["papers"]:
            return True
    return False


def _governed(
    token: int, upper: int, relation: str, tree: Tree, words: StatusWords
) -> Judgement | None:
    """Judge by the word one step above and by how the token hangs on it."""
    if relation not in VERBAL and relation not in NOMINAL:
        return None
    lemma = tree.lemmas[upper]
    marks = {
        tree.lower[c] for c in tree.children[token] if tree.dependencies[c] in ("mark", "case")
    }
    if relation == "advcl" and token == upper + 1 and tree.tags[token] == "VBG":
        relation = "xcomp"  # "denied targeting civilians"
    if _in_case_of(token, tree):
        return Judgement(Status.HYPOTHETICAL, token)
    infinitive = "to" in marks and relation in VERBAL
    named = bool(marks & {"of", "to", "for", "on"}) and relation in ("acl", "nmod")
    negated = any(tree.lower[c] in NEGATIONS for c in tree.children[upper])
    status: Status | None = None
    if infinitive and relation == "advcl" and _brings_about_plan(upper, tree, words):
        return Judgement(Status.PLANNED, upper)
    if lemma in words["denying"] and _denies(lemma, relation, marks, words):
        status = Status.DENIED
    elif lemma in words["threatening"] and (
        infinitive or (relation in ("obl", "nmod", "ccomp") and marks & {"of", "with", "that"})
    ):
        status = Status.THREATENED
    elif _plans(lemma, relation, words, infinitive=infinitive, named=named) and not (
        # "set fire to the plant to protest" sets no date.
        lemma == "set" and tree.under(upper, ("obj",))
    ):
        dropped = tree.lemmas[tree.heads[upper]] in words["averting"]  # "scrapped a plan to"
        nominal = tree.dependencies[upper] in OBJECTS
        status = Status.DENIED if negated or (dropped and nominal) else Status.PLANNED
    elif (
        (lemma in words["wishing"] and _wishes(relation, marks, infinitive=infinitive))
        or (lemma in words["fearing"] and _fears(relation, marks))
        or (relation == "nsubj" and lemma in words["hypothetical_adjectives"])
    ):
        status = Status.HYPOTHETICAL
    elif lemma in words["continuing"] and (
        relation in ("xcomp", "obj", "nsubj", "ccomp") or (relation == "obl" and "under" in marks)
    ):
        return _raised(upper, tree, words) or Judgement(Status.ONGOING, upper)
    return None if status is None else Judgement(status, upper)


def _in_case_of(token: int, tree: Tree) -> bool:
    """Say whether a noun is only reckoned with: "in case of a strike", "in the event of war"."""
    upper = tree.heads[token]
    if tree.lemmas[upper] in ("case", "event") and tree.dependencies[token] == "nmod":
        return any(tree.lower[child] == "in" for child in tree.children[upper])
    return False


def _brings_about_plan(verb: int, tree: Tree, words: StatusWords) -> bool:
    """Say whether a verb is of an agreement: "an agreement reached in May to hold a drill"."""
    around = tree.under(verb, tuple(OBJECTS | {"nsubj:pass"}))
    if tree.dependencies[verb] == "acl":
        around = [*around, tree.heads[verb]]
    return any(tree.lemmas[noun] in words["intentions"] for noun in around)


def _plans(lemma: str, relation: str, words: StatusWords, *, infinitive: bool, named: bool) -> bool:
    """Say whether a word of planning reaches its dependent: "plans to meet", "plans for talks"."""
    if lemma in words["planning"] and (infinitive or (named and lemma in words["intentions"])):
        return True
    if lemma not in words["planning_nouns"]:
        return False
    return relation in ("obj", "nsubj:pass") or (relation == "nmod" and named)


def _fears(relation: str, marks: set[str]) -> bool:
    """Say whether what hangs on a word of fear or risk is only feared."""
    if relation in ("nmod", "obl"):
        return bool(marks & {"of", "about", "for", "over"})
    return relation in ("ccomp", "acl", "obj")


def _denies(lemma: str, relation: str, marks: set[str], words: StatusWords) -> bool:
    """Say whether a verb such as deny, fail or prevent reaches its dependent.

    "refused an offer" leaves the offer made; "prevented an attack" leaves none.
    """
    if relation in ("obl", "advcl"):
        return bool(marks & {"from", "of", "to"})
    if relation in ("obj", "nsubj:pass"):
        return lemma in words["averting"] or lemma not in words["failing"]
    return relation in ("ccomp", "xcomp", "acl")


def _wishes(relation: str, marks: set[str], *, infinitive: bool) -> bool:
    """Say whether what hangs on a verb of asking or wishing is only asked or wished for."""
    if relation in ("nmod", "obl"):
        return bool(marks & {"of", "for", "to", "about", "on", "over", "that", "by"})
    if relation == "advcl":
        return infinitive
    return relation in ("obj", "nsubj:pass", "ccomp", "xcomp", "acl")


def _raised(token: int, tree: Tree, words: StatusWords) -> Judgement | None:
    """Judge a continuing verb by its own auxiliaries and governor: "will continue to shell"."""
    own = _own_words(token, tree, words)
    if own is not None and own.status is not Status.ONGOING:
        return own
    upper = tree.heads[token]
    if upper == token:
        return None
    return _governed(token, upper, tree.dependencies[token], tree, words)


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
    """Say whether the governor's own modality also covers a loosely hung dependent.

    A light verb lends its tense to what hangs on it by a preposition ("will take part in
    talks"); a time or reason clause does not ("will meet after the attack").
    """
    marks = {
        tree.lower[c] for c in tree.children[token] if tree.dependencies[c] in ("mark", "case")
    }
    if relation == "acl":
        return "to" in marks
    if relation == "advcl":
        return tree.tags[token] == "VBG" or "to" in marks
    return bool(marks & {"in", "to", "of", "for"}) and tree.lemmas[upper] in words["light"]


def _plain(index: int, tree: Tree, words: StatusWords) -> Judgement:
    """Judge a trigger on which nothing else bears: planned in "Iran to hold drills"."""
    bearer = index
    if tree.tags[index].startswith("NN") and tree.dependencies[index] in OBJECTS:
        bearer = tree.heads[index]
    if tree.heads[bearer] == bearer and not tree.tags[bearer].startswith("NN"):
        for child in tree.children[bearer]:
            if tree.lower[child] == "to" and tree.dependencies[child] in ("mark", "aux", "case"):
                return Judgement(Status.PLANNED, child)
    return Judgement(Status.OCCURRED)
