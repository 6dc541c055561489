from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from geopy.distance import geodesic
from geopy.exc import GeocoderUnavailable
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from hypothesis import given
from hypothesis import strategies as st

from extract.__main__ import main
from extract.gazetteer import Gazetteer
from extract.geocoding import (
    GazetteerGeocoder,
    SecondOpinion,
    find_coordinates,
    resolve_toponyms,
)
from extract.geocoding.clues import (
    count_area_codes,
    count_country_words,
    find_context_names,
    find_source_country,
)
from extract.geocoding.surroundings import read_offset, read_surroundings
from extract.language import Document
from extract.layout import divide
from extract.records import Article, Precision, ResolvedToponym, Span, Toponym
from extract.workers import open_extractor

MARKED = re.compile(r"\[([^\]]+)\]")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(progress=False)


@pytest.fixture(scope="module")
def geocoder(gazetteer: Gazetteer) -> GazetteerGeocoder:
    return GazetteerGeocoder(gazetteer)


def resolve(marked: str, gazetteer: Gazetteer, **options: Any) -> list[ResolvedToponym]:
    """Resolve the toponyms that stand in brackets."""
    text, toponyms, end = "", [], 0
    for match in MARKED.finditer(marked):
        text += marked[end : match.start()]
        span = Span(len(text), len(text) + len(match[1]))
        toponyms.append(Toponym(span, match[1]))
        text += match[1]
        end = match.end()
    text += marked[end:]
    document = Document(Article(id="a", text=text), divide(text), ())
    results = resolve_toponyms(document, toponyms, gazetteer, **options)
    assert [result.span for result in results] == [toponym.span for toponym in toponyms]
    return results


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The best known, where nothing speaks against it.
        ("A flood hit [Paris] on Monday.", [("Paris", "FRA")]),
        ("Officials in [Georgia] and [Armenia] met.", [("Georgia", "GEO"), ("Armenia", "ARM")]),
        # A container behind the name.
        ("He was born in [Tripoli], [Lebanon].", [("Tripoli", "LBN"), ("Lebanon", "LBN")]),
        ("She lives in [Springfield], [Ill.]", [("Springfield", "Illinois"), ("Illinois", "USA")]),
        ("A man from [Paris], [Texas], died.", [("Paris", "Texas"), ("Texas", "USA")]),
        ("The fire in [Birmingham], [Ala.]", [("Birmingham", "Alabama"), ("Alabama", "USA")]),
        # A container that the recogniser left unmarked.
        ("A bus from [Moscow], Idaho, overturned.", [("Moscow", "Idaho")]),
        # A nationality before it.
        ("Jets struck the Syrian town of [Al Bab].", [("Al Bāb", "SYR")]),
        ("The Libyan capital [Tripoli] was quiet.", [("Tripoli", "LBY")]),
        # Kind words.
        ("Floods hit [Idlib province] again.", [("Idlib", "SYR")]),
        ("The [Anderson County] jail in [Knoxville] and [Clinton], [Tenn.]",
         [("Anderson County", "Tennessee"), ("Knoxville", "Tennessee"),
          ("Clinton", "Tennessee"), ("Tennessee", "USA")]),
        # The article's other places.
        ("Crews from [Lima], [Findlay] and [Toledo] drove across [Ohio].",
         [("Lima", "Ohio"), ("Findlay", "Ohio"), ("Toledo", "Ohio"), ("Ohio", "USA")]),
        ("[Tripoli], [Sidon] and [Beirut] in [Lebanon] went dark.",
         [("Tripoli", "LBN"), ("Sidon", "LBN"), ("Beirut", "LBN"), ("Lebanon", "LBN")]),
        # Two containers, two places of one name.
        ("From [Springfield], [Mo.], he moved to [Springfield], [Mass.]",
         [("Springfield", "Missouri"), ("Missouri", "USA"), ("Springfield", "Massachusetts"),
          ("Massachusetts", "USA")]),
        # One name, one place: the container counts for the bare mention too.
        ("[Paris], [Texas], is small. Police in [Paris] made an arrest.",
         [("Paris", "Texas"), ("Texas", "USA"), ("Paris", "Texas")]),
        # A list is no container.
        ("Voters in [Kansas], [Missouri] and [Iowa] go to the polls.",
         [("Kansas", "USA"), ("Missouri", "USA"), ("Iowa", "USA")]),
        # What lies in it says which of its namesakes a container is.
        ("Police in [Athens], [Georgia], made an arrest.",
         [("Athens", "Georgia"), ("Georgia", "USA")]),
        ("Police in [Paris], in [Kentucky], made an arrest.",
         [("Paris", "Kentucky"), ("Kentucky", "USA")]),
        ("The Kentucky town of [Paris] breeds horses.", [("Paris", "Kentucky")]),
        ("[Russia] attacked the port of [Odesa] early.", [("Russia", "RUS"), ("Odesa", "UKR")]),
        # A list holds places of one kind.
        ("Rain fell in [British Columbia], [Alberta], [Manitoba], [Ontario] and [New Brunswick].",
         [("British Columbia", "CAN"), ("Alberta", "CAN"), ("Manitoba", "CAN"),
          ("Ontario", "CAN"), ("New Brunswick", "CAN")]),
        ("Troops from [Chad], [Niger], [Nigeria] and [Cameroon] met.",
         [("Chad", "TCD"), ("Niger", "NER"), ("Nigeria", "NGA"), ("Cameroon", "CMR")]),
        # Old names, abbreviations.
        ("[Burma] and [Swaziland] signed.", [("Myanmar", "MMR"), ("Eswatini", "SWZ")]),
        ("Talks in [Kiev] with the [U.S.] and the [UAE].",
         [("Kyiv", "UKR"), ("United States", "USA"), ("United Arab Emirates", "ARE")]),
        # Seas.
        ("A ship sank in the [Caspian Sea] off [Baku].", [("Caspian Sea", "AZE"), ("Baku", "AZE")]),
    ],
)  # fmt: skip
def test_resolve(gazetteer: Gazetteer, text: str, expected: list[tuple[str, str]]) -> None:
    results = resolve(text, gazetteer)
    found = []
    for result, (_, area) in zip(results, expected, strict=True):
        assert result.place is not None, result.toponym.text
        inside = result.place.admin1 if len(area) > 3 else area
        found.append(
            (result.place.name, inside if area in (inside, *result.place.countries) else "?")
        )
    assert found == expected


