"""What a dependency tree says of a word: its subjects, objects, prepositions, the way to another.

Works on spaCy tokens with Universal Dependencies labels (those of the bundled pipeline);
ClearNLP labels of spaCy's own English pipelines ("nsubjpass", "dobj", "pobj", "agent") are
read alike, so that either may be loaded.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass", "nsubjpass"})
PASSIVE_MARKS = frozenset({"nsubj:pass", "aux:pass", "csubj:pass", "nsubjpass", "auxpass"})
OBJECTS = frozenset({"obj", "iobj", "dobj", "dative"})
OBLIQUES = frozenset({"obl", "nmod", "obl:agent", "obl:unmarked", "nmod:unmarked", "pobj", "agent"})
# Where a clause begins: what lies beyond belongs to another statement.
CLAUSES = frozenset(
    {"ccomp", "advcl", "acl:relcl", "relcl", "parataxis", "advcl:relcl", "csubj", "ROOT"}
)
# Verbs that say nothing of what happened; the noun beside them does.
LIGHT_VERBS = frozenset(
    "hold take make give carry conduct launch begin start stage have do be get go come".split()
)
# Words of the same name or noun group as the head they hang on.
NAME_PARTS = frozenset({"compound", "flat", "amod", "nmod:poss", "poss", "fixed", "nmod:desc"})


def find_subjects(token: Token) -> list[Token]:
    """Return the heads of the phrases that are the grammatical subject of a verb, or [].

    Reads through coordination ("X met Y and signed"), infinitives and participles ("X is set to
    sign", "X forced Y to sign": Y), and relative clauses ("X, which signed").
    """
    current = token
    for _ in range(6):
        found = [child for child in current.children if child.dep_ in SUBJECTS]
        if found:
            return [_antecedent(current, subject) for subject in found]
        label, head = current.dep_, current.head
        if head is current:
            return []
        if label in ("acl", "acl:relcl", "relcl"):
            return [head]
        if label == "xcomp":
            controlled = [child for child in head.children if child.dep_ in ("obj", "dobj")]
            if controlled and _is_to_infinitive(current):
                return controlled
        elif label not in ("conj", "advcl", "pcomp", "aux", "cop"):
            return []
        current = head
    return []


def is_passive(token: Token) -> bool:
    """Say whether a verb's subject suffers the deed: a full or a reduced passive."""
    if any(child.dep_ in PASSIVE_MARKS for child in token.children):
        return True
    if token.tag_ != "VBN" or any(child.dep_ == "aux" for child in token.children):
        return False
    if token.dep_ == "acl":
        return True
    if token.dep_ == "conj" and not any(child.dep_ in SUBJECTS for child in token.children):
        return is_passive(token.head)
    return False


def find_objects(token: Token) -> list[Token]:
    """Return the heads of the direct and indirect objects of a verb."""
    return [child for child in token.children if child.dep_ in OBJECTS]


def find_obliques(token: Token, *prepositions: str) -> list[Token]:
    """Return the heads of the phrases hung on a token by one of the prepositions (lower case)."""
    return [
        child
        for child in _phrases(token)
        if any(word in prepositions for word in find_prepositions(child))
    ]


def find_prepositions(token: Token) -> tuple[str, ...]:
    """Return the prepositions that introduce a noun phrase, in order, in lower case."""
    cases = [child.lower_ for child in token.children if child.dep_ == "case"]
    if not cases and token.dep_ == "pobj":
        cases = [token.head.lower_]
    return tuple(cases)


def phrase_head(token: Token) -> Token:
    """Return the noun that a word of a name or a modifier belongs to ("Karabakh" -> "region")."""
    current = token
    while current.dep_ in NAME_PARTS and current.head.i != current.i:
        current = current.head
    return current


def coordinated(token: Token) -> Iterator[Token]:
    """Yield the word and every word joined to it by "and" or "or"."""
    yield token
    for child in token.children:
        if child.dep_ == "conj":
            yield from coordinated(child)


def path_up(token: Token) -> list[Token]:
    """Return the token and its governors up to the root of the sentence."""
    path = [token]
    while path[-1].head.i != path[-1].i:
        path.append(path[-1].head)
    return path


def tree_path(origin: Token, target: Token) -> tuple[list[Token], list[Token]]:
    """Return the two halves of the way between two tokens through their lowest common governor.

    The first goes up from `origin`, the second up from `target`; the common governor is in
    neither. Both are empty when the tokens are one.
    """
    ups, downs = path_up(origin), path_up(target)
    while ups and downs and ups[-1].i == downs[-1].i:
        ups.pop()
        downs.pop()
    return ups, downs


def _phrases(token: Token) -> Iterator[Token]:
    for child in token.children:
        if child.dep_ in OBLIQUES:
            yield child
        elif child.dep_ in ("prep", "agent"):
            yield from (grandchild for grandchild in child.children if grandchild.dep_ == "pobj")


def _antecedent(verb: Token, subject: Token) -> Token:
    """Return what a relative pronoun stands for, and any other subject as it is."""
    relative = subject.lower_ in ("who", "which", "that", "whom") and subject.tag_ in (
        "WDT", "WP", "IN", "DT",
    )  # fmt: skip
    if relative and verb.dep_ in ("acl:relcl", "relcl", "acl"):
        return verb.head
    return subject


def _is_to_infinitive(token: Token) -> bool:
    return any(child.lower_ == "to" for child in token.children if child.i < token.i)
