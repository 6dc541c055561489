"""What the trigger model sees of a candidate: its words, its syntax and its surroundings.

Every feature is a short string; `extract.mentions.triggers.model` hashes them. Training and
finding use this one function, so the model always sees at run time what it was taught on.
"""

from __future__ import annotations

from extract.mentions.triggers.words import (
    OBJECTS,
    SUBJECTS,
    Candidate,
    Tree,
    TriggerLexicon,
    WordKinds,
)

NEGATIONS = frozenset({"not", "n't", "never", "no", "n’t", "cannot", "without", "neither", "nor"})
FINAL_STOPS = frozenset({".", "!", "?", '"', "”", "’", "...", "…", ":"})
SCENES = ("sport", "business", "culture", "disaster", "disease", "election", "court_matter",
          "armed", "crowd", "treaty", "sanction", "aid", "weapon", "talk", "judicial")  # fmt: skip


def sentence_scene(tree: Tree, kinds: WordKinds) -> dict[str, int]:
    """Return how often words of each telling kind occur in a sentence."""
    counts: dict[str, int] = {}
    for lemma in tree.lemmas:
        for kind in kinds.of(lemma):
            if kind in SCENES:
                counts[kind] = counts.get(kind, 0) + 1
    return counts


def describe(
    candidate: Candidate,
    tree: Tree,
    lexicon: TriggerLexicon,
    kinds: WordKinds,
    scene: dict[str, int],
    rank: int,
) -> list[str]:
    """Return the features of a candidate.

    `rank` is how many candidates stand before it in the sentence; `scene` as by
    `sentence_scene`.
    """
    index = candidate.index
    head = candidate.head
    tag, dependency = tree.tags[index], tree.dependencies[index]
    group = "V" if tag.startswith("V") else "N" if tag.startswith("N") else "O"
    features = [
        "bias",
        f"l={head}",
        f"lg={head}{group}",
        f"t={tag}",
        f"d={dependency}",
        f"w={tree.lower[index]}",
    ]
    types = _types(candidate)
    best = types[0] if types else "?"
    for entry in candidate.singles:
        features.append(f"S={entry.event_type}{group}")
        features.append(f"Sw={entry.event_type}{int(entry.weight * 5)}")
    phrase_types = {entry.event_type for entry in candidate.phrases}
    for event_type in phrase_types:
        features.append(f"P={event_type}")
        strongest = max(e.weight for e in candidate.phrases if e.event_type == event_type)
        features.append(f"Pw={event_type}{int(strongest * 5)}")
        if len(phrase_types) == 1:
            features.append(f"P1={event_type}")
    for entry in candidate.phrases[:6]:
        features.append(f"p={entry.phrase}")
    if candidate.singles and candidate.phrases:
        features.append(f"SP={candidate.singles[0].event_type}{candidate.phrases[0].event_type}")
    features.append(f"B={best}")
    features.append(f"BS={','.join(types[:3])}")

    def dependents(name: str, token: int, *, lexical: bool = True) -> None:
        lemma = tree.lemmas[token]
        if lexical:
            features.append(f"{name}={lemma}")
            features.append(f"l{name}={head}|{lemma}")
        for kind in _kinds_of(tree, token, kinds):
            features.append(f"{name}k={kind}")
            features.append(f"l{name}k={head}|{kind}")
            features.append(f"B{name}k={best}|{kind}")
        for entry in lexicon.singles(lemma)[:3]:
            features.append(f"{name}t={entry.event_type}")
            features.append(f"B{name}t={best}|{entry.event_type}")

    object_found = subject_found = False
    for child in tree.children[index]:
        relation = tree.dependencies[child]
        if relation in OBJECTS:
            dependents("o" if relation != "nsubj:pass" else "po", child)
            object_found = True
        elif relation in SUBJECTS:
            dependents("s", child)
            subject_found = True
        elif relation in ("obl", "nmod", "obl:agent", "obl:unmarked", "nmod:poss", "nmod:unmarked"):
            case = next(
                (tree.lower[c] for c in tree.children[child] if tree.dependencies[c] == "case"), ""
            )
            features.append(f"c={case}")
            features.append(f"lc={head}|{case}")
            features.append(f"Bc={best}|{case}")
            for kind in _kinds_of(tree, child, kinds):
                features.append(f"ck={case}|{kind}")
                features.append(f"lck={head}|{case}|{kind}")
        elif relation in ("xcomp", "ccomp", "advcl"):
            mark = next(
                (tree.lower[c] for c in tree.children[child] if tree.dependencies[c] == "mark"), ""
            )
            features.append(f"x={relation}|{mark}")
            features.append(f"lx={head}|{relation}|{mark}")
            features.append(f"lxl={head}|{tree.lemmas[child]}")
            for entry in lexicon.singles(tree.lemmas[child])[:3]:
                features.append(f"xt={relation}|{entry.event_type}")
                features.append(f"Bxt={best}|{entry.event_type}")
        elif relation in ("compound", "amod", "nummod", "det"):
            dependents(relation[:2], child, lexical=relation != "nummod")
        elif relation in ("compound:prt", "advmod", "aux", "aux:pass", "mark", "cop"):
            features.append(f"{relation}={tree.lower[child]}")
            features.append(f"l{relation}={head}|{tree.lower[child]}")
            features.append(f"B{relation}={best}|{tree.lower[child]}")
        if tree.lower[child] in NEGATIONS:
            features += ["neg", f"Bneg={best}", f"lneg={head}"]
    features.append(f"so={int(subject_found)}{int(object_found)}")
    features.append(f"lso={head}{int(subject_found)}{int(object_found)}")

    _governors(features, index, head, best, tree, lexicon, kinds)

    for offset in (-2, -1, 1, 2):
        token = index + offset
        word = tree.lower[token] if 0 <= token < len(tree.words) else "|"
        features.append(f"{offset}={word}")
        if offset in (-1, 1):
            features.append(f"l{offset}={head}|{word}")
            features.append(f"B{offset}={best}|{word}")
            if 0 <= token < len(tree.words):
                for kind in _kinds_of(tree, token, kinds):
                    features.append(f"B{offset}k={best}|{kind}")
    for kind, count in scene.items():
        features.append(f"sc={kind}{min(count, 3)}")
        features.append(f"Bsc={best}|{kind}")
    features.append(f"r={min(rank, 3)}")
    features.append(f"Br={best}{min(rank, 3)}")
    features.append(f"dp={min(tree.depth(index), 5)}")
    features.append(f"fin={int(tree.finite)}")
    if tree.words[-1] not in FINAL_STOPS:
        # A headline: its few words tell what happened, and a bare noun may be the whole news.
        features += ["open", f"Bopen={best}", f"lopen={head}", f"fopen={int(tree.finite)}"]
    if '"' in tree.words or "“" in tree.words:
        features.append("quoted")
        features.append(f"Bquoted={best}")
    return features


