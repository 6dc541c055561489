"""Sources: files, folders and pages become articles, and what cannot be read is named."""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.errors import UndatedError, UnreadableError
from extract.records import Article, hash_id
from extract.sources.encodings import decode
from extract.sources.files import Reading, Refusal, read_articles, read_inputs
from extract.sources.jsonlines import read_json_object, read_lines
from extract.sources.plaintext import (
    is_english,
    parse_written_day,
    read_markdown,
    read_plain_text,
    strip_markdown,
)
from extract.sources.webpages import read_page

DAY = datetime.date(2024, 6, 12)
TEXT = "Baku signs a deal\n\nJune 12, 2024 at 3:46 pm\n\nBaku signed a deal with Tbilisi on gas."
BODY = (
    "Turkey and Georgia will hold a naval drill off the port of Batumi this week, officials of "
    "both countries said in a statement on Monday, and called the exercise a routine one."
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Drill off Batumi | Example News</title>
<meta property="og:site_name" content="Example News">
<meta property="article:published_time" content="2023-03-03T21:05:00+00:00">
<link rel="canonical" href="https://news.example/drill?utm_source=x"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Drill off Batumi</h1>
<figure><img src="a.jpg">
<figcaption>A frigate leaves the port of Istanbul in May</figcaption></figure>
<p>{BODY}</p><p>The last such drill took place in October last year, when four ships and a
helicopter of the two navies trained a rescue at sea for two days, the ministry said.</p></article>
<aside><figure><figcaption>A caption of some other story entirely</figcaption></figure></aside>
<footer>© 2023 Example News. All rights reserved.</footer></body></html>"""


def only(found: Iterator[Article | Refusal]) -> Article | Refusal:
    (one,) = found
    return one


# Files


def test_a_text_file_gives_title_day_and_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    article = only(read_articles([path]))
    assert isinstance(article, Article)
    assert article.title == "Baku signs a deal"
    assert article.published == DAY
    assert article.text == TEXT
    assert article.id == hash_id(TEXT)
    assert article.url is None


def test_line_ends_of_windows_are_made_one_character(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode() + b"\r\n")
    assert only(read_articles([path])).text == TEXT


def test_a_line_with_the_address_makes_the_id() -> None:
    article = read_plain_text("https://News.Example/a?utm_source=x#top\n" + TEXT)
    assert article.url == "https://news.example/a"
    assert article.id == hash_id("https://news.example/a")


def test_markdown_loses_its_marks_and_keeps_its_words() -> None:
    article = read_markdown(
        '---\ntitle: "Baku signs"\ndate: 2024-06-12\nurl: https://news.example/b\n'
        "source: Example\n---\n# Baku *signs*\n\n![The port](port.jpg)\n\n> Baku **signed** a "
        "[deal](https://x.example/y_(z)) with Tbilisi on 3 \\* 2 lines.\n\nGas\n---\nIt is gas.\n"
    )
    assert article.text == (
        "Baku signs\n\nThe port\n\nBaku signed a deal with Tbilisi on 3 * 2 lines.\n\nGas\n"
        "It is gas."
    )
    assert (article.title, article.published, article.source) == ("Baku signs", DAY, "Example")
    assert article.url == "https://news.example/b"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("# Gas ##", "Gas"), ("## C# and F#", "C# and F#"), ("# ", ""), ("#\tGas", "Gas"),
        ("#Gas", "#Gas"), ("<!-- a\nb -->Gas<!-- c", "Gas<!-- c"),
    ],
)  # fmt: skip
def test_marks_are_taken_off_as_markdown_has_them(line: str, words: str) -> None:
    assert strip_markdown(line) == words


@pytest.mark.parametrize(
    "shape", ["# " + " " * 400, " ", "![", "[", "[a](", "*a ", "**", "<!--", "(" * 9, "_ "]
)
def test_marks_without_an_end_take_no_more_time_than_their_length(shape: str) -> None:
    text = shape * (200_000 // len(shape))
    began = time.process_time()
    strip_markdown(text)
    # The slowest took 0.6 s; what grows with the square takes minutes.
    assert time.process_time() - began < 5


@settings(deadline=None)
@given(st.text())
def test_taking_marks_off_never_fails(text: str) -> None:
    assert isinstance(strip_markdown(text), str)


def test_a_page_gives_its_article_and_what_it_says_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE)
    article = only(read_articles([path]))
    assert isinstance(article, Article)
    assert article.title == "Drill off Batumi"
    assert article.published == datetime.date(2023, 3, 3)
    assert article.source == "Example News"
    assert article.url == "https://news.example/drill"
    assert article.id == hash_id("https://news.example/drill")
    lines = article.text.split("\n\n")
    assert lines[:3] == [
        "Drill off Batumi", "Photo: A frigate leaves the port of Istanbul in May", BODY,
    ]  # fmt: skip
    assert "other story" not in article.text
    assert "rights reserved" not in article.text


DRILL = "<h1>Drill off Batumi</h1>", f"<p>{BODY}</p><p>{BODY.replace('naval', 'long')}</p>"


@pytest.mark.parametrize(
    "page",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": '
        '"2024-06-12T08:14:00+03:00", "dateModified": "2024-06-14"}</script>' + "".join(DRILL),
        '<meta name="date" content="2024-06-12">' + "".join(DRILL),
        f'{DRILL[0]}<time datetime="2024-06-12T08:14">last week</time>{DRILL[1]}',
        f"{DRILL[0]}<div>By Jane Doe | <span>June 12, 2024 at 3:46 pm</span></div>{DRILL[1]}",
        f"<div>12 June 2024</div>{DRILL[0]}{DRILL[1]}",
        f"{DRILL[0]}<p>BATUMI, June 12, 2024 (AFP) - The navies met.</p>{DRILL[1]}",
    ],
)
def test_a_pages_day_is_found_wherever_pages_put_it(page: str) -> None:
    article = read_page(f"<html><head></head><body>{page}</body></html>".encode())
    assert article.published == DAY


@pytest.mark.parametrize(
    "page",
    [
        "".join(DRILL),
        "".join(DRILL) + "<footer>© 2024 Example. All rights reserved.</footer>",
        "".join(DRILL) + "<p>The navies had last met for a drill on June 12, 2024, they said.</p>",
    ],
)
def test_a_page_without_a_day_of_its_own_is_refused(page: str) -> None:
    with pytest.raises(UndatedError):
        read_page(f"<html><body>{page}</body></html>".encode())


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"<html><body></body></html>", "no article"),
        (b"<html lang='ru'><body><p>x</p></body></html>", "says it is in 'ru'"),
        (b"<p>" + b"<div>" * 5_000, "no article"),
    ],
)
def test_a_page_without_an_english_article_is_refused(raw: bytes, complaint: str) -> None:
    with pytest.raises(UnreadableError, match=complaint):
        read_page(raw)


def test_a_page_reads_nothing_from_elsewhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    hostile = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY l "lol">'
        '<!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;&l;&l;">]>' + PAGE.replace("<p>", "<p>&x;&m;", 1)
    )
    article = read_page(hostile.encode())
    assert "secret words" not in article.text
    assert "lollol" not in article.text


def test_json_lines_keep_the_text_and_name_the_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    text = "  Baku signed.\r\n\tIt did. "
    lines = [
        json.dumps({"id": 1, "text": text, "published": "2024-06-12", "title": "Baku"}),
        "{broken",
        "",
        json.dumps({"text": text + "x", "published": "2024-06-12T10:00:00Z", "url": "no address"}),
        json.dumps(["no", "object"]),
        json.dumps({"title": "no text"}),
        json.dumps({"text": "Baku signed."}),
        json.dumps({"text": "Baku signed.", "published": "12th"}),
    ]
    path.write_text("\n".join(lines))
    found = dict(read_inputs([str(path)], Reading()))
    assert [origin.rsplit(" ", 1)[1] for origin in found] == list("1245678")
    articles = [article for article in found.values() if isinstance(article, Article)]
    assert [article.text for article in articles] == [text, text + "x"]
    assert {article.published for article in articles} == {DAY}
    reasons = [refusal.reason for refusal in found.values() if isinstance(refusal, Refusal)]
    for reason, word in zip(
        reasons, ["no JSON", "not an object", '"text"', "no day", "YYYY-MM-DD"], strict=True
    ):
        assert word in reason


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "no JSON"),
        (b'{"text": "x", "id": [1]}', '"id"'),
        (b'{"text": "x", "title": 3}', '"title" is no string'),
        (b'{"text": "x", "published": "2024-13-01"}', "month must be in"),
        (b'{"text": "' + b"x" * 2_000_000 + b'"}', "longer than the limit"),
        (b'{"text": "x", "id": ' + b"9" * 10_000 + b"}", "cannot be read"),
        (b"null", "not an object"),
    ],
)
def test_a_bad_line_says_what_is_wrong(line: bytes, complaint: str) -> None:
    with pytest.raises(UnreadableError, match=complaint):
        read_json_object(line, size_limit=1_000_000)


def test_half_surrogates_and_zeros_are_replaced_one_for_one() -> None:
    record = read_json_object(b'{"text": "a\\ud83d\\u0000b\\ud83d\\ude00c"}', size_limit=1_000)
    assert record.text == "a\ufffd\ufffdb\U0001f600c"


def test_no_reader_hands_on_what_a_database_cannot_hold(tmp_path: Path) -> None:
    wide = (TEXT + " Zero: \x00. " + "Baku signed it. " * 9).encode("utf-16")
    (tmp_path / "a.txt").write_bytes(wide)
    article = only(read_articles([tmp_path / "a.txt"]))
    assert isinstance(article, Article)
    assert "Zero: \ufffd." in article.text
    (tmp_path / "a.csv").write_bytes(
        "text,title,date\nBaku \x00,T\x00,2024-06-12\n".encode("utf-16")
    )
    article = only(read_articles([tmp_path / "a.csv"]))
    assert isinstance(article, Article)
    assert (article.text, article.title) == ("Baku \ufffd", "T\ufffd")


def test_a_line_beyond_the_limit_is_cut_and_the_next_is_whole() -> None:
    file = io.BytesIO(b"a" * 25 + b"\nbb\n" + b"c" * 10 + b"\nd")
    assert list(read_lines(file, 10)) == [
        (1, b"a" * 11), (2, b"bb\n"), (3, b"c" * 10 + b"\n"), (4, b"d"),
    ]  # fmt: skip


def test_csv_is_read_by_its_headers_names(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Headline", "Body", "Date", "Outlet", "Link"])
        writer.writerow(["Baku", 'Baku "signed",\na deal.', "June 12, 2024", "Ex", "http://a.b/c"])
        writer.writerow(["Baku", "Baku signed.", "03/04/2024", "", ""])
        writer.writerow(["", "", "", "", ""])
        writer.writerow(["Baku", "", "2024-06-12", "", ""])
        writer.writerow(["Baku", "x" * 200_000, "2024-06-12", "", ""])
        writer.writerow(["short"])
    found = list(read_articles([path], size_limit=300_000))
    first, unclear, empty, long, short = found
    assert isinstance(first, Article)
    assert first.text == 'Baku "signed",\na deal.'
    assert (first.title, first.published, first.source) == ("Baku", DAY, "Ex")
    assert first.url == "http://a.b/c"
    assert isinstance(unclear, Refusal)
    assert "two ways" in unclear.reason
    assert unclear.origin == f"{path}, line 4"
    assert isinstance(empty, Refusal)
    assert isinstance(long, Article)
    assert isinstance(short, Refusal)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_with_any_delimiter(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"text{delimiter}date\r\nBaku signed.{delimiter}2024-06-12\r\n", "utf-8-sig")
    assert only(read_articles([path])).published == DAY


def test_csv_without_a_text_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,date\nx,2024-06-12\n")
    refusal = only(read_articles([path]))
    assert isinstance(refusal, Refusal)
    assert "no column for the text" in refusal.reason


def test_a_folder_is_read_by_name_and_what_is_bad_in_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.txt").write_text(TEXT + " Two.")
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7 ...")
    (tmp_path / "d.txt").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 9)
    (tmp_path / "e.txt").write_bytes(b"")
    (tmp_path / "f.txt").write_bytes(b" \n\t ")
    (tmp_path / "g.txt").write_text("Baku signed a deal with Tbilisi.")
    (tmp_path / "h.txt").write_text("x" * 2_000)
    (tmp_path / "i.txt").write_bytes(bytes(range(256)) * 4)
    (tmp_path / ".hidden.txt").write_text(TEXT)
    (tmp_path / "loop").symlink_to(tmp_path)
    found = dict(
        read_inputs([str(tmp_path), str(tmp_path / "none.txt")], Reading(size_limit=1_500))
    )
    refusals = {
        Path(origin).name: refusal.reason
        for origin, refusal in found.items()
        if isinstance(refusal, Refusal)
    }
    articles = [Path(o).name for o, article in found.items() if isinstance(article, Article)]
    assert articles == ["a.txt", "two.txt"]
    expected = {
        "c.pdf": "not read", "d.txt": "over the limit", "e.txt": "empty", "f.txt": "empty",
        "g.txt": "no day of publication", "h.txt": "over the limit", "i.txt": "binary",
        "none.txt": "no such file",
    }  # fmt: skip
    assert refusals.keys() == expected.keys()
    for name, words in expected.items():
        assert words in refusals[name]


def test_a_given_day_stands_in_only_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text("Baku signed a deal with Tbilisi.")
    given_day = datetime.date(2020, 1, 1)
    found = list(read_articles([tmp_path], published=given_day))
    assert [article.published for article in found if isinstance(article, Article)] == [
        DAY, given_day,
    ]  # fmt: skip


def test_an_undated_article_names_what_is_not_enough() -> None:
    with pytest.raises(UndatedError, match='"June 12" is not enough'):
        read_plain_text("BAKU, June 12 (Reuters) - They signed a deal.")


def test_special_files_are_refused() -> None:
    refusal = only(read_articles(["/dev/null"]))
    assert isinstance(refusal, Refusal)
    assert "no plain file" in refusal.reason


QUOTED = "“Türkiye said – café” on Monday. The army’s base at Nakhchivan was hit, officials said."


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", QUOTED),
        ("utf-8-sig", QUOTED),
        ("utf-16", QUOTED),
        ("utf-16-le", QUOTED),
        ("utf-16-be", QUOTED),
        ("utf-32", QUOTED),
        ("cp1252", QUOTED),
        ("latin-1", "Señor Müller met the president in São Paulo, the ministry said on Monday."),
        ("cp1251", "Президент заявил в понедельник, что войска отошли от границы Армении."),
        ("ascii", "Plain words."),
    ],
)
def test_text_is_read_in_its_own_encoding(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"PK\x03\x04" + b"\x00" * 99, "zip"),
        (b"\x1f\x8b\x08" + b"\x00" * 99, "gzip"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\x7fELF\x02", "program"),
        (bytes(range(256)) * 8, "binary"),
        (b"SQLite format 3\x00", "database"),
    ],
)
def test_bytes_that_are_no_text_are_named(raw: bytes, complaint: str) -> None:
    with pytest.raises(UnreadableError, match=complaint):
        decode(raw)


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_text_or_refused(raw: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        assert isinstance(decode(raw), str)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60
)
@given(st.sampled_from([".txt", ".md", ".html", ".jsonl", ".csv"]), st.binary(max_size=400))
def test_any_file_is_an_article_or_a_refusal(tmp_path: Path, ending: str, raw: bytes) -> None:
    path = tmp_path / f"wild{ending}"
    path.write_bytes(raw)
    for found in read_articles([path], published=DAY):
        assert isinstance(found, Article) or found.reason


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-06-12", DAY),
        ("2024-06-12T10:00:00+04:00", DAY),
        ("Wed, 12 Jun 2024 10:00:00 GMT", DAY),
        ("June 12, 2024", DAY),
        ("31/12/2024", datetime.date(2024, 12, 31)),
        ("12/31/2024", datetime.date(2024, 12, 31)),
        ("12.06.2024", DAY),
    ],
)
def test_a_written_day_with_one_meaning_is_read(written: str, day: datetime.date) -> None:
    assert parse_written_day(written) == day


@pytest.mark.parametrize("written", ["03/04/2024", "June 2024", "yesterday", "", "June 12"])
def test_a_written_day_with_none_or_two_is_not(written: str) -> None:
    with pytest.raises(UnreadableError, match="YYYY-MM-DD"):
        parse_written_day(written)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        (BODY * 2, True),
        ("Short words only.", True),
        ("El ministro dijo que las fuerzas armadas habían tomado la ciudad y que no había heridos. "
         "La operación comenzó el lunes por la mañana en la frontera con el país vecino, según el "
         "portavoz del ejército, que pidió a la población que no saliera de casa.", False),
        ("Die Armee hat am Montag mit einer Übung begonnen, sagte der Minister in Berlin. An der "
         "Übung nehmen Soldaten aus vier Ländern teil. Sie dauert bis Freitag und soll zeigen, "
         "dass die Truppen zusammen arbeiten können, hieß es in einer Erklärung.", False),
        ("Президент заявил в понедельник что войска отошли от границы и что переговоры будут " * 4,
         False),
    ],
)  # fmt: skip
def test_english_is_told_by_its_common_words(text: str, english: bool) -> None:
    assert is_english(text) is english


def test_a_text_in_another_language_is_refused() -> None:
    with pytest.raises(UnreadableError, match="not in English"):
        read_plain_text(
            "12 June 2024\n" + "El ministro dijo que las fuerzas tomaron la ciudad. " * 9
        )