def test_unknown_names_stay_unresolved(gazetteer: Gazetteer) -> None:
    (result,) = resolve("They met in [Xyzzyville].", gazetteer)
    assert result.place is None
    assert result.confidence == 0
    assert result.rule == "not in the gazetteer"


def test_a_district_is_its_owners_and_a_war_is_not(gazetteer: Gazetteer) -> None:
    _, district = resolve("Jets bombed houses in [Khost]'s [Gurbuz] district.", gazetteer)
    assert district.place is not None
    assert district.place.countries == ("AFG",)
    _, theatre = resolve("[Israel]'s [Rafah] offensive went on.", gazetteer)
    assert theatre.place is not None
    assert "ISR" not in theatre.place.countries


HELD = [
    ("Clashes broke out in [Xyzzyville], [Donetsk] Oblast, in [Ukraine].", "Donetsk"),
    ("Shops shut in the [Xyzzyville] slums in [Nairobi].", "Nairobi"),
    ("A farmer in [Xyzzyville] in [Fife] found a swan.", "Fife"),
    # a namesake elsewhere gives way where the words leave no doubt, not in what may be a list
    ("A soldier died in the [Springfield] area in [Donbas].", "Donbas"),
    ("Polls closed in [Springfield], [Baku] and [Cairo].", "Springfield"),
    # nothing says what holds it
    ("Clashes broke out in [Xyzzyville], and [Baku] was calm.", None),
]


@pytest.mark.parametrize(("text", "expected"), HELD)
def test_names_that_the_gazetteer_lacks_stand_for_what_holds_them(
    gazetteer: Gazetteer, text: str, expected: str | None
) -> None:
    place = resolve(text, gazetteer)[0].place
    assert (place.name if place else None) == expected


def test_mexico_is_the_country_where_mexico_city_is_named(gazetteer: Gazetteer) -> None:
    results = resolve("They flew from [Mexico City] to [Tijuana] in [Mexico].", gazetteer)
    assert [each.place.precision for each in results if each.place][2] is Precision.COUNTRY


