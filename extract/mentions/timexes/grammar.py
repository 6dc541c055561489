"""Rules over kinds of tokens: a pattern that reads like the words it matches.

A pattern is a regular expression whose letters are tokens. A word in capitals is a class
(MONTH, YEAR, UNIT), a word in lower case is itself, `{NAME}` is a pattern of `MACROS`, and
everything else is the regular expression's own: groups, `|`, `?`, `{0,3}`, `(?P<name>...)`.
White space means nothing.

    {MONTHDAY} (COMMA? (?P<year>YEAR))?      June 12; June 12, 2024
    (?P<which>last|next) (?P<unit>UNIT)      last week

No pattern may repeat without a bound, so that matching stays linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from extract.mentions.timexes.tokens import OTHER, Alphabet, Lexicon, Tokens

NUMBER = (
    "(?:COUNT(?:(?:HYPHEN|and)?COUNT SLASH COUNT)?(?:hundred|thousand|million)?"
    "|(?:a(?=hundred|thousand|million))?CARDINAL(?:(?:HYPHEN|and)?CARDINAL){0,5})"
)
MACROS = {
    "NUMBER": NUMBER,
    "AMOUNT": f"(?:{NUMBER}(?:(?:to|or|HYPHEN|RULE){NUMBER})?|(?:a(?:good|great)?)?couple(?:of)?"
    "|(?:a(?:very)?)?few|(?:a)?dozen|several|many|some|a number of"
    "|dozens of|hundreds of|thousands of|scores of|half(?:a|an)|untold|countless"
    "|OPEN CARDINAL CLOSE)",
    "ORDINALDAY": "(?:ORDINALNUMBER|TENS HYPHEN? ORDINAL|ORDINAL)",
    "DAYNUMBER": "(?:DAY|ORDINALNUMBER|TENS HYPHEN? ORDINAL|ORDINAL)",
    "SPELLEDYEAR": "(?:TEEN(?:hundred)?(?:(?:and)?TENS(?:HYPHEN?CARDINAL)?|TEEN|oh CARDINAL)"
    "|two thousand(?:(?:and)?CARDINAL(?:HYPHEN?CARDINAL)?)?)",
    "ERA": "(?:BC|BCE|AD|CE)",
    "WHICH": "(?:last|past|next|coming|this|current|previous|following|same|that|upcoming"
    "|preceding|prior|latest|ensuing)",
}
PATTERN_TOKEN = re.compile(
    r"\{(?P<macro>[A-Z]+)\}|(?P<repeat>\{\d+,\d+\})|(?P<group>\(\?P<[a-z_]+>|\(\?(?:[:=!]|<[=!]))"
    r"|(?P<class>[A-Z]{2,})|(?P<word>[a-z]+)|(?P<operator>[()|?])"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern of tokens, its name, and who reads what it matches."""

    name: str
    pattern: str
    read: Callable[..., object]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a rule's pattern matched: tokens `first` up to but not with `end`.

    `groups` maps the pattern's named groups that took part to half-open token ranges.
    """

    rule: Rule
    tokens: Tokens
    first: int
    end: int
    groups: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __contains__(self, group: str) -> bool:
        return group in self.groups

    def words(self, group: str | None = None) -> list[str]:
        """Return the lower-case words of a group, or of the whole match; none for no group."""
        first, end = (self.first, self.end) if group is None else self.groups.get(group, (0, 0))
        return self.tokens.lowers[first:end]

    def phrase(self, group: str | None = None) -> str:
        """Return the lower-case words of a group joined by single spaces."""
        return " ".join(self.words(group))

    def before(self, distance: int = 1) -> str:
        """Return the lower-case word that many tokens before the match, "" at the start."""
        place = self.first - distance
        return self.tokens.lowers[place] if place >= 0 else ""

    def after(self, distance: int = 1) -> str:
        """Return the lower-case word that many tokens after the match, "" at the end."""
        place = self.end + distance - 1
        return self.tokens.lowers[place] if place < len(self.tokens) else ""

    def before_group(self, group: str) -> str:
        """Return the lower-case word before a group that took part in the match."""
        return self.tokens.lowers[self.groups[group][0] - 1]

    def cut(self, group: str) -> Match:
        """Return the match up to a group."""
        return replace(self, end=self.groups[group][0])

    def raw(self, place: int) -> str:
        """Return the token at a place as the text writes it, "" outside the text."""
        if not 0 <= place < len(self.tokens):
            return ""
        return self.tokens.text[self.tokens.starts[place] : self.tokens.ends[place]]


# Words and marks that hold expressions together and are none by themselves: a run of only
# these is not looked at.
GLUE = frozenset(
    """
    the a an of in on at to and or by from for this that these those its their his more most than
    about around some over under up least less no not as such same between until till through full
    long early late end start beginning close middle very just only nearly almost half other
    last next each every times time
    COMMA DOT OPEN CLOSE HYPHEN RULE QUOTE POSSESSIVE HALF COUNT DAY HOUR SHORTYEAR WEEKCOUNT
    OLDYEAR MILITARY CARDINAL VAGUE ORDINAL
    """.split()
)
# No rule begins with one of the first or needs one of the second at its end.
NOT_FIRST = "COMMA DOT CLOSE of to and or".split()
NOT_LAST = "COMMA DOT OPEN of to and or the a by".split()


class Grammar:
    """All rules, compiled over one alphabet."""

    def __init__(self, rules: Sequence[Rule], lexicon: Lexicon) -> None:
        expanded = [_expand(rule.pattern) for rule in rules]
        literals = {
            token["word"]
            for pattern in expanded
            for token in PATTERN_TOKEN.finditer(pattern)
            if token["word"]
        }
        self.rules = tuple(rules)
        self.alphabet = Alphabet(lexicon, literals)
        # A rule is compiled when a text first needs it: the first article does not pay for all.
        self._expressions = [self._translate(pattern) for pattern in expanded]
        self._compiled: dict[int, re.Pattern[str]] = {}
        self._wanting = self._index_wants(expanded)
        self._applicable: dict[int, tuple[tuple[int, re.Pattern[str]], ...]] = {}
        self._segment = re.compile(f"[^{OTHER}{self.alphabet.classify('BREAK')}]+")
        self._core = re.compile(f"[^{self.alphabet.kinds_only_in(GLUE)}]")
        self._not_first = self.alphabet.kinds_only_in(NOT_FIRST)
        self._not_last = self.alphabet.kinds_only_in(NOT_LAST)
        self._matches_of = lru_cache(maxsize=20_000)(self._match_segment)

    def _translate(self, pattern: str) -> str:
        parts = []
        position = 0
        for token in PATTERN_TOKEN.finditer(pattern):
            if pattern[position : token.start()].strip():
                raise ValueError(f"unreadable pattern at {pattern[position:]!r}")
            position = token.end()
            name = token["class"] or token["word"]
            if name:
                kinds = self.alphabet.kinds_in(name)
                if not kinds:
                    raise ValueError(f"no token is ever of class {name!r}: {pattern!r}")
                parts.append(_write_class(kinds))
            else:
                parts.append(token.group())
        if pattern[position:].strip():
            raise ValueError(f"unreadable pattern at {pattern[position:]!r}")
        return "".join(parts)

    def _pattern(self, number: int) -> re.Pattern[str]:
        if number not in self._compiled:
            self._compiled[number] = re.compile(self._expressions[number])
        return self._compiled[number]

    def _index_wants(self, expanded: Sequence[str]) -> dict[str, int]:
        """Return for each kind the rules, as the bits of a number, that it may be the core of.

        A rule applies to no run of tokens that holds none of its core's kinds, and most runs
        hold the cores of a few rules of a hundred.
        """
        common = frozenset(self.alphabet.kinds_only_in(GLUE))
        kinds = {
            token["class"] or token["word"]: frozenset(
                self.alphabet.kinds_in(token["class"] or token["word"])
            )
            for pattern in expanded
            for token in PATTERN_TOKEN.finditer(pattern)
            if token["class"] or token["word"]
        }
        wanting: dict[str, int] = {}
        for number, pattern in enumerate(expanded):
            tokens = list(PATTERN_TOKEN.finditer(pattern))
            core = _core_of(tokens, kinds, lambda core: len(core) + 50 * len(core & common))
            for kind in core if core is not None else self.alphabet.kinds():
                wanting[kind] = wanting.get(kind, 0) | 1 << number
        return wanting

    def _rules_for(self, segment: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
        bits = 0
        for kind in set(segment):
            bits |= self._wanting.get(kind, 0)
        rules = self._applicable.get(bits)
        if rules is None:
            rules = tuple(
                (number, self._pattern(number))
                for number in range(len(self.rules))
                if bits >> number & 1
            )
            if len(self._applicable) < 10_000:
                self._applicable[bits] = rules
        return rules

    def _match_segment(
        self, segment: str
    ) -> tuple[tuple[int, int, int, dict[str, tuple[int, int]]], ...]:
        found = []
        for number, pattern in self._rules_for(segment):
            for match in pattern.finditer(segment):
                if match.end() > match.start():
                    groups = {
                        name: match.span(name)
                        for name in match.groupdict()
                        if match.start(name) >= 0
                    }
                    found.append((match.start(), match.end(), number, groups))
        # Leftmost first, then longest, then the rule that stands first.
        found.sort(key=lambda item: (item[0], -item[1], item[2]))
        return tuple(found)

    def find(self, tokens: Tokens) -> Iterator[Match]:
        """Yield every rule's matches from left to right, the longest of a place first."""
        for segment in self._segment.finditer(tokens.kinds):
            run = segment.group()
            if not self._core.search(run):
                continue
            kinds = run.lstrip(self._not_first)
            offset = segment.start() + len(run) - len(kinds)
            kinds = kinds.rstrip(self._not_last)
            # Long runs are nobody's prose: they are matched, but not remembered.
            matches_of = self._matches_of if len(kinds) < 40 else self._match_segment
            for first, end, number, groups in matches_of(kinds):
                moved = {name: (a + offset, b + offset) for name, (a, b) in groups.items()}
                yield Match(self.rules[number], tokens, first + offset, end + offset, moved)


