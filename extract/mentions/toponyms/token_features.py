"""What the toponym recogniser sees of each token: the words, the lists, the gazetteer.

    text -> tokens -> capitalised runs, gazetteer matches, cues of the whole document -> features

A feature is a short string that is present or not. Those of a token's form alone
(`describe_form`) are weighed once per form and position in the window; those of a token in
its place (`describe_document`) are made for capitalised words and what lies between them.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from extract.bundled import bundled_path
from extract.gazetteer import Gazetteer, NameFacts, NameKind
from extract.gazetteer.names import fold

WINDOW = 3
LONGEST_NAME = 6

# Lower-case words that may stand inside a name but neither begin nor end one.
ARABIC_ARTICLES = frozenset("al el ad an ar as ash at az".split())
LINKS = frozenset(
    "of and the de da do dos das del della di du des la le les el al y e on upon sur am an im in "
    "der den van von za ob ul ar ad as ash at abu bin ibn and- - ' ’ &".split()
)

# Words that are no part of a name however they are written: "Near Homs", "Killed In Homs".
FUNCTION_WORDS = frozenset(
    "a an and are as at but by for from he his i if in is it its near no of off on or she that the "
    "their these they this to two three was we were what when where while who why with after "
    "before about against across among around between during into over since through under until "
    "also both her my our you your how not there then some many most all".split()
)


FactsLookup = Callable[[str], NameFacts | None]


class Token(NamedTuple):
    """A word or sign of the text with its half-open character offsets."""

    text: str
    start: int
    end: int


@cache
def load_word_lists() -> dict[str, frozenset[str]]:
    """Return the bundled lists of lower-case words by name: given_names, titles and so on."""
    with bundled_path("toponym_words.toml").open("rb") as file:
        return {name: frozenset(words.split()) for name, words in tomllib.load(file).items()}


@cache
def load_common_words() -> frozenset[str]:
    """Return the words that English often writes in lower case, as training counted them."""
    path = bundled_path("models/toponyms_common.txt")
    return frozenset(path.read_text(encoding="utf-8").split())


@cache
def _token_pattern() -> re.Pattern[str]:
    lists = load_word_lists()
    plain = {word for word in lists["state_abbreviations"] if "." not in word and len(word) > 1}
    stops = sorted(
        plain
        - {"alaska", "iowa", "qld", "nsw", "vic", "mass", "miss", "pa", "la", "md", "ill", "wash"}
        | {"st", "ste", "mt", "ft", "pt", "gov", "sen", "rep", "gen", "col", "lt", "sgt", "capt"}
        | {"dr", "mr", "mrs", "ms", "jr", "sr", "no", "co", "inc", "prof", "rev", "adm", "cmdr"}
        | {"dept", "univ", "ave", "blvd", "rd", "maj", "cpl", "hon", "pres"}
    )
    abbreviations = "|".join(re.escape(stop) for stop in stops)
    risky = "Mass|MASS|Miss|MISS|Pa|PA|La|LA|Md|MD|Ill|ILL|Wash|WASH"
    return re.compile(
        rf"(?:[^\W\d_]\.){{2,}}"
        rf"|\b(?:{risky})\.(?!\w)"
        # All of them are letters and a stop: few words are tried against the whole list.
        rf"|\b(?=[^\W\d_]+\.)(?i:{abbreviations})\.(?!\w)"
        rf"|['’][sS]\b"
        rf"|[^\W\d_]+(?:['’](?![sS]\b)[^\W\d_]+)*"
        rf"|\d+(?:[.,]\d+)*"
        rf"|\S"
    )


# Curly and straight quotation marks are one to the model, which saw few curly ones.
QUOTES = str.maketrans("’‘ʼ´“”„", "''''\"\"\"")


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of `text` between two characters, in order.

    Possessive 's stands alone, hyphens part words, and "U.S." and "Calif." keep their stops.
    Quotation marks come out straight; each token is as long as its stretch of the text.
    """
    pattern = _token_pattern()
    limit = len(text) if end is None else end
    return [
        Token(form if form.isascii() else form.translate(QUOTES), found.start(), found.end())
        for found in pattern.finditer(text, start, limit)
        for form in (found.group(),)
    ]