def test_a_lonely_candidate_far_from_the_article_is_doubted(gazetteer: Gazetteer) -> None:
    at_home = resolve("Fans filled [Piccadilly], as [Perth] and [Sydney] did.", gazetteer)[0]
    abroad = resolve("Fans filled [Piccadilly], as [London] and [Leeds] did.", gazetteer)[0]
    assert abroad.confidence < at_home.confidence


def test_no_toponyms_no_places(gazetteer: Gazetteer) -> None:
    assert resolve("Nobody was there.", gazetteer) == []


def test_runners_up_and_confidence(gazetteer: Gazetteer) -> None:
    (bare,) = resolve("A storm hit [Springfield].", gazetteer)
    (sure, _) = resolve("A storm hit [Springfield], [Illinois].", gazetteer)
    assert len(bare.alternatives) == 5
    assert list(bare.alternatives) == sorted(bare.alternatives, key=lambda each: -each.score)
    assert 0 < bare.confidence < sure.confidence <= 1
    assert sure.rule == "the text names its container"


def test_country_words_place_a_lonely_name(gazetteer: Gazetteer) -> None:
    (british,) = resolve(
        "A pensioner was knocked down by a lorry in [Newport], the crown court was told. "
        "The councillor praised the constabulary and the NHS.",
        gazetteer,
    )
    (american,) = resolve(
        "Deputies arrested a high school sophomore in [Newport], the sheriff's office said. "
        "The grand jury and the district attorney were told.",
        gazetteer,
    )
    assert british.place is not None
    assert british.place.country == "GBR"
    assert american.place is not None
    assert american.place.country == "USA"


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("Strikes hit [Rafah] again.", "town"),
        ("Police in [St. Petersburg] detained dozens.", "town"),
        ("Strikes hit [Rafah governorate] again.", "province"),
        ("Strikes hit the [Donetsk] region again.", "province"),
    ],
)
def test_town_and_its_small_province(gazetteer: Gazetteer, text: str, precision: str) -> None:
    (result,) = resolve(text, gazetteer)
    assert result.place is not None
    assert result.place.precision == precision


def test_names_inside_names_help(gazetteer: Gazetteer) -> None:
    (result,) = resolve(
        "The Kentucky State Police closed the road in [London]. A spokesman for the Kentucky "
        "Transportation Cabinet said it stays shut. The University of Kentucky sent help. "
        "Deputies and the sheriff's office were told.",
        gazetteer,
    )
    assert result.place is not None
    assert result.place.admin1 == "Kentucky"


def test_context_names(gazetteer: Gazetteer) -> None:
    text = "Georgia Smith of the Ohio Senate met the Walker County board and Israel Lopez."
    assert find_context_names(text, [], gazetteer) == {"ohio": 1, "walker county": 1}
    start = text.index("Walker County")
    taken = [Span(start, start + len("Walker County"))]
    assert find_context_names(text, taken, gazetteer) == {"ohio": 1}


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://www.example.co.uk/a", "GB"),
        ("http://news.example.com.au/a?b=c", "AU"),
        ("https://example.ie", "IE"),
        ("https://example.com/uk", None),
        ("https://example.tv", None),
        ("example", None),
        (None, None),
    ],
)
def test_country_of_a_source(url: str | None, country: str | None) -> None:
    assert find_source_country(url) == country


def test_clues() -> None:
    assert count_area_codes("Call 606-555-0100 or (859) 555-0199, not 12-345.") == {"US-KY": 2}
    words = count_country_words("The councillor paid £5 for petrol.")
    assert words.most_common(1)[0][0] == "GBR"


