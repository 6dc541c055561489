"""One sentence as the attachment model sees it: its names, its triggers, and the ways between.

`Scene.describe` gives the features of a trigger and a name. They tell how the name hangs on the
trigger in the tree (labels, clause boundaries, the verb that governs it), how it is introduced,
what stands around it, and what competes: other names and other triggers of the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from spacy.tokens import Token

from extract.language import Sentence
from extract.linking.attachment import head_of, tokens_of
from extract.linking.names import Name, find_names
from extract.mentions.triggers.words import Tree
from extract.records import ActorMention, Precision, ResolvedToponym, Span
from extract.syntax import CLAUSES, OBJECTS, SUBJECTS

# From the most to the least telling.
FINENESS = {
    Precision.POINT: 0, Precision.TOWN: 1, Precision.DISTRICT: 2, Precision.SEA: 3,
    Precision.PROVINCE: 3, Precision.REGION: 4, Precision.COUNTRY: 5,
}  # fmt: skip
REPORTING_VERBS = frozenset("say tell report announce claim add state".split())
NEGATIONS = frozenset({"not", "n't", "never", "no"})
# The names this near, in tokens, count as neighbours whose separating words are a feature.
NEIGHBOURLY = 5
NEAR_OPENING = 3
# So few words between trigger and name are a feature as they stand.
CLOSE = 4

Way = tuple[list[int], list[int]]


class Scene:
    """A parsed sentence with its names and triggers, described pair by pair.

    `triggers` are the article's spans of the triggers of this sentence; toponyms, actors and time
    expressions may be those of the whole article.
    """

    def __init__(
        self,
        sentence: Sentence,
        *,
        triggers: Iterable[Span],
        resolved: Iterable[ResolvedToponym],
        actors: Iterable[ActorMention],
        times: Iterable[Span],
    ) -> None:
        self.sentence = sentence
        self.names = find_names(sentence, resolved, actors, times)
        self._triggers = [
            (span, head_of(words).i) for span in triggers if (words := tokens_of(sentence, span))
        ]
        self._own: dict[Span, set[str]] = {}

    def describe(self, trigger: Span, name: Name) -> set[str]:
        """Return the features of a trigger and one of the scene's names; {} without a trigger."""
        verb = self._find_head(trigger)
        if verb is None:
            return set()
        if name.span not in self._own:
            self._own[name.span] = self._describe_name(name)
        features = set(self._own[name.span])
        features |= self._describe_tree(verb, name)
        features |= self._describe_verb(verb, name)
        features |= self._describe_clause(verb, name)
        features |= self._describe_order(trigger, verb, name)
        features |= self._describe_names(verb, name)
        return features

    def _find_head(self, trigger: Span) -> int | None:
        for span, head in self._triggers:
            if span == trigger:
                return head
        words = tokens_of(self.sentence, trigger)
        return head_of(words).i if words else None

    @cached_property
    def _tree(self) -> Tree:
        return Tree(self.sentence.tokens)

    @cached_property
    def _words(self) -> list[str]:
        return self._tree.lower

    @cached_property
    def _labels(self) -> list[str]:
        return self._tree.dependencies

    @cached_property
    def _lemmas(self) -> list[str]:
        return self._tree.lemmas

    @cached_property
    def _verbs(self) -> list[bool]:
        tokens = self.sentence.tokens
        verb = tokens.vocab.strings["VERB"]
        return [tag == verb for tag in tokens.to_array("POS").tolist()]

    @cached_property
    def _heads(self) -> list[int]:
        return self._tree.heads

    @cached_property
    def _paths(self) -> dict[int, list[int]]:
        return {}

    @cached_property
    def _ways(self) -> dict[tuple[int, int], Way]:
        return {}

    @cached_property
    def _clauses(self) -> dict[int, tuple[str, str, bool]]:
        return {}

    @cached_property
    def _reports(self) -> bool:
        return any(
            verb and lemma in REPORTING_VERBS
            for verb, lemma in zip(self._verbs, self._lemmas, strict=True)
        )

    def _path_up(self, index: int) -> list[int]:
        if index not in self._paths:
            path = [index]
            while self._heads[path[-1]] != path[-1]:
                path.append(self._heads[path[-1]])
            self._paths[index] = path
        return self._paths[index]

    def _way(self, origin: int, target: int) -> Way:
        """Return both halves of the way through the lowest common governor, that left out."""
        key = (origin, target)
        if key not in self._ways:
            ups, downs = list(self._path_up(origin)), list(self._path_up(target))
            while ups and downs and ups[-1] == downs[-1]:
                ups.pop()
                downs.pop()
            self._ways[key] = (ups, downs)
        return self._ways[key]

    def _length(self, origin: int, target: int) -> int:
        ups, downs = self._way(origin, target)
        return len(ups) + len(downs)

    def _describe_name(self, name: Name) -> set[str]:
        """Return what holds of a name whatever the trigger: its kind, words and neighbours."""
        words, kind = self._words, name.kind
        first, last = name.tokens[0].i, name.tokens[-1].i
        before = words[first - 1] if first else "^"
        after = words[last + 1] if last + 1 < len(words) else "$"
        next_tag = self.sentence.tokens[last + 1].tag_ if last + 1 < len(words) else "$"
        features = {
            "bias",
            f"preposition={name.preposition}",
            f"label={name.outer.dep_}",
            f"label={name.outer.dep_}|preposition={name.preposition}",
            f"kind={kind}",
            f"kind={kind}|preposition={name.preposition}",
            f"precision={_precision(name)}",
            f"precision={_precision(name)}|label={name.outer.dep_}",
            f"shape={_shape(name)}|{kind}",
            f"first={words[first]}|{kind}",
            f"last={words[last]}|{kind}",
            f"before={before}",
            f"after={after}",
            f"after_tag={next_tag}",
        }
        inner = self._inner_path(name)
        features |= {
            f"inner={inner}",
            f"inner={inner}|{kind}",
            f"inner={inner}|preposition={name.preposition}",
            f"inner={inner}|after={after}",
        }
        if first > 1:
            features.add(f"before={words[first - 2]} {before}")
        if first < NEAR_OPENING:
            features.add("opens")
        if first <= NEAR_OPENING:
            features.add(f"opens|{name.preposition}")
        features.add(f"name={' '.join(words[first : last + 1])}")
        if name.outer.head.i != name.outer.i:
            governor = self._lemmas[name.outer.head.i]
            features |= {f"governor={governor}", f"governor={governor}|{name.preposition}"}
        if name.outer.i != name.head.i:
            noun = self._lemmas[name.outer.i]
            features |= {f"within={noun}", f"within={noun}|{name.preposition}"}
        if name.head.dep_ in SUBJECTS:
            features.add("subject")
        if name.resolved is not None:
            features.add(f"recognised={int(name.resolved.toponym.probability * 5)}")
            if name.resolved.toponym.acts:
                features.add("acts")
        if name.actor is not None:
            same = name.actor.span == name.span
            features.add(f"actor|sector={name.actor.sector}|same={same}|{kind}")
            features.add(f"actor|preposition={name.preposition}")
        return features

    def _inner_path(self, name: Name) -> str:
        """Return the labels from the name's own head to its place phrase, with that noun."""
        if name.head.i == name.outer.i:
            return ""
        path = self._path_up(name.head.i)
        ups = path[: path.index(name.outer.i)] if name.outer.i in path else path
        return ">".join(self._labels[i] for i in ups[:3])

    def _describe_tree(self, verb: int, name: Name) -> set[str]:
        """Return how the name hangs on the trigger."""
        outer, labels = name.outer.i, self._labels
        ups, downs = self._way(outer, verb)
        up, down = [labels[i] for i in ups], [labels[i] for i in downs]
        clauses = sum(label in CLAUSES for label in (*up, *down))
        path = ">".join(up[:4]) + "<" + ">".join(down[-4:])
        features = {
            "up=" + ">".join(up[:3]),
            "down=" + ">".join(down[-3:]),
            f"way={len(up)}-{min(len(down), 4)}",
            f"clauses={min(clauses, 3)}",
            f"path={path}",
            f"path={path}|{name.preposition}",
            "above=" + ">".join(self._lemmas[i] for i in ups[1:3]),
            f"verb_tag={self.sentence.tokens[verb].tag_}|up={'>'.join(up[:2])}",
        }
        if self._heads[outer] == verb and outer != verb:
            features.add(f"direct|{labels[outer]}|{name.preposition}")
        return features

    def _governor(self, name: Name) -> int:
        """Return the nearest verb above a name, or -1."""
        return next((i for i in self._path_up(name.outer.i)[1:] if self._verbs[i]), -1)

    def _relation(self, verb: int, name: Name) -> str:
        """Return where the verb that governs a name stands to the trigger."""
        governor = self._governor(name)
        if governor == -1:
            return "none"
        if governor == verb:
            return "own"
        ups, downs = self._way(governor, verb)
        return "up" if not downs else "side" if ups else "down"

    def _describe_verb(self, verb: int, name: Name) -> set[str]:
        """Return what the trigger's word and the verb that governs the name say."""
        lemma, kind = self._lemmas[verb], name.kind
        after = name.tokens[0].i > verb
        governor, relation = self._governor(name), self._relation(verb, name)
        features: set[str] = set()
        if relation not in ("none", "own"):
            ups, downs = self._way(governor, verb)
            way = ">".join(self._labels[i] for i in ups[:2])
            way += "<" + ">".join(self._labels[i] for i in downs[-2:])
            features.add(f"governing={way}")
            features.add(f"governing_verb={self._lemmas[governor]}|{relation}")
        features |= {
            f"verb={lemma}|label={name.outer.dep_}",
            f"verb={lemma}|preposition={name.preposition}|{relation}",
            f"verb={lemma}|{kind}",
            f"verb={lemma}|after={after}|{relation}",
            f"governs={relation}|{name.preposition}",
            f"governs={relation}|after={after}",
            f"reports={self._reports}|{relation}",
        }
        return features

    def _describe_clause(self, verb: int, name: Name) -> set[str]:
        """Return what the trigger's own clause says: its form, its object, the words between."""
        form, thing, subject = self._clause(verb)
        relation = self._relation(verb, name)
        first = name.tokens[0].i
        features = {
            f"form={form}",
            f"form={form}|{relation}",
            f"object={bool(thing)}|{relation}|{name.preposition}",
            f"subject={subject}|{relation}",
            f"verb={self._lemmas[verb]}|object={thing}",
            f"precision={_precision(name)}|{name.preposition}|{relation}",
        }
        start, end = (verb + 1, first) if first > verb else (name.tokens[-1].i + 1, verb)
        if end - start <= CLOSE:
            features.add(f"between={' '.join(self._words[start:end])}|after={first > verb}")
        return features

    def _clause(self, verb: int) -> tuple[str, str, bool]:
        """Return the form of a trigger's verb, the lemma of its object, and if it has a subject."""
        if verb not in self._clauses:
            helpers, negated, subject, thing = [], False, False, ""
            for child in self.sentence.tokens[verb].children:
                if child.dep_ in ("aux", "aux:pass", "auxpass"):
                    helpers.append(self._lemmas[child.i])
                elif child.dep_ in OBJECTS:
                    thing = thing or self._lemmas[child.i]
                subject = subject or child.dep_ in SUBJECTS
                negated = negated or self._words[child.i] in NEGATIONS
            tag = self.sentence.tokens[verb].tag_
            self._clauses[verb] = (f"{tag}|{'+'.join(sorted(helpers))}|{negated}", thing, subject)
        return self._clauses[verb]

    def _describe_order(self, trigger: Span, verb: int, name: Name) -> set[str]:
        """Return order and distance, and what other triggers stand nearer."""
        first, kind = name.tokens[0].i, name.kind
        after, distance = first > verb, abs(first - verb)
        low, high = sorted((verb, first))
        between = range(low + 1, high)
        verbs = sum(self._verbs[i] for i in between)
        commas = sum(self._words[i] in (",", ";", ":") for i in between)
        others = [head for span, head in self._triggers if not span.overlaps(trigger)]
        own = self._length(name.outer.i, verb)
        nearer = sum(self._length(name.outer.i, head) < own for head in others)
        amid = sum(low < head < high for head in others)
        return {
            f"preposition={name.preposition}|after={after}",
            f"kind={kind}|label={name.outer.dep_}|after={after}",
            f"after={after}|distance={_bucket(distance, (1, 2, 4, 7, 11, 17))}",
            f"after={after}|distance={_bucket(distance, (1, 2, 3, 5, 8, 12, 18, 28))}|{kind}",
            f"verbs_between={min(verbs, 3)}",
            f"commas={min(commas, 3)}|after={after}",
            f"triggers={min(len(others), 3)}",
            f"triggers_nearer={min(nearer, 2)}|{kind}",
            f"triggers_nearer={min(nearer, 2)}|{self._relation(verb, name)}",
            f"triggers_between={min(amid, 2)}|after={after}",
        }

    def _describe_names(self, verb: int, name: Name) -> set[str]:
        """Return how the name stands among the others: order, nearness, containment."""
        first, last, kind = name.tokens[0].i, name.tokens[-1].i, name.kind
        after = first > verb
        own = self._length(name.outer.i, verb)
        features: set[str] = set()
        rivals = [other for other in self.names if other.resolved and other is not name]
        nearer = amid = 0
        above = set(self._path_up(name.outer.i)[1:])
        for other in self.names:
            if other is name:
                continue
            start, end = other.tokens[0].i, other.tokens[-1].i
            sort = "name" if other.resolved is None else "toponym"
            if 0 < start - last <= NEIGHBOURLY:
                features.add(f"gap_after={' '.join(self._words[last + 1 : start])}|{sort}")
            if 0 < first - end <= NEIGHBOURLY:
                features.add(f"gap_before={' '.join(self._words[end + 1 : first])}|{sort}")
            if other.resolved is None:
                continue
            nearer += self._length(other.outer.i, verb) < own
            if other.outer.i == name.outer.i:
                features.add(f"twin={self._inner_path(name)}|{self._inner_path(other)}")
            amid += verb < start < first if after else first < start < verb
            if end < first and not above.isdisjoint(range(start, end + 1)):
                features.add("inside_phrase_of_name")
        features |= {
            f"rivals={min(len(rivals), 4)}",
            f"nearer={min(nearer, 3)}|{kind}",
            f"names_between={min(amid, 3)}|after={after}",
        }
        mine = _fineness(name)
        if mine is not None:
            theirs = [fine for other in rivals if (fine := _fineness(other)) is not None]
            finer, coarser = any(x < mine for x in theirs), any(x > mine for x in theirs)
            features.add(f"finer={finer}|coarser={coarser}|{_precision(name)}")
            within = [
                fine
                for other in rivals
                if (fine := _fineness(other)) is not None and _country(other) == _country(name)
            ]
            finer, coarser = any(x < mine for x in within), any(x > mine for x in within)
            features.add(f"nested|finer={finer}|coarser={coarser}|{name.preposition}")
        return features


def _fineness(name: Name) -> int | None:
    place = name.resolved.place if name.resolved else None
    return FINENESS[place.precision] if place else None


def _country(name: Name) -> str | None:
    place = name.resolved.place if name.resolved else None
    return place.country if place else None


def _precision(name: Name) -> str:
    place = name.resolved.place if name.resolved else None
    return place.precision.value if place else name.kind


def _shape(name: Name) -> str:
    """Return how a name is written: in capitals, with an Arabic article, or of so many words."""
    words: Sequence[Token] = name.tokens
    if all(token.text.isupper() or not token.is_alpha for token in words):
        return "capitals"
    if words[0].lower_ in ("al", "el", "ad", "as", "ash") or words[0].lower_.startswith("al-"):
        return "article"
    return str(min(len(words), 3))


def _bucket(distance: int, limits: Sequence[int]) -> str:
    for limit in limits:
        if distance <= limit:
            return str(limit)
    return "far"