@lru_cache(maxsize=65536)
def shape_of(form: str) -> str:
    """Return a form's shape: Xx, XX, x, X., 9 and so on, or the sign itself."""
    if form[0].isalpha():
        if "." in form:
            return "X." if form[0].isupper() else "x."
        if form.islower():
            return "x"
        if form.isupper():
            return "X" if len(form) == 1 else ("XX" if len(form) < 4 else "XXX")
        if form[0].isupper():
            return "Xx" if form[1:].islower() else "XxX"
        return "xX" if form.lower() != form else "c"
    if form[0].isdigit():
        return "9999" if len(form) == 4 and form.isdigit() else "9"
    return form


def is_capitalised(form: str) -> bool:
    """Say whether a form begins with a capital letter (or has one after a prefix: al-Bab)."""
    return form[0].isupper() or (form[0].isalpha() and form != form.lower())


# The short name under which each list shows in a feature.
LIST_NAMES = {
    "given_names": "giv",
    "surname_cues": "sur",
    "titles": "tit",
    "place_heads": "plc",
    "prefix_heads": "pre",
    "organisation_heads": "org",
    "demonym_heads": "dem",
    "locative_prepositions": "loc",
    "reporting_verbs": "rep",
    "motion_verbs": "mot",
    "acting_verbs": "act",
    "country_abbreviations": "cab",
    "state_abbreviations": "sta",
    "calendar": "cal",
    "capitalised_common": "com",
    "nationalities": "nat",
}


@lru_cache(maxsize=65536)
def classes_of(form: str) -> frozenset[str]:
    """Return the short names of the word lists that hold a form."""
    lists = load_word_lists()
    word = form.lower()
    bare = word.rstrip(".")
    found = {
        short for name, short in LIST_NAMES.items() if word in lists[name] or bare in lists[name]
    }
    if "sta" in found and form.islower():
        found.discard("sta")
    if len(form) == 2 and form.isupper() and word in lists["postal_codes"]:
        found.add("zip")
    if is_capitalised(form) and word in load_common_words():
        found.add("cmn")
    return frozenset(found)


def bucket_population(population: int) -> str:
    """Return one letter for the order of magnitude of a population."""
    for letter, floor in (("g", 10_000_000), ("f", 1_000_000), ("e", 200_000), ("d", 50_000)):
        if population >= floor:
            return letter
    return "c" if population >= 10_000 else ("b" if population >= 2_000 else "a")


def describe_facts(facts: NameFacts) -> str:
    """Return a short code of what bears a name: the sort of its greatest place and its size.

    N country, C capital, P first-level subdivision, S natural feature, D lesser district, T
    town alone; then a letter for the population, and the sign ~ where it is nobody's own name.
    """
    towns = any(code.startswith("PPL") for code in facts.feature_codes)
    size = bucket_population(facts.population)
    own = "" if facts.is_preferred else "~"
    if facts.is_country:
        return "N" + own
    if "PPLC" in facts.feature_codes:
        return "C" + size + own
    if facts.is_admin1:
        return "P" + (size if towns else "") + own
    if facts.is_natural:
        return "S" + (size if towns else "") + own
    if not towns:
        return "D" + own
    return "T" + size + own


def make_lookup(gazetteer: Gazetteer) -> FactsLookup:
    """Return a quick look-up of a name in any spelling, which remembers its answers."""

    @lru_cache(maxsize=1 << 16)
    def look_up(name: str) -> NameFacts | None:
        folded = fold(name)
        if not folded or not gazetteer.has(folded):
            return None
        return gazetteer.facts(folded)

    return look_up


@dataclass(frozen=True, slots=True)
class FormFeatures:
    """Features of a form: `near` is used in the whole window, `middle` within one, `own` at 0."""

    near: tuple[str, ...]
    middle: tuple[str, ...]
    own: tuple[str, ...]


def describe_form(form: str, lookup: FactsLookup) -> FormFeatures:
    """Return the features that a form has wherever it stands."""
    word = form.lower()
    shape = shape_of(form)
    classes = sorted(classes_of(form))
    near = [f"s={shape}", *(f"l={name}" for name in classes)]
    if not form[0].isdigit():
        near.append(f"w={word}")
    middle: list[str] = []
    own: list[str] = []
    if form[0].isalpha():
        middle += [f"e3={word[-3:]}", f"e2={word[-2:]}"]
        if is_capitalised(form):
            own += [f"e4={word[-4:]}", f"b3={word[:3]}", f"b2={word[:2]}", f"n={min(len(word), 9)}"]
            own += [f"s+l={shape}{name}" for name in classes]
            facts = lookup(form)
            code = describe_facts(facts) if facts else "-"
            middle.append(f"g={code}")
            if facts:
                middle.append("g=+")
                own.append(f"gn={min(facts.places, 9)}")
                own.append(f"gi={round(facts.importance)}")
                own.append(f"gk={NameKind(facts.kind).name}")
            own += [f"g+l={code}{name}" for name in classes]
            own.append(f"s+g={shape}{code}")
    return FormFeatures(tuple(near), tuple(middle), tuple(own))