@pytest.mark.parametrize(
    ("text", "relation", "distance", "bearing"),
    [
        ("about 50 km north of [Mosul]", "distance", 50, 0),
        ("30 miles south-east of the city of [Aleppo]", "distance", 48.28, 135),
        ("some 120 nautical miles off [Socotra]", "distance", 222.2, None),
        ("ten kilometres (6 miles) west of [Kherson]", "distance", 10, 270),
        ("20km from [Goma]", "distance", 20, None),
        ("a village south of [Gao]", "direction", None, 180),
        ("off the coast of [Oman]", "coast", None, None),
        ("near the border with [Turkey]", "border", None, None),
        ("between [Homs] and Hama", "between", None, None),
        ("in southern [Lebanon]", "part", None, 180),
        ("across north-eastern [Syria]", "part", None, 45),
        ("in the far north of [Mali]", "part", None, 0),
        ("outside [Kabul]", "near", None, None),
        ("the president of [Turkey]", None, None, None),
        ("flew to [Mosul]", None, None, None),
        ("in South [Korea]", "part", None, 180),
    ],
)
def test_offsets_are_read(
    text: str, relation: str | None, distance: float | None, bearing: float | None
) -> None:
    start = text.index("[")
    before, after = text[:start], text[text.index("]") + 1 :]
    offset = read_offset(before, after)
    if relation is None:
        assert offset is None
        return
    assert offset is not None
    assert offset.relation == relation
    assert offset.distance_km == (pytest.approx(distance, abs=0.1) if distance else None)
    assert offset.bearing == bearing


def test_distance_moves_the_place(gazetteer: Gazetteer) -> None:
    (result,) = resolve("Rockets fell 50 km north of [Mosul].", gazetteer)
    assert result.place is not None
    assert result.relative is not None
    assert result.location == result.relative
    here = (result.place.latitude, result.place.longitude)
    there = (result.relative.latitude, result.relative.longitude)
    assert geodesic(here, there).kilometers == pytest.approx(50, abs=0.01)
    assert there[0] > here[0]
    assert there[1] == pytest.approx(here[1], abs=0.01)
    assert result.relative.name == "50 km north of Mosul"
    assert result.relative.geoname_id is None
    assert result.relative.radius_km < 15


def test_between_two_places(gazetteer: Gazetteer) -> None:
    first, second = resolve("The road between [Homs] and [Hama] in Syria was cut.", gazetteer)
    assert first.place is not None
    assert second.place is not None
    assert first.relative is not None
    assert first.relative == second.relative
    assert first.place.latitude < first.relative.latitude < second.place.latitude
    assert first.relative.countries == ("SYR",)


def test_part_of_a_country_is_a_region(gazetteer: Gazetteer) -> None:
    (result,) = resolve("Shells landed in southern [Lebanon].", gazetteer)
    assert result.place is not None
    assert result.place.precision == Precision.COUNTRY
    assert result.relative is not None
    assert result.relative.precision == Precision.REGION
    assert result.relative.latitude < result.place.latitude
    assert result.relative.radius_km < result.place.radius_km


def test_named_place_has_no_relative(gazetteer: Gazetteer) -> None:
    (result,) = resolve("Shells landed in [Mosul].", gazetteer)
    assert result.relative is None
    assert result.location == result.place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at 33.5138° N, 36.2765° E on", [("33.5138° N, 36.2765° E", 33.5138, 36.2765)]),
        ("at 36°20'N 43°08'E.", [("36°20'N 43°08'E", 36.333333, 43.133333)]),
        ("36°20'15\"S, 043°08'30\"W", [("36°20'15\"S, 043°08'30\"W", -36.3375, -43.141667)]),
        ("N12.5 W69.97", [("N12.5 W69.97", 12.5, -69.97)]),
        ("12.5 degrees north and 43.3 degrees east", [
            ("12.5 degrees north and 43.3 degrees east", 12.5, 43.3)]),
        ("(33.5138, -36.2765)", [("33.5138, -36.2765", 33.5138, -36.2765)]),
        ("coordinates: 12.52, 69.97", [("12.52, 69.97", 12.52, 69.97)]),
        ("rose 1.25, 3.75 and 4.5 percent", []),
        ("won 21.5, 18.3", []),
        ("95.1234, 36.2765", []),
        ("Route 36 N 43 E", [("36 N 43 E", 36.0, 43.0)]),
        ("at 99°20'N 43°08'E", []),
        ("at 36°75'N 43°08'E", []),
    ],
)  # fmt: skip
def test_coordinates(text: str, expected: list[tuple[str, float, float]]) -> None:
    found = [(span.of(text), latitude, longitude)
             for span, latitude, longitude in find_coordinates(text)]  # fmt: skip
    assert found == [
        (words, pytest.approx(latitude), pytest.approx(longitude))
        for words, latitude, longitude in expected
    ]


