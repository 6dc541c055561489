"""Who, where and when of an event, one sentence a rule; published on Friday, 15 March 2024."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.linking.attachment import load_attachment_model, tokens_of
from extract.linking.names import find_names
from extract.pipeline import Extractor
from extract.records import Article, Block, BlockKind, DateBasis, Event, PlaceBasis, Span, Status
from extract.table import build_row, build_table

PUBLISHED = datetime.date(2024, 3, 15)


def extract(extractor: Extractor, text: str) -> list[Event]:
    return list(extractor.extract(Article("a", text, published=PUBLISHED)).events)


def codes(event: Event) -> tuple[set[str | None], set[str | None]]:
    return {actor.code for actor in event.actors}, {actor.code for actor in event.recipients}


@pytest.mark.parametrize(
    ("text", "actors", "recipients"),
    [
        ("Russian forces shelled the village of Robotyne on Tuesday.", {"RUS MIL"}, set()),
        ("Three soldiers were killed by Islamist militants in Mali.", {"MLI UAF"}, {"MLI MIL"}),
        ("The foreign ministers of Armenia and Azerbaijan met in Geneva.",
         {"ARM GOV", "AZE GOV"}, set()),
        ("Israel carried out an airstrike on Damascus on Wednesday.", {"ISR"}, {"SYR"}),
        ("Turkey said that its drones had struck PKK positions in Iraq.", {"TUR"}, {"PKK"}),
        ("Police arrested 40 protesters in Tbilisi on Saturday.", {"GEO COP"}, {"GEO CVL"}),
        ("France expelled 35 Russian diplomats in April 2022.", {"FRA"}, {"RUS GOV"}),
        ("Talks between Sudan's army and the Rapid Support Forces resumed in Jeddah.",
         {"SDN MIL", "RSF"}, set()),
        # Who is made to do something does it; who brokered has a part.
        ("The operation led Sudanese forces to surrender and agree to a Kenya-brokered truce.",
         {"SDN MIL"}, {"KEN"}),
        # A speaker whom the tree takes for a noun with clauses.
        ("President William Ruto, on a visit to Berlin, called for calm.", {"KEN GOV"}, set()),
        # A list or two titled names that the tree does not join.
        ("Burkina Faso, Mali and Niger left ECOWAS in January and formed the Alliance of Sahel "
         "States.", {"BFA", "MLI", "NER"}, {"ECOWAS"}),
        ("Saudi Arabia, the United Arab Emirates, Bahrain and Egypt severed ties with Qatar.",
         {"SAU", "ARE", "BHR", "EGY"}, {"QAT"}),
        ("Kosovo's Prime Minister Albin Kurti and Serbian President Aleksandar Vucic held talks.",
         {"XKX GOV", "SRB GOV"}, set()),
        ("President Daniel Noboa said he would not talk to terrorists. He ordered the army to "
         "take over the prisons of Guayaquil.", {"ECU GOV"}, set()),
        # Subjects that the tree lost: a name the tagger never saw, two of them, one far before.
        ("Kyiv welcomed the measures.", {"UKR"}, set()),
        ("In London, Antony Blinken and David Cameron called on Tuesday for Syrian troops to leave "
         "the country.", {"USA GOV", "GBR GOV"}, {"SYR MIL"}),
        ("Hungary, which had blocked the package for two weeks, dropped its veto after Prime "
         "Minister Viktor Orban spoke by phone with European Council President Antonio Costa.",
         {"HUN"}, set()),
        ("Israeli warplanes bombed sites at Natanz and Fordow and the United States joined in.",
         {"ISR MIL"}, set()),
        # A town is no fellow of theirs.
        ("Rebels led by Hayat Tahrir al-Sham, in Homs on Monday, freed prisoners. They had shelled "
         "Aleppo in November.", {"SYR REB"}, {"SYR"}),
        # The dateline does not act, nor do one's own troops suffer being sent.
        ("SANAA, Jan 12 — American and British forces bombed Houthi targets on Thursday.",
         {"USA MIL", "GBR MIL"}, {"HOUTHI"}),
        ("France sent 300 soldiers to secure the airport of Bangui.", {"FRA"}, set()),
        # Who condemns a deed did not do it.
        ("Japan condemned the attack on Kharkiv on Monday.", set(), {"UKR"}),
        ("Indian troops killed three militants of Lashkar-e-Taiba in a gunbattle on Tuesday.",
         {"IND MIL"}, {"LET"}),
    ],
)  # fmt: skip
def test_roles_are_read_off_the_tree(
    extractor: Extractor, text: str, actors: set[str], recipients: set[str]
) -> None:
    events = extract(extractor, text)
    assert (actors, recipients) in [codes(event) for event in events]


@pytest.mark.parametrize(
    ("text", "place", "basis"),
    [
        ("Russian forces shelled the village of Robotyne on Tuesday.", "Robotyne", "trigger"),
        ("Two soldiers were killed near Timbuktu in Mali.", "near Timbuktu", "trigger"),
        ("Houthi rebels seized Sanaa in September 2014.", "Sanaa", "trigger"),
        ("Iran's army will conduct drills on its own territory.", "Iran", "actor"),
        ("France expelled 35 Russian diplomats in April 2022.", "France", "actor"),
        ("Rebels attacked Goma in Congo on Monday. Two soldiers were killed.", "Goma", "trigger"),
        # Neither who condemns nor who is blamed is where it happened.
        (
            "An explosion hit a plant at Natanz on Sunday. Iran blamed Israel for the blast.",
            "Natanz",
            "trigger",
        ),
        # What is signed after talks is signed where they were.
        (
            "Peru and Bolivia signed an agreement on Thursday after talks in Copacabana.",
            "Copacabana",
            "trigger",
        ),
    ],
)
def test_an_event_says_which_rule_placed_it(
    extractor: Extractor, text: str, place: str, basis: str
) -> None:
    event = extract(extractor, text)[0]
    assert event.place is not None
    assert (event.place.name, event.place_basis) == (place, PlaceBasis(basis))


@pytest.mark.parametrize(
    ("text", "start", "end", "basis"),
    [
        ("Russian forces shelled Robotyne on Tuesday.", "2024-03-12", "2024-03-12", "text"),
        ("The army said on Thursday that rebels attacked Goma on Monday.",
         "2024-03-11", "2024-03-11", "text"),
        ("Russian forces shelled Robotyne.", "2024-03-15", "2024-03-15", "published"),
        ("The United States will deploy 500 troops to Niger next week.",
         "2024-03-18", "2024-03-24", "text"),
        ("France expelled 35 Russian diplomats in April 2022.",
         "2022-04-01", "2022-04-30", "text"),
        # So long after or before what the clause above tells.
        ("The president visited Kherson on Thursday, three days after troops entered the city.",
         "2024-03-11", "2024-03-11", "text"),
        ("Israel bombed Gaza on Friday, a day after Hamas gunmen stormed towns across the fence.",
         "2024-03-14", "2024-03-14", "text"),
        ("The port was hit on Saturday, two weeks after rebels shelled the city of Hodeidah.",
         "2024-02-21", "2024-02-27", "text"),
        ("The bridge was opened in May 2018, four years after Moscow annexed the peninsula.",
         "2014-01-01", "2014-12-31", "text"),
        # A year that says which treaty is meant, or since when it is a member, dates nothing.
        ("The minister condemned the attack and praised the defence treaty of 1951.",
         "2024-03-15", "2024-03-15", "published"),
        ("NATO, of which Albania has been a member since 2009, condemned the attack.",
         "2024-03-15", "2024-03-15", "published"),
    ],
)  # fmt: skip
def test_an_event_takes_the_date_of_its_own_clause(
    extractor: Extractor, text: str, start: str, end: str, basis: str
) -> None:
    found = [
        (str(event.start), str(event.end), event.date_basis) for event in extract(extractor, text)
    ]
    assert (start, end, DateBasis(basis)) in found


def test_the_datelines_day_yields_to_that_of_the_sentence(extractor: Extractor) -> None:
    (event,) = extract(extractor, "CAIRO, March 15 — Gunmen killed two guards in Giza on Monday.")
    assert event.start == event.end == datetime.date(2024, 3, 11)


def test_what_is_done_lies_not_after_the_report(extractor: Extractor) -> None:
    events = extract(
        extractor,
        "Rebels shelled the port on Tuesday, two weeks before troops entered the city of Hodeidah.",
    )
    assert events
    for event in events:
        assert event.start is not None
        assert event.end is not None
        assert event.start <= event.end <= datetime.date(2024, 3, 15), event


DEEDS = (
    "rebels shelled the port of Hodeidah", "the two ministers will meet in Geneva",
    "troops entered the city", "protests were held in Nairobi", "the talks failed",
    "Iran said it would test a missile", "the blockade had been lifted",
)  # fmt: skip
TIMES = (
    "on Tuesday", "on 29 February 2024", "in 1994", "in early 2025", "by the end of next month",
    "since last October", "between 3 and 5 May", "until 12 June", "a century ago", "next year",
    "from 30 December to 2 January", "at 6:30 pm", "in the 1990s", "this winter", "tomorrow",
)  # fmt: skip
JOINTS = (
    "two weeks before", "a day after", "99 years before", "three months after", "hours before",
    "before", "after", "while", "and on the same day", "because", "although", "a year after",
)  # fmt: skip


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    clauses=st.lists(
        st.tuples(
            st.sampled_from(DEEDS),
            st.sampled_from(("", *TIMES)),
            st.sampled_from((". Meanwhile", ".", *JOINTS)),
        ),
        min_size=1,
        max_size=6,
    ),
    published=st.one_of(st.none(), st.dates()),
)
def test_however_days_are_told_the_table_holds(
    extractor: Extractor,
    clauses: list[tuple[str, str, str]],
    published: datetime.date | None,
) -> None:
    text = " ".join(word for clause in clauses for word in clause if word).rstrip(". ") + "."
    article = Article("a", text.replace(" .", "."), published=published)
    build_table([(article, extractor.extract(article).events)])


def test_what_is_older_than_a_year_is_history(extractor: Extractor) -> None:
    (old,) = extract(extractor, "Houthi rebels seized Sanaa in September 2014.")
    (fresh,) = extract(extractor, "Houthi rebels seized a ship near Hodeidah in February.")
    assert old.status is Status.HISTORICAL
    assert fresh.status is Status.OCCURRED


def test_title_and_lead_tell_one_event(extractor: Extractor) -> None:
    text = (
        "Car bomb kills ten in Mogadishu\n\n"
        "A car bomb killed ten people in Mogadishu on Wednesday, police said.\n\n"
        "The attack was claimed by al-Shabaab."
    )
    assaults = [e for e in extract(extractor, text) if e.event_type == "ASSAULT"]
    assert len(assaults) == 1
    assert len(assaults[0].mentions) >= 2
    assert [(c.kind, c.low, c.high) for c in assaults[0].casualties] == [("killed", 10, 10)]


def test_what_is_told_apart_stays_apart(extractor: Extractor) -> None:
    text = (
        "Azerbaijan will hold exercises in the Nakhchivan Autonomous Republic on Monday. "
        "Simultaneously, Iran will hold exercises on its own territory."
    )
    places = {event.place.name for event in extract(extractor, text) if event.place}
    assert places == {"Nakhchivan", "Iran"}


def test_what_is_only_supposed_is_counted_and_not_mapped(extractor: Extractor) -> None:
    text = "If Hezbollah attacks Haifa, Israel will respond, the minister warned."
    extraction = extractor.extract(Article("a", text, published=PUBLISHED))
    assert [event.status for event in extraction.hypothetical] == [Status.HYPOTHETICAL]
    assert all(event.status is not Status.HYPOTHETICAL for event in extraction.events)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        # The nearest name that hangs on the verb, not any name of the sentence.
        ("Gunmen killed two policemen in Karachi, officials in Islamabad said.", "Karachi"),
        ("Rebels from Chad attacked Goz Beida on Monday.", "Goz Beida"),
        # The finest of nested names.
        ("Two people were shot dead in Dora, a district of Baghdad.", "Dora"),
        # A village that no gazetteer knows is still where the words say it happened.
        ("Militants killed six farmers in the village of Zarbukhel Qala.", "Zarbukhel Qala"),
        # Somebody's home, a name inside another phrase: the words do not say where.
        ("Protesters condemned the war in Iraq.", None),
    ],
)
def test_the_words_that_say_where_are_shown(
    extractor: Extractor, text: str, where: str | None
) -> None:
    event = extract(extractor, text)[0]
    row = build_row(Article("a", text), event)
    span = row["spans"].get("where")
    assert (text[span[0] : span[1]] if span else None) == where


def test_one_name_proves_the_place_of_one_event_of_its_sentence(extractor: Extractor) -> None:
    text = "Police arrested 40 people in Tbilisi after protesters clashed with guards."
    events = extract(extractor, text)
    assert len(events) > 1
    proven = [event for event in events if event.place_basis is PlaceBasis.TRIGGER]
    assert [event.event_type for event in proven] == ["COERCE"]
    assert {event.place.name for event in events if event.place} == {"Tbilisi"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Troops entered Umm al-Fahm and al-Wafa.", ["Umm al-Fahm", "al-Wafa"]),
        ("On Monday the army left Hawsh al-Fara.", ["Hawsh al-Fara"]),
        ("Police left.", []),
        ("They met at the Port of Spain.", ["Port of Spain"]),
    ],
)
def test_names_are_found_without_a_list(extractor: Extractor, text: str, names: list[str]) -> None:
    block = Block(Span(0, len(text)), BlockKind.PARAGRAPH)
    document = extractor.language.read(Article("a", text), [block])
    extractor.language.parse(document.sentences)
    (sentence,) = document.sentences
    times = [Span(3, 9)] if text.startswith("On Monday") else []
    found = find_names(sentence, resolved=[], actors=[], times=times)
    assert [name.span.of(text) for name in found] == names
    assert {name.kind for name in found} <= {"free"}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Troops stormed the Jobar District on Monday.", "Jobar District"),
        ("A bomb exploded at Raghukul on Monday.", "Raghukul"),
        ("Israeli jets bombed Kfar Tibnit on Monday.", "Kfar Tibnit"),
    ],
)
def test_a_longer_name_is_shown_whole(extractor: Extractor, text: str, where: str) -> None:
    (event, *_) = extract(extractor, text)
    assert event.spans["where"][0].of(text) == where


def test_what_goes_on_from_years_ago_is_of_then(extractor: Extractor) -> None:
    text = (
        "Police fired tear gas at protesters in Lima on Thursday.\n\n"
        "Boluarte took office in December 2022 after her predecessor was arrested. About 50 people "
        "died in the protests that followed."
    )
    events = extract(extractor, text)
    fresh = [event for event in events if event.start == datetime.date(2024, 3, 14)]
    assert fresh
    assert not any(event.casualties for event in fresh)
    old = [event for event in events if event.start == datetime.date(2022, 12, 1)]
    assert [count.low for event in old for count in event.casualties] == [50]
    assert {event.status for event in old} == {Status.HISTORICAL}


def test_words_are_not_dated_by_what_they_recall(extractor: Extractor) -> None:
    text = (
        "Gunmen killed nine people in Sevare on Monday. It was the worst attack since the "
        "massacre at Ogossagou in March 2019. France condemned the killings."
    )
    (reaction,) = [e for e in extract(extractor, text) if e.event_type == "ACCUSE"]
    assert reaction.start is not None
    assert reaction.start.year == 2024


def test_tokens_of_a_span_are_those_it_touches(extractor: Extractor) -> None:
    text = "Troops left. They seized Sanaa."
    block = Block(Span(0, len(text)), BlockKind.PARAGRAPH)
    sentence = extractor.language.read(Article("a", text), [block]).sentences[1]
    assert [t.text for t in tokens_of(sentence, Span(18, 30))] == ["seized", "Sanaa"]
    assert tokens_of(sentence, Span(0, 5)) == []


def test_a_feature_nobody_saw_weighs_nothing() -> None:
    model = load_attachment_model()
    assert model.probability(["no such feature"]) == 0.5


@pytest.mark.parametrize(
    ("text", "event_type", "start"),
    [
        # Another event's day, in a clause of its own.
        ("The council adopted a resolution, which condemned the bombing that killed nine on "
         "3 February.", "AGREE", "2024-03-15"),
        # What is said of a day to come is said with the report.
        ("France urged Mali to release the soldiers by Monday.", "REQUEST", "2024-03-15"),
        # An hour alone is of the day told before.
        ("Rebels attacked Goma on Monday. At 6:30 pm they shelled the airport.",
         "ASSAULT", "2024-03-11"),
        # He goes on where he spoke, and when.
        ("In Washington the president met Polish officials on Tuesday.\n\n"
         "He promised more weapons.", "AGREE", "2024-03-12"),
        ("Police arrested nine men in Rome on Tuesday.\n\nTwo others were detained on the same "
         "day in Milan.", "COERCE", "2024-03-12"),
    ],
)  # fmt: skip
def test_the_day_of_words_and_of_what_goes_on(
    extractor: Extractor, text: str, event_type: str, start: str
) -> None:
    events = [event for event in extract(extractor, text) if event.event_type == event_type]
    assert events
    assert {str(event.start) for event in events} == {start}


@pytest.mark.parametrize(
    ("text", "event_type", "wrong"),
    [
        ("Germany urged Ankara to release the journalists.", "REQUEST", "Ankara"),
        ("Kosovo talks ended in Vienna on Monday.", "CONSULT", "Kosovo"),
        ("Sergeant John Miller, 42, of Dallas, was killed by a bomb in Mosul.",
         "ASSAULT", "Dallas"),
    ],
)  # fmt: skip
def test_a_place_that_is_only_spoken_of_is_not_where_it_happened(
    extractor: Extractor, text: str, event_type: str, wrong: str
) -> None:
    events = [event for event in extract(extractor, text) if event.event_type == event_type]
    assert events
    assert all(event.place is None or event.place.name != wrong for event in events)


def test_a_deed_at_several_places_is_told_of_each_with_its_own_proof(extractor: Extractor) -> None:
    text = "Rebels shelled the towns of Aleppo and Idlib on Monday."
    article = Article("a", text, published=PUBLISHED)
    rows = [build_row(article, event) for event in extractor.extract(article).events]
    words = {text[slice(*row["spans"]["where"])] for row in rows}
    assert words == {"Aleppo", "Idlib"}
    assert len({row["event_id"] for row in rows}) == 2


def test_an_anniversary_is_neither_the_deed_nor_its_place(extractor: Extractor) -> None:
    text = (
        "The EU imposed sanctions on Russian banks on the anniversary of the invasion of Ukraine."
    )
    (event,) = extract(extractor, text)
    assert event.event_type == "SANCTION"
    assert event.place is not None
    assert event.place.name != "Ukraine"


def test_a_name_beside_a_known_place_is_in_its_country(extractor: Extractor) -> None:
    text = "The Dominican Republic reinforced its border with soldiers at Dajabon and Xyzimani."
    first, second = extract(extractor, text)
    assert first.place is not None
    assert second.place is not None
    assert (first.place.name, second.place.name) == ("Dajabón", "Dominican Republic")
    assert second.spans["where"][0].of(text) == "Xyzimani"


def test_a_speaker_goes_on_where_he_spoke(extractor: Extractor) -> None:
    text = (
        "At a conference in Warsaw the French minister met Polish officials on Tuesday.\n\n"
        "He promised more weapons."
    )
    promise = [event for event in extract(extractor, text) if event.event_type == "AGREE"]
    assert [event.place.name for event in promise if event.place] == ["Warsaw"]