def offsets_of(features: FormFeatures) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Yield each position of the window with the features of a form that count there."""
    for offset in range(-WINDOW, WINDOW + 1):
        if offset == 0:
            yield 0, features.near + features.middle + features.own
        elif abs(offset) == 1:
            yield offset, features.near + features.middle
        else:
            yield offset, features.near


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of tokens that the gazetteer has as one name; `last` is inclusive."""

    first: int
    last: int
    code: str


def match_names(tokens: Sequence[Token], text: str, lookup: FactsLookup) -> list[Match]:
    """Return the longest names of the gazetteer in a sentence, left to right, not overlapping."""
    found: list[Match] = []
    position = 0
    while position < len(tokens):
        best = None
        if is_capitalised(tokens[position].text) or is_article(tokens, position):
            best = _longest_match(tokens, position, text, lookup)
        if best:
            found.append(best)
            position = best.last + 1
        else:
            position += 1
    return found


def is_article(tokens: Sequence[Token], position: int) -> bool:
    """Say whether a name begins here with an Arabic article in small letters: "al-Fashir"."""
    if position + 2 >= len(tokens) or tokens[position].text not in ARABIC_ARTICLES:
        return False
    sign, name = tokens[position + 1 : position + 3]
    return sign.text == "-" and sign.end == name.start and is_capitalised(name.text)


def _longest_match(
    tokens: Sequence[Token], first: int, text: str, lookup: FactsLookup
) -> Match | None:
    ends = []
    for last in range(first, min(first + LONGEST_NAME, len(tokens))):
        form = tokens[last].text
        if is_capitalised(form):
            ends.append(last)
        elif form not in LINKS and form != ".":
            break
    for last in reversed(ends):
        facts = lookup(text[tokens[first].start : tokens[last].end])
        if facts:
            return Match(first, last, describe_facts(facts))
    return None


def _is_name_word(form: str) -> bool:
    return is_capitalised(form) and form.lower() not in FUNCTION_WORDS