@given(
    st.floats(-89.99, 89.99, allow_nan=False),
    st.floats(-179.99, 179.99, allow_nan=False),
    st.text(alphabet="abc. \n", max_size=20),
)
def test_decimal_coordinates_come_back(latitude: float, longitude: float, around: str) -> None:
    text = f"{around} ({latitude:.4f}, {longitude:.4f}) {around}"
    ((span, north, east),) = find_coordinates(text)
    assert span.of(text) == f"{latitude:.4f}, {longitude:.4f}"
    assert north == pytest.approx(latitude, abs=1e-4)
    assert east == pytest.approx(longitude, abs=1e-4)


@given(st.text(max_size=200))
def test_wild_text_has_coordinates_in_range(text: str) -> None:
    for span, latitude, longitude in find_coordinates(text):
        assert 0 <= span.start < span.end <= len(text)
        assert abs(latitude) <= 90
        assert abs(longitude) <= 180


@given(st.text(max_size=80), st.text(min_size=1, max_size=20), st.text(max_size=80))
def test_wild_surroundings(gazetteer: Gazetteer, before: str, name: str, after: str) -> None:
    text = before + name + after
    span = Span(len(before), len(before) + len(name))
    around = read_surroundings(text, span, gazetteer)
    assert around.strict <= bool(around.containers)


class TestGeocoder:
    """The gazetteer behind geopy's interface."""

    def test_is_a_geopy_geocoder(self, geocoder: GazetteerGeocoder) -> None:
        assert isinstance(geocoder, Geocoder)

    @pytest.mark.parametrize(
        ("query", "address"),
        [
            ("Tripoli", "Tripoli, Libya"),
            ("Tripoli, Lebanon", "Tripoli, North Lebanon, Lebanon"),
            ("Springfield, Ill.", "Springfield, Illinois, United States"),
            ("Paris, Lamar County, Texas", "Paris, Texas, United States"),
            ("Caspian Sea", "Caspian Sea"),
            ({"city": "Paris", "state": "Texas"}, "Paris, Texas, United States"),
        ],
    )
    def test_geocode(self, geocoder: GazetteerGeocoder, query: Any, address: str) -> None:
        location = geocoder.geocode(query)
        assert isinstance(location, Location)
        assert location.address == address
        assert location.raw["name"] == address.split(",")[0]

    def test_many(self, geocoder: GazetteerGeocoder) -> None:
        found = geocoder.geocode("Springfield", exactly_one=False, limit=4)
        assert isinstance(found, list)
        assert len(found) == 4
        assert len({tuple(location.point) for location in found}) == 4

    @pytest.mark.parametrize("query", ["Xyzzyville", "", "Tripoli, Japan"])
    def test_none(self, geocoder: GazetteerGeocoder, query: str) -> None:
        assert geocoder.geocode(query) is None
        assert geocoder.geocode(query, exactly_one=False) is None

    @pytest.mark.parametrize("bias", ["LB", "LBN", ["LBN", "SYR"]])
    def test_country_bias(self, geocoder: GazetteerGeocoder, bias: Any) -> None:
        assert geocoder.geocode("Tripoli", country_bias=bias).raw["countries"] == ["LBN"]

    def test_reverse(self, geocoder: GazetteerGeocoder) -> None:
        assert geocoder.reverse((40.4, 49.9)).raw["name"] == "Baku"
        assert geocoder.reverse("36.34, 43.13").raw["name"] == "Mosul"
        assert geocoder.reverse((0, -30)) is None
        near = geocoder.reverse((40.4, 49.9), exactly_one=False, limit=3)
        far = [geodesic((40.4, 49.9), location.point).kilometers for location in near]
        assert len(far) == 3
        assert far == sorted(far)


class FakeService(Geocoder):  # type: ignore[misc]
    """An online geocoder that answers from a table and counts how often it is asked."""

    def __init__(self, answers: dict[str, tuple[float, float]], *, down: bool = False) -> None:
        super().__init__(user_agent="test")
        self.answers, self.down, self.asked = answers, down, []  # type: ignore[var-annotated]

    def geocode(self, query: str, **_: Any) -> list[Location] | None:
        self.asked.append(query)
        if self.down:
            raise GeocoderUnavailable("down")
        point = self.answers.get(query)
        return [Location(query, (*point, 0.0), {"place_id": 1})] if point else None