def _write_class(kinds: str) -> str:
    """Return a regular expression's class of characters, as ranges, which compile quickly."""
    runs: list[list[str]] = []
    for kind in sorted(kinds):
        if runs and ord(kind) == ord(runs[-1][1]) + 1:
            runs[-1][1] = kind
        else:
            runs.append([kind, kind])
    return "[" + "".join(a if a == b else f"{a}-{b}" for a, b in runs) + "]"


def _core_of(
    tokens: list[re.Match[str]],
    kinds: Mapping[str, frozenset[str]],
    cost: Callable[[frozenset[str]], int],
) -> frozenset[str] | None:
    """Return kinds of which every match of a pattern holds at least one, None where there are none.

    Of several such sets that of the least cost. Takes the pattern's tokens off the list, up to
    the end of the group they are in.
    """
    branches: list[frozenset[str] | None] = []
    parts: list[frozenset[str] | None] = []
    while tokens:
        token = tokens.pop(0)
        text = token.group()
        if text in (")", "|"):
            branches.append(min((part for part in parts if part), key=cost, default=None))
            parts = []
            if text == ")":
                break
        elif text.startswith("("):
            inside = _core_of(tokens, kinds, cost)
            parts.append(None if text in LOOKS else inside)
        elif text == "?" or token["repeat"]:
            parts[-1] = None if text == "?" or text.startswith("{0") else parts[-1]
        else:
            parts.append(kinds[text])
    else:
        branches.append(min((part for part in parts if part), key=cost, default=None))
    return frozenset().union(*(branch or () for branch in branches)) if all(branches) else None


LOOKS = frozenset({"(?=", "(?!", "(?<=", "(?<!"})


def _expand(pattern: str) -> str:
    for _ in range(4):
        pattern = re.sub(r"\{([A-Z]+)\}", lambda macro: MACROS[macro[1]], pattern)
    return pattern