def find_runs(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Return the stretches of capitalised tokens, hyphens inside allowed, as (first, last).

    Words such as "In" and "The" part stretches, capital or not.
    """
    runs: list[tuple[int, int]] = []
    position = 0
    while position < len(tokens):
        if not _is_name_word(tokens[position].text):
            position += 1
            continue
        last = position
        while last + 1 < len(tokens):
            if _is_name_word(tokens[last + 1].text):
                last += 1
            elif (
                tokens[last + 1].text == "-"
                and last + 2 < len(tokens)
                and _is_name_word(tokens[last + 2].text)
                and tokens[last + 1].start == tokens[last].end
                and tokens[last + 1].end == tokens[last + 2].start
            ):
                last += 2
            else:
                break
        runs.append((position, last))
        position = last + 1
    return runs


@dataclass(slots=True)
class Sentence:
    """A sentence's tokens with what was found on the way; `heading` marks titles."""

    tokens: list[Token]
    heading: bool = False


def describe_document(
    sentences: Sequence[Sentence], text: str, lookup: FactsLookup
) -> list[list[list[str]]]:
    """Return, per sentence and token, the features that depend on the place in the document.

    Tokens outside capitalised runs and gazetteer names have an empty list.
    """
    runs = [find_runs(sentence.tokens) for sentence in sentences]
    shouting = [_is_shouting(sentence.tokens) for sentence in sentences]
    cues = collect_cues(sentences, runs, shouting, text, lookup)
    return [
        _describe_sentence(sentence, found, loud, text, lookup, cues)
        for sentence, found, loud in zip(sentences, runs, shouting, strict=True)
    ]


def _is_shouting(tokens: Sequence[Token]) -> str:
    words = [token.text for token in tokens if token.text[0].isalpha()]
    if len(words) < 3:
        return "few"
    if sum(word.isupper() for word in words) > 0.7 * len(words):
        return "caps"
    long_words = [word for word in words if len(word) > 3]
    if long_words and sum(word[0].isupper() for word in long_words) > 0.75 * len(long_words):
        return "title"
    return "plain"


def _word_before(tokens: Sequence[Token], first: int) -> str:
    return tokens[first - 1].text if first > 0 else "^"


def _word_after(tokens: Sequence[Token], last: int) -> str:
    return tokens[last + 1].text if last + 1 < len(tokens) else "$"


def find_abbreviations(
    tokens: Sequence[Token], text: str, lookup: FactsLookup
) -> list[tuple[int, bool]]:
    """Return abbreviations that brackets introduce, and whether they are short for a place.

    "Bosnia and Herzegovina (BiH)" gives the position of BiH and True.
    """
    found: list[tuple[int, bool]] = []
    for position in range(2, len(tokens) - 1):
        if tokens[position - 1].text != "(" or tokens[position + 1].text != ")":
            continue
        initials = [letter for letter in tokens[position].text if letter.isupper()]
        if len(initials) < 2:
            continue
        first = position - 2
        while initials and first >= 0 and position - first < 10:
            word = tokens[first].text
            if word[0].isupper():
                if word[0] != initials.pop():
                    break
            elif not word[0].isalpha() and word != "-":
                break
            first -= 1
        if not initials and first + 1 < position - 1:
            name = text[tokens[first + 1].start : tokens[position - 2].end]
            found.append((position, lookup(name) is not None))
    return found


def collect_cues(
    sentences: Sequence[Sentence],
    runs: Sequence[Sequence[tuple[int, int]]],
    shouting: Sequence[str],
    text: str,
    lookup: FactsLookup,
) -> dict[str, Counter[str]]:
    """Count, for each lower-case word of the document, the company that it keeps.

    Cues: `loc` begins a run after a locative preposition, `com` follows such a run and a comma,
    `per` stands after a title or a given name, `giv` is followed by another capital as a given
    name is, `org` is in a run that ends in a word for an organisation, `plc` in one that ends
    in a word for a kind of place, `low` is also written in lower case, `abp` and `abo` are
    introduced in brackets as short for a place or for something else, `all` is every sight.
    """
    cues: dict[str, Counter[str]] = {}

    def note(word: str, cue: str) -> None:
        lower = word.lower()
        counts = cues.get(lower)
        if counts is None:
            counts = cues[lower] = Counter()
        counts[cue] += 1

    for sentence, found, loud in zip(sentences, runs, shouting, strict=True):
        tokens = sentence.tokens
        for position, is_place in find_abbreviations(tokens, text, lookup):
            note(tokens[position].text, "abp" if is_place else "abo")
        if loud in ("caps", "title"):
            continue
        for token in tokens:
            if token.text[0].islower() and len(token.text) > 2:
                note(token.text, "low")
        for first, last in found:
            before, after = _word_before(tokens, first), _word_after(tokens, last)
            head = classes_of(tokens[last].text)
            for position in range(first, last + 1):
                word = tokens[position].text
                if not word[0].isalpha():
                    continue
                note(word, "all")
                if position > first and last > first:
                    previous = classes_of(tokens[position - 1].text)
                    if "tit" in previous or "giv" in previous:
                        note(word, "per")
                if position < last:
                    if "org" in head:
                        note(word, "org")
                    elif "plc" in head:
                        note(word, "plc")
                    if "giv" in classes_of(word):
                        note(word, "giv")
            if "tit" in classes_of(before):
                for position in range(first, last + 1):
                    note(tokens[position].text, "per")
            if "loc" in classes_of(before):
                for position in range(first, last + 1):
                    note(tokens[position].text, "loc")
            if after == "," and last + 2 < len(tokens):
                following = classes_of(tokens[last + 2].text)
                if "sta" in following:
                    note(tokens[last].text, "com")
            if before == "," and "loc" in classes_of(_word_before(tokens, max(first - 2, 0))):
                note(tokens[first].text, "com")
            if "rep" in classes_of(after) or "rep" in classes_of(before):
                note(tokens[last].text, "say")
    return cues


CUE_NAMES = ("loc", "com", "per", "giv", "org", "plc", "low", "say", "abp", "abo")


def _describe_sentence(
    sentence: Sentence,
    runs: Sequence[tuple[int, int]],
    loud: str,
    text: str,
    lookup: FactsLookup,
    cues: dict[str, Counter[str]],
) -> list[list[str]]:
    tokens = sentence.tokens
    features: list[list[str]] = [[] for _ in tokens]
    matches = match_names(tokens, text, lookup)
    match_at: dict[int, Match] = {
        position: match for match in matches for position in range(match.first, match.last + 1)
    }
    for match in matches:
        for position in range(match.first, match.last + 1):
            part = "B" if position == match.first else "I"
            size = min(match.last - match.first + 1, 4)
            before = _word_before(tokens, match.first).lower()
            after = _word_after(tokens, match.last).lower()
            row = features[position]
            row += [
                f"m={part}{match.code}",
                f"m={part}{size}",
                f"m={part}",
                f"mb={part}{before}",
                f"ma={part}{after}",
            ]
            row += [f"mbl={part}{match.code[0]}{name}" for name in classes_of(before)]
            row += [f"mal={part}{match.code[0]}{name}" for name in classes_of(after)]
    for first, last in runs:
        _describe_run(sentence, first, last, loud, text, lookup, cues, match_at, features)
    return features


def _describe_run(
    sentence: Sentence,
    first: int,
    last: int,
    loud: str,
    text: str,
    lookup: FactsLookup,
    cues: dict[str, Counter[str]],
    match_at: dict[int, Match],
    features: list[list[str]],
) -> None:
    tokens = sentence.tokens
    size = min(last - first + 1, 5)
    before, after = _word_before(tokens, first).lower(), _word_after(tokens, last).lower()
    head, opener = classes_of(tokens[last].text), classes_of(tokens[first].text)
    before_classes, after_classes = classes_of(before), classes_of(after)
    # The word before "of" or "the": University of X, the town of X, at the X.
    deeper = tokens[first - 2].text.lower() if first > 1 else "^"
    second_after = tokens[last + 2].text if last + 2 < len(tokens) else "$"
    shared = [
        f"r#={size}",
        f"r#b={size}{before}",
        f"rb={before}",
        f"ra={after}",
        f"rs={loud}",
        f"rh={tokens[last].text.lower()}" if last > first else "rh=1",
        f"ro={tokens[first].text.lower()}" if last > first else "ro=1",
    ]
    shared += [f"rhl={name}" for name in head] if last > first else []
    shared += [f"rol={name}" for name in opener] if last > first else []
    shared += [f"rbl={name}" for name in before_classes]
    shared += [f"ral={name}" for name in after_classes]
    shared += [f"rba={b}.{a}" for b in before_classes or ("-",) for a in after_classes or ("-",)]
    if before in ("of", "the"):
        shared.append(f"rbb={deeper} {before}")
        shared += [f"rbbl={name} {before}" for name in classes_of(deeper)]
    if after == ",":
        shared += [f"ra2={name}" for name in classes_of(second_after)]
        facts = lookup(second_after) if is_capitalised(second_after) else None
        if facts:
            shared.append(f"ra2g={describe_facts(facts)}")
    if before == ",":
        facts = lookup(tokens[first - 2].text) if first > 1 and is_capitalised(deeper) else None
        shared.append("rb2g=" + (describe_facts(facts) if facts else "-"))
        shared += (
            [f"rb2={name}" for name in classes_of(tokens[first - 2].text)] if first > 1 else []
        )
    if first == 0:
        shared.append("first")
    if sentence.heading:
        shared.append("heading")
    if after in ("(", "—", "–", "-") and first == 0:
        shared.append("dateline")
    whole = text[tokens[first].start : tokens[last].end]
    facts = lookup(whole)
    shared.append("rg=" + (describe_facts(facts) if facts else "-") + (str(size)))
    for position in range(first, last + 1):
        row = features[position]
        word = tokens[position].text
        place = ("F" if position == first else "") + ("L" if position == last else "")
        row += [f"{place}:{name}" for name in shared]
        match = match_at.get(position)
        code = "-" if match is None else match.code
        covers = match is not None and match.first <= first and match.last >= last
        row.append(f"cov={covers}{code}")
        row.append(f"sm={loud}{code}")
        row += [f"gbl={code}{name}" for name in before_classes]
        row += [f"gal={code}{name}" for name in after_classes]
        row += [f"ghl={code}{name}" for name in head] if last > position else []
        if position > first:
            row += [f"gpl={code}{name}" for name in classes_of(tokens[position - 1].text)]
        if position < last:
            row += [f"gnl={code}{name}" for name in classes_of(tokens[position + 1].text)]
        counts = cues.get(word.lower())
        if counts:
            total = counts["all"]
            for cue in CUE_NAMES:
                if counts[cue]:
                    row.append(f"d={cue}")
                    row.append(f"d={cue}{place}{code}")
                    row.append(f"d={cue}{'+' if counts[cue] * 2 > total else '-'}")
            if size == 1 or position == last:
                row.append("d=" + "+".join(cue for cue in CUE_NAMES if counts[cue]))
            row.append(f"d#={min(total, 4)}")