@pytest.fixture
def service() -> FakeService:
    return FakeService({"Xyzzyville": (10.0, 20.0), "Xyzzyville, Chad": (11.0, 19.0)})


def test_second_opinion_is_asked_once(
    gazetteer: Gazetteer, service: FakeService, tmp_path: Path
) -> None:
    online = SecondOpinion(service, path=tmp_path / "online.sqlite", delay_seconds=0)
    geocoder = GazetteerGeocoder(gazetteer, online=online)
    assert geocoder.geocode("Baku").raw["name"] == "Baku"
    assert service.asked == []
    for _ in range(2):
        location = geocoder.geocode("Xyzzyville")
        assert (location.latitude, location.longitude) == (10.0, 20.0)
        assert geocoder.geocode("Nowhereton") is None
    assert service.asked == ["Xyzzyville", "Nowhereton"]
    again = SecondOpinion(FakeService({}), path=tmp_path / "online.sqlite", delay_seconds=0)
    assert [location.point[:2] for location in again.ask("xyzzyville")] == [(10.0, 20.0)]


def test_second_opinion_resolves_within_the_articles_country(
    gazetteer: Gazetteer, service: FakeService, tmp_path: Path
) -> None:
    online = SecondOpinion(service, path=tmp_path / "online.sqlite", delay_seconds=0)
    text = "Troops left [Xyzzyville] for [N'Djamena] in [Chad]. [Xyzzyville] is calm."
    results = resolve(text, gazetteer, online=online)
    assert results[0].place is not None
    assert (results[0].place.latitude, results[0].place.countries) == (11.0, ("TCD",))
    assert results[0].place == results[3].place
    assert "FakeService" in results[0].rule
    assert service.asked == ["Xyzzyville, Chad"]


def test_service_that_is_down_harms_nothing(gazetteer: Gazetteer, tmp_path: Path) -> None:
    service = FakeService({}, down=True)
    online = SecondOpinion(service, path=tmp_path / "online.sqlite", delay_seconds=0)
    (result,) = resolve("They met in [Xyzzyville].", gazetteer, online=online)
    assert result.place is None
    with pytest.raises(GeocoderUnavailable):
        online.ask("Xyzzyville")


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that answers as Nominatim does, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)["q"][0]
            asked.append(query)
            known = query.startswith("Xyzzyville")
            answer = [{"lat": "11.0", "lon": "19.0", "display_name": query}] if known else []
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", asked
        running.shutdown()
        thread.join()


def test_annotate_asks_online_only_when_told(
    server: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = server
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    text = "Rebels killed four soldiers in the village of Xyzzyville in Chad on Monday."
    source.write_text(json.dumps({"id": "1", "text": text}) + "\n", encoding="utf-8")

    def open_opinion(address: str) -> SecondOpinion:
        return opinion_at(address, path=tmp_path / "online.sqlite")

    def annotate(*options: str) -> dict[str, Any]:
        assert main(["annotate", str(source), "-o", str(target), *options]) == 0
        found = json.loads(target.read_text(encoding="utf-8"))["toponyms"]
        return next(each for each in found if each["text"] == "Xyzzyville")

    opinion_at = SecondOpinion.at
    monkeypatch.setattr(SecondOpinion, "at", open_opinion)
    open_extractor.cache_clear()
    assert annotate()["precision"] == "country"
    assert asked == []
    for _ in range(2):
        open_extractor.cache_clear()
        assert annotate("--online", address)["latitude"] == 11.0
    assert asked == ["Xyzzyville, Chad"]
    open_extractor.cache_clear()


def test_online_is_for_one_process_and_a_real_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "1", "text": "Nothing."}\n', encoding="utf-8")
    arguments = ["annotate", str(source), "-o", str(tmp_path / "out.jsonl"), "--online"]
    assert main([*arguments, "http://127.0.0.1:1", "--jobs", "2"]) == 1
    assert "--jobs" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*arguments, "localhost"])
    with pytest.raises(ValueError, match="no address"):
        SecondOpinion.at("localhost")
