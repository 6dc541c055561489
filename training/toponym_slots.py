"""What the slots of a sentence pattern are filled with: people, streets, offices, places."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from extract.mentions.toponyms.token_features import load_word_lists
from training.place_names import WORDS
from training.toponym_scene import Scene


def _draw_country(scene: Scene, number: str) -> str:
    country = scene.value(f"iso{number or 1}")
    name = scene.names.countries[country]
    return scene.pick(WORDS["country_styles"].get(country, [name]))


def _draw_iso(scene: Scene, number: str) -> str:
    taken = {scene.values.get(f"iso{other}") for other in range(1, 5)}
    while True:
        country = scene.pick(sorted(scene.names.countries))
        if scene.chance.random() < 0.3:
            country = scene.pick("USA GBR RUS CHN IRN IRQ SYR TUR ISR FRA DEU UKR IND PAK".split())
        if country not in taken and country in scene.names.towns:
            return country


def _draw_town(scene: Scene, number: str) -> str:
    if not scene.province:
        provinces = scene.names.provinces[scene.home]
        options = [name for name, towns in provinces.items() if len(towns) > 8] or list(provinces)
        weights = [len(provinces[each]) ** 0.5 for each in options]
        scene.province = scene.chance.choices(options, weights)[0]
    taken = {scene.values.get(f"town{other}") for other in ("", "2", "3", "4")}
    for _ in range(20):
        name = scene.pick_town(scene.names.provinces[scene.home][scene.province])
        if name not in taken:
            return name
    return name


def _draw_state(scene: Scene, number: str) -> str:
    scene.value("town")
    if number:
        others = [name for name in scene.names.provinces[scene.home] if name != scene.province]
        return scene.pick(others or [scene.province])
    return scene.province


def _draw_st(scene: Scene, number: str) -> str:
    state = scene.value("state" + number)
    known = scene.names.states.get(state)
    if not known or scene.home != "USA":
        return state
    draw = scene.chance.random()
    return known[1] if draw < 0.75 else (known[0] if draw < 0.85 else state)


def _draw_zip(scene: Scene, number: str) -> str:
    known = scene.names.states.get(scene.value("state" + number))
    return known[0] if known else scene.value("state" + number)


def _draw_county(scene: Scene, number: str) -> str:
    state = scene.value("state")
    known = scene.names.states.get(state)
    if scene.home == "USA" and known and scene.names.counties.get(known[0]):
        return scene.pick(scene.names.counties[known[0]])
    return scene.pick_town(scene.names.provinces[scene.home][scene.province])


def _draw_first(scene: Scene, number: str) -> str:
    draw = scene.chance.random()
    if draw < 0.10:
        return scene.pick(WORDS["given_names_of_places"])
    if draw < 0.14:
        return scene.word()
    names = sorted(load_word_lists()["given_names"])
    return scene.pick(names).title()


def _draw_last(scene: Scene, number: str) -> str:
    draw = scene.chance.random()
    if draw < 0.08:
        return scene.pick(WORDS["surnames_of_places"])
    if draw < 0.22:
        return scene.word()
    if draw < 0.30:
        return scene.invent()
    if draw < 0.36:
        return _draw_first(scene, number)
    name = scene.pick(sorted(load_word_lists()["surname_cues"]))
    name = re.sub(r"(^|[-'])(\w)", lambda part: part.group(1) + part.group(2).upper(), name)
    name = re.sub(r"^Al-", "al-", name)
    name = re.sub(r"^Mc(\w)", lambda part: "Mc" + part.group(1).upper(), name)
    return name + ("-" + scene.word() if scene.chance.random() < 0.02 else "")


def _draw_person(scene: Scene, number: str) -> str:
    first, last = scene.value("first" + number), scene.value("last" + number)
    draw = scene.chance.random()
    if draw < 0.08:
        return f"{first} {scene.pick(list('ABCDEFGHJKLMPRSTW'))}. {last}"
    if draw < 0.10:
        return f"{first} {last} Jr."
    if draw < 0.13:
        return f"{first} {scene.value('first' + (number or '9'))} {last}"
    return f"{first} {last}"


def _draw_street(scene: Scene, number: str) -> str:
    draw = scene.chance.random()
    if draw < 0.4:
        name = scene.pick(WORDS["street_names"])
    elif draw < 0.65:
        name = _draw_last(scene, "")
    elif draw < 0.85:
        name = scene.word()
    else:
        name = scene.pick(list(scene.names.states))
    if scene.chance.random() < 0.25:
        name = (
            scene.pick("North South East West N. S. E. W. Old New Northwest".split()) + " " + name
        )
    kind = scene.pick(WORDS["street_types"])
    return scene.mark(f"{name} {kind}", 0.3 if kind in ("Way", "Court", "Terrace") else 0.95)


def _draw_road_number(scene: Scene, number: str) -> str:
    digit = str(scene.chance.randint(2, 99))
    kind = scene.pick(
        "Highway {}|Interstate {}|I-{}|[U.S.] {}|Route {}|State Route {}|M{}|[{zip} {}]|"
        "[County Road {}]|[U.S.] Highway {}|the A{}".split("|")
    )
    return kind.replace("{zip}", scene.value("zip")).replace("{}", digit)


def _draw_road(scene: Scene, number: str) -> str:
    name = scene.pick([_draw_last(scene, ""), scene.word(), scene.value("town3")])
    return f"{name} {scene.pick('Road|Road|Highway|Turnpike|Pike|Parkway|Bypass'.split('|'))}"


def _draw_school(scene: Scene, number: str) -> str:
    kind = scene.pick(
        "High School|Elementary School|Middle School|Academy|Junior High|High|College|University|"
        "State University|Community College|Primary School|Elementary".split("|")
    )
    draw = scene.chance.random()
    if draw < 0.45:
        town = scene.pick([scene.value("town"), scene.value("town2"), scene.value("state")])
        return f"{scene.mark(town, 0.5)} {kind}"
    if draw < 0.55:
        return f"{scene.mark(scene.value('county') + ' County', 0.6)} {kind}"
    if draw < 0.7:
        name = scene.pick(
            "Northwest|Central|Eastside|Lincoln|Washington|Jefferson|Roosevelt".split("|")
        )
        return f"{name} {kind}"
    if draw < 0.85:
        return f"{_draw_last(scene, '')} {kind}"
    if draw < 0.92:
        return f"the University of {scene.mark(scene.value('state'), 0.9)}"
    return f"St. {_draw_first(scene, '')}'s {kind}"


def _draw_church(scene: Scene, number: str) -> str:
    town = scene.value("town")
    return scene.pick(
        [
            f"St. {_draw_first(scene, '')}'s Catholic Church",
            f"First Baptist Church of {scene.mark(town, 0.9)}",
            f"{_draw_last(scene, '')} Memorial Chapel",
            "Trinity Lutheran Church",
            "First United Methodist Church",
            f"{scene.mark(town, 0.3)} United Methodist Church",
            f"{_draw_last(scene, '')} Funeral Home",
            f"{scene.word()} Baptist Church",
            "Holy Cross Church",
            f"the Church of {_draw_last(scene, '')}",
            "Mount Zion Church",
            "Bethel Temple",
        ]
    )


def _draw_hospital(scene: Scene, number: str) -> str:
    return scene.pick(
        [
            f"St. {_draw_first(scene, '')}'s Hospital",
            f"{scene.mark(scene.value('town2'), 0.4)} General Hospital",
            f"{scene.mark(scene.value('city'), 0.4)} Regional Medical Center",
            f"{scene.mark(scene.value('county') + ' County', 0.7)} Memorial Hospital",
            "University Medical Center",
            "Mercy Hospital",
            f"{_draw_last(scene, '')} Memorial Hospital",
            f"{_draw_last(scene, '')} Clinic",
        ]
    )


def _draw_company(scene: Scene, number: str) -> str:
    last = _draw_last(scene, "")
    return scene.pick(
        [
            f"{last} Corp.",
            f"{last} & Sons",
            f"{scene.invent()} Inc.",
            f"{scene.invent()}",
            f"{last} Industries",
            f"{scene.word()} Industries",
            f"{scene.word()} Holdings Ltd.",
            f"First National Bank of {scene.mark(scene.value('town'), 0.8)}",
            f"{scene.value('city')} Life Insurance Co.",
            f"{last} Energy",
            f"{last}, {last[:3]} & Co.",
            "Wal-Mart",
            "Home Depot",
            "General Motors",
            "Toyota",
            f"{scene.word()} Foods",
            "Wells Fargo",
            f"{scene.value('state')} Power Co.",
            f"Bank of {scene.mark(scene.value('country'), 0.7)}",
            "Apple",
            "Burger King",
            "Southwest Airlines",
            "Santa Fe Railway",
            "Hudson Bay Co.",
        ]
    )


def _draw_paper(scene: Scene, number: str) -> str:
    town = scene.value(scene.pick(["town", "city", "town2"]))
    kind = scene.pick(
        "Times|Herald|Globe|News|Tribune|Star|Journal|Gazette|Post|Daily News|Observer|Press|"
        "Courier|Times-News|Democrat|Sentinel|Morning News|Register|Free Press".split("|")
    )
    article = scene.pick(["The ", "the ", "", ""])
    return f"{article}{scene.mark(town, 0.2)} {kind}"


def _draw_foreign_paper(scene: Scene, number: str) -> str:
    kind = scene.pick("Times|Post|Daily|Star|Gazette|Tribune|Today".split("|"))
    return f"The {scene.pick([scene.value('fcity'), scene.value('country')])} {kind}"


def _draw_team(scene: Scene, number: str) -> str:
    draw = scene.chance.random()
    if draw < 0.25:
        return scene.pick(WORDS["teams"])
    if draw < 0.55:
        return "the " + scene.pick(WORDS["mascots"])
    town = scene.value(scene.pick(["town", "town2", "city"]))
    kind = scene.pick([*WORDS["mascots"], "United", "City", "FC", "Rovers", "High"])
    return f"{scene.mark(town, 0.35)} {kind}"


def _draw_organisation(scene: Scene, number: str) -> str:
    town, county = scene.value("town"), scene.value("county")
    return scene.pick(
        [
            "The Rotary Club",
            "The Red Cross",
            "American Legion Post 23",
            "Habitat for Humanity",
            f"The {scene.mark(town, 0.6)} Lions Club",
            "The Knights of Columbus",
            "4-H",
            f"United Way of {scene.mark(county + ' County', 0.9)}",
            "The Boy Scouts",
            f"The {scene.mark(county + ' County', 0.9)} Historical Society",
            "The Salvation Army",
            f"The {scene.mark(scene.value('state'), 0.6)} Farm Bureau",
            "The Girl Scouts",
            f"The {scene.mark(town, 0.7)} Garden Club",
            "The Sierra Club",
            "The NAACP",
        ]
    )


def _draw_party(scene: Scene, number: str) -> str:
    country = scene.value("country")
    return scene.pick(
        [
            "The Socialist Party",
            f"United {country}",
            f"New {country}",
            f"The {country} Alliance",
            f"The {scene.value('demonym')} People's Party",
            "The Democratic Party",
            "The Greens",
            f"Our {country}",
            "The National Congress",
            f"Forward {country}",
            "The Labour Party",
        ]
    )


def _draw_demonym(scene: Scene, number: str) -> str:
    country = scene.value(f"iso{number or 1}")
    return scene.names.demonyms.get(country, ["foreign"])[0]


def _draw_foreign_town(scene: Scene, number: str) -> str:
    country = scene.value("iso1")
    if scene.chance.random() < 0.12:
        return scene.invent()
    return scene.pick_town(scene.names.towns[country])


def _draw_foreign_city(scene: Scene, number: str) -> str:
    country = scene.value(f"iso{number or 1}")
    if number == "3" and scene.chance.random() < 0.4:
        return scene.pick(
            "Geneva|Vienna|Paris|London|New York|Brussels|Doha|Moscow|Washington|Addis Ababa|"
            "Cairo|Istanbul|Helsinki|Singapore|Nairobi|Astana|Abu Dhabi|Jeddah".split("|")
        )
    return scene.pick_town(scene.names.towns[country], large=True)


def _draw_province(scene: Scene, number: str) -> str:
    country = scene.value(f"iso{number or 1}")
    return scene.pick(sorted(scene.names.provinces.get(country) or {"Northern"}))


def _draw_capital(scene: Scene, number: str) -> str:
    country = scene.value(f"iso{number or 1}")
    return scene.names.capitals.get(country) or scene.pick_town(
        scene.names.towns[country], large=True
    )


def _draw_feature(*codes: str) -> Callable[[Scene, str], str]:
    def draw(scene: Scene, number: str) -> str:
        options = [name for code in codes for name in scene.names.features.get(code, [])]
        return scene.pick(options)

    return draw


def _draw_river(scene: Scene, number: str) -> str:
    if scene.chance.random() < 0.4:
        return _draw_last(scene, "")
    return re.sub(r" River$|^River ", "", scene.pick(scene.names.features["STM"]))


def _draw_lake(scene: Scene, number: str) -> str:
    draw = scene.chance.random()
    if draw < 0.3:
        return f"Lake {_draw_last(scene, '')}"
    if draw < 0.6:
        return f"{scene.pick(['Clear', 'Long', scene.word(), _draw_last(scene, '')])} Lake"
    return scene.pick(scene.names.features["LK"])


def _draw_base(scene: Scene, number: str) -> str:
    return scene.pick(
        [
            f"{scene.value('ftown')} Air Base",
            f"Camp {_draw_last(scene, '')}",
            f"Fort {_draw_last(scene, '')}",
            f"{scene.word()} Air Force Base",
            f"Naval Station {scene.word()}",
            f"{scene.value('fcity')} Airport",
        ]
    )


def _draw_long_place(scene: Scene, number: str) -> str:
    return scene.value("pair").split("=")[0]


def _draw_short_place(scene: Scene, number: str) -> str:
    return scene.value("pair").split("=")[1]


def _draw_long_office(scene: Scene, number: str) -> str:
    return " ".join(scene.pick(words) for words in WORDS["office_words"])


def _draw_short_office(scene: Scene, number: str) -> str:
    return "".join(word[0] for word in scene.value("longorg").split())


def _draw_title(scene: Scene, number: str) -> str:
    return scene.pick("Mr. Mrs. Ms. President Gen. Dr. Sheikh Prince Colonel Judge Sen.".split())


def _pick_from(options: Sequence[str]) -> Callable[[Scene, str], str]:
    return lambda scene, number: scene.pick(options)


def _number(low: int, high: int) -> Callable[[Scene, str], str]:
    return lambda scene, number: f"{scene.chance.randint(low, high):,}"


DRAWERS: dict[str, Callable[[Scene, str], str]] = {
    "iso": _draw_iso,
    "country": _draw_country,
    "town": _draw_town,
    "state": _draw_state,
    "st": _draw_st,
    "zip": _draw_zip,
    "county": _draw_county,
    "first": _draw_first,
    "last": _draw_last,
    "person": _draw_person,
    "street": _draw_street,
    "road_no": _draw_road_number,
    "road": _draw_road,
    "school": _draw_school,
    "church": _draw_church,
    "hospital": _draw_hospital,
    "company": _draw_company,
    "paper": _draw_paper,
    "fpaper": _draw_foreign_paper,
    "team": _draw_team,
    "org": _draw_organisation,
    "party": _draw_party,
    "demonym": _draw_demonym,
    "ftown": _draw_foreign_town,
    "fcity": _draw_foreign_city,
    "province": _draw_province,
    "capital": _draw_capital,
    "river": _draw_river,
    "lake": _draw_lake,
    "base": _draw_base,
    "title": _draw_title,
    "sea": _draw_feature("SEA", "OCN"),
    "gulf": _draw_feature("GULF", "BAY"),
    "strait": _draw_feature("STRT", "CNL"),
    "island": _pick_from(WORDS["islands"]),
    "mountains": _draw_feature("MTS", "MT"),
    "region": _pick_from(WORDS["regions"]),
    "oldplace": _pick_from(WORDS["former_places"]),
    "word_name": lambda scene, number: scene.word(),
    "continent": _pick_from(WORDS["continents"]),
    "agency": _pick_from(WORDS["agencies"]),
    "ngo": _pick_from(WORDS["relief_organisations"]),
    "group": _pick_from(WORDS["armed_groups"]),
    "mascot": _pick_from(WORDS["mascots"]),
    "car": _pick_from(WORDS["cars"]),
    "color": _pick_from("red blue white black silver green tan gold".split()),
    "weekday": _pick_from(WORDS["weekdays"]),
    "month": _pick_from(WORDS["months"]),
    "day": _number(1, 28),
    "n": _number(2, 400),
    "age": _number(16, 94),
    "year": lambda scene, number: str(scene.chance.randint(1950, 2024)),
    "money": _pick_from(["$1.2 million", "$500", "$40,000", "$3 billion", "£2m", "€90 million"]),
    "time": _pick_from(["7 p.m.", "10:30 a.m.", "noon", "3 p.m.", "6:15 p.m.", "midnight"]),
    "phone": _pick_from(["555-0142", "(304) 555-0188", "01632 960120", "555-0110, ext. 4"]),
    "commonword": _pick_from(WORDS["common_openers"]),
    "rest": lambda scene, number: scene.fill(scene.pick(WORDS["common_followers"])),
    "pair": _pick_from(WORDS["short_places"]),
    "longplace": _draw_long_place,
    "shortplace": _draw_short_place,
    "longorg": _draw_long_office,
    "shortorg": _draw_short_office,
    "dir": _pick_from("North South East West Northern Southern Eastern Western Central".split()),
    "dirl": _pick_from("north south east west northern southern eastern western central".split()),
    "regionw": _pick_from("Pacific Gulf Plains Highlands Valley Coast Delta".split()),
    "un": _pick_from(["U.N.", "UN", "United Nations"]),
    "eu": lambda scene, number: scene.mark(scene.pick(["EU", "E.U.", "European Union"]), 0.5),
    "us": _pick_from(["U.S.", "US", "U.S.", "United States"]),
    "uk": _pick_from(["UK", "U.K.", "United Kingdom"]),
    "bank": lambda scene, number: scene.pick(
        ["The World Bank", "The IMF", f"The Bank of {scene.mark(scene.value('country'), 0.7)}"]
    ),
    "airline": lambda scene, number: scene.pick(
        [f"Air {scene.value('country')}", f"{scene.value('country')} Airways", "British Airways"]
    ),
    "city": lambda scene, number: scene.pick_town(scene.names.towns[scene.home], large=True),
    "unknown": lambda scene, number: scene.invent(),
    "hood": lambda scene, number: scene.pick(
        [scene.word(), f"{_draw_last(scene, '')} {scene.pick(['Heights', 'Park', 'Hill'])}"]
    ),
    "creek": lambda scene, number: scene.pick([_draw_last(scene, ""), "Mill", "Rock", "Turkey"]),
    "park": lambda scene, number: scene.mark(
        scene.pick([_draw_last(scene, ""), scene.word(), "City", "Riverside"]) + " Park", 0.8
    ),
    "stadium": lambda scene, number: f"{_draw_last(scene, '')} {scene.pick(['Stadium', 'Arena'])}",
    "cemetery": lambda scene, number: scene.pick(
        [
            f"{_draw_last(scene, '')} Cemetery",
            f"{scene.mark(scene.value('town'), 0.5)} Cemetery",
            "Mount Hope Cemetery",
            "Calvary Cemetery",
        ]
    ),
    "club": lambda scene, number: scene.pick(
        [f"{_draw_last(scene, '')}'s Pub", "Blue Note Lounge", "Red Lion", "Cafe Roma", "Ritz"]
    ),
    "disease": lambda scene, number: scene.pick(["Ebola", "West Nile", "Zika", scene.word()]),
    "funiversity": lambda scene, number: scene.pick(
        [
            f"{scene.mark(scene.value('fcity3'), 0.4)} University",
            f"{_draw_last(scene, '')} University",
            f"the University of {scene.mark(scene.value('fcity3'), 0.85)}",
        ]
    ),
    "a_person": lambda scene, number: scene.pick(["A man", "A former teacher", "A couple"]),
    "country_gov": lambda scene, number: scene.pick(
        [f"the government of [{scene.value('country')}]", f"[{scene.value('country')}]"]
    ),
    "may_sentence": _pick_from(WORDS["homograph_sentences"]),
}