def _governors(
    features: list[str],
    index: int,
    head: str,
    best: str,
    tree: Tree,
    lexicon: TriggerLexicon,
    kinds: WordKinds,
) -> None:
    """Add what the candidate hangs on, two steps up, and what modals and negations stand there."""
    dependency = tree.dependencies[index]
    governor = tree.heads[index]
    if governor == index:
        features += ["root", f"Broot={best}"]
        return
    path = dependency
    token, below = governor, index
    for step in (1, 2):
        lemma = tree.lemmas[token]
        features.append(f"g{step}={path}|{lemma}")
        features.append(f"Bg{step}={best}|{path}")
        for kind in kinds.of(lemma):
            features.append(f"g{step}k={path}|{kind}")
            features.append(f"Bg{step}k={best}|{path}|{kind}")
            if step == 1:
                features.append(f"lg1k={head}|{dependency}|{kind}")
        for entry in lexicon.singles(lemma)[:3]:
            features.append(f"g{step}t={path}|{entry.event_type}")
            features.append(f"Bg{step}t={best}|{path}|{entry.event_type}")
        if step == 1:
            features.append(f"lg1={head}|{lemma}")
            features.append(f"Bgl={best}|{lemma}")
        for child in tree.children[token]:
            if child == below:
                continue
            relation = tree.dependencies[child]
            if relation in ("aux", "mark") and tree.lower[child] not in (
                "to",
                "have",
                "has",
                "had",
            ):
                features.append(f"g{step}a={tree.lower[child]}")
                features.append(f"Bg{step}a={best}|{tree.lower[child]}")
            elif tree.lower[child] in NEGATIONS:
                features += [f"g{step}neg", f"Bg{step}neg={best}"]
        case = next(
            (
                tree.lower[c]
                for c in tree.children[below]
                if tree.dependencies[c] in ("case", "mark")
            ),
            "",
        )
        if case:
            features.append(f"gc{step}={case}")
            features.append(f"Bgc{step}={best}|{case}")
            features.append(f"gcl{step}={lemma}|{case}")
        upper = tree.heads[token]
        if upper == token:
            features.append(f"groot{step}")
            break
        path = f"{path}>{tree.dependencies[token]}"
        below, token = token, upper


def _kinds_of(tree: Tree, token: int, kinds: WordKinds) -> tuple[str, ...]:
    known = kinds.of(tree.lemmas[token])
    if not known and tree.tags[token].startswith("NNP"):
        return ("NAME",)
    if tree.tags[token] == "CD":
        return ("NUMBER",)
    return known or ("OTHER",)


def _types(candidate: Candidate) -> list[str]:
    """Return the event types the lexicon offers, the likeliest first; phrases before words."""
    votes: dict[str, float] = {}
    for entry in candidate.singles:
        votes[entry.event_type] = max(votes.get(entry.event_type, 0.0), entry.weight)
    for entry in candidate.phrases:
        bonus = 1.0 + 0.1 * len(entry.others)
        votes[entry.event_type] = max(votes.get(entry.event_type, 0.0), entry.weight + bonus)
    return sorted(votes, key=lambda name: (-votes[name], name))
