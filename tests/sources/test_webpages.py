"""Pages from the web: whose they are, in which language, and in which letters."""

from __future__ import annotations

import datetime

import pytest

from extract.errors import ExtractError, FetchError, UndatedError, UnreadableError
from extract.records import Article, hash_id
from extract.sources.fetching import Fetcher
from extract.sources.files import Reading, Refusal, name_refusal, read_address, read_inputs
from extract.sources.plaintext import is_english
from extract.sources.webpages import fetch_article, read_page
from tests.sources.server import BODY, NewsServer, Reply, reply_page, write_page

DAY = datetime.date(2023, 3, 3)
TEXT = "Baku signs a deal\n\nJune 12, 2024 at 3:46 pm\n\nBaku signed a deal with Tbilisi on gas."


def canonical(address: str) -> bytes:
    return write_page(head=f'<link rel="canonical" href="{address}">')


@pytest.mark.parametrize(
    ("page", "url"),
    [
        (canonical("https://news.example/drill?utm_source=x"), "https://news.example/drill"),
        (canonical("https://www.news.example/drill#top"), "https://www.news.example/drill"),
        (canonical("/drill"), "http://news.example/drill"),
        (
            write_page(head='<meta property="og:url" content="https://news.example/og">'),
            "https://news.example/og",
        ),
        # Another's page, the front page, and no address are not the page's own.
        (canonical("https://other.example/drill"), "http://news.example/a?id=7"),
        (canonical("https://news.example/"), "http://news.example/a?id=7"),
        (canonical("javascript:void(0)"), "http://news.example/a?id=7"),
        (canonical("http://[::1"), "http://news.example/a?id=7"),
        (write_page(), "http://news.example/a?id=7"),
    ],
)
def test_a_page_has_one_address(page: bytes, url: str) -> None:
    article = read_page(page, url="http://news.example/a?id=7&utm_medium=rss")
    assert article.url == url
    assert article.id == hash_id(url)


def test_a_saved_page_says_where_it_is_from() -> None:
    assert read_page(canonical("https://other.example/drill")).url == "https://other.example/drill"
    assert read_page(write_page()).url is None


def test_a_page_is_fetched_and_read(server: NewsServer, fetcher: Fetcher) -> None:
    server.replies["/a"] = reply_page(canonical("https://news.example/drill"))
    article = fetch_article(server.url("/a"), fetcher=fetcher)
    assert (article.title, article.published) == ("Drill off Batumi", DAY)
    assert article.url == "https://news.example/drill"
    assert article.source == "Example News"


def test_a_text_is_fetched_and_has_its_address(server: NewsServer, fetcher: Fetcher) -> None:
    text = {"Content-Type": "text/plain"}
    server.replies["/a"] = Reply(body=TEXT.encode(), headers=text)
    server.replies["/b"] = Reply(body=b"https://other.example/x\n" + TEXT.encode(), headers=text)
    assert fetch_article(server.url("/a"), fetcher=fetcher).url == server.url("/a")
    assert fetch_article(server.url("/b"), fetcher=fetcher).url == server.url("/b")


def test_a_day_from_elsewhere_stands_in(server: NewsServer, fetcher: Fetcher) -> None:
    server.replies["/a"] = reply_page(write_page(day=None))
    with pytest.raises(UndatedError):
        fetch_article(server.url("/a"), fetcher=fetcher)
    day = datetime.date(2024, 1, 2)
    assert fetch_article(server.url("/a"), fetcher=fetcher, published=day).published == day
    server.replies["/b"] = reply_page()
    assert fetch_article(server.url("/b"), fetcher=fetcher, published=day).published == DAY


@pytest.mark.parametrize(
    ("encoding", "header", "declared"),
    [
        ("cp1252", "text/html", "windows-1252"),
        ("cp1252", "text/html; charset=windows-1252", "utf-8"),
        ("utf-8", "text/html; charset=iso-8859-1", "iso-8859-1"),
        ("utf-8", "text/html; charset=nonsense", "also-nonsense"),
        ("cp1252", "text/html; charset=nonsense", "also-nonsense"),
        ("utf-16", "text/html", "utf-8"),
    ],
)
def test_a_wrong_charset_does_no_harm(
    server: NewsServer, fetcher: Fetcher, encoding: str, header: str, declared: str
) -> None:
    page = write_page(body=BODY.replace("Batumi", "Bâtumi – “so”")).decode()
    body = page.replace('charset="utf-8"', f'charset="{declared}"').encode(encoding)
    server.replies["/a"] = Reply(body=body, headers={"Content-Type": header})
    assert (
        "port of Bâtumi – “so” this week" in fetch_article(server.url("/a"), fetcher=fetcher).text
    )


RUSSIAN = "Президент заявил, что войска отошли от границы и что переговоры продолжатся в среду. "
SPANISH = (
    "El ministro dijo que las fuerzas armadas tomaron la ciudad y que no había heridos. La "
    "operación comenzó el lunes en la frontera con el país vecino, según el portavoz. "
)


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        (write_page(language="ru", body=RUSSIAN * 4, second=RUSSIAN), "says it is in 'ru'"),
        (write_page(language="es", body=SPANISH * 2, second=SPANISH), "says it is in 'es'"),
        (write_page(language="fr-FR", body="Bref.", second="Rien."), "says it is in 'fr'"),
    ],
)
def test_a_page_in_another_language_is_refused(page: bytes, complaint: str) -> None:
    with pytest.raises(UnreadableError, match=complaint):
        read_page(page)


def test_an_english_article_in_a_foreign_frame_is_read() -> None:
    assert read_page(write_page(language="az")).title == "Drill off Batumi"
    assert read_page(write_page(language="en-GB")).title == "Drill off Batumi"


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Baku signs gas deal", True),
        (
            "Rio de la Plata drill off Punta del Este ends, navies of Argentina and Uruguay say",
            True,
        ),
        ("Gunmen kill five near Port-au-Prince", True),
        ("", True),
        ("Президент заявил о мире", False),
        ("海军周一在港口外举行演习", False),
        ("El ministro dijo que las fuerzas armadas tomaron la ciudad por la noche", False),
        ("Der Minister sagte, dass die Armee nicht mit einer Übung auf dem Meer beginne", False),
        ("Le ministre est dans la capitale pour des entretiens sur une trêve avec les", False),
    ],
)
def test_short_texts_are_told_by_their_letters_and_words(text: str, english: bool) -> None:
    assert is_english(text) is english


def test_addresses_among_the_inputs_share_one_fetcher(server: NewsServer) -> None:
    server.replies |= {"/a": reply_page(), "/b": Reply(404), "/c": Reply(410)}
    addresses = [server.url(path, "127.0.0.1") for path in ("/a", "/b", "/c")]
    found = dict(read_inputs(addresses, Reading(allow_private=True)))
    assert list(found) == addresses
    assert isinstance(found[addresses[0]], Article)
    refusals = [found[address] for address in addresses[1:]]
    assert all(isinstance(one, Refusal) and not one.passing for one in refusals)
    assert [path for _, path, _ in server.asked].count("/robots.txt") == 1
    inside = dict(read_inputs([addresses[0]], Reading()))[addresses[0]]
    assert isinstance(inside, Refusal)
    assert "not on the public internet" in inside.reason


@pytest.mark.parametrize(
    ("origin", "reason", "sentence"),
    [
        ("http://a.example/x", "http://a.example/x is gone", "http://a.example/x is gone"),
        ("http://a.example/x", "it is in 'fr'", "http://a.example/x: it is in 'fr'"),
        ("it", "it is empty", "it: it is empty"),
    ],
)
def test_a_refused_input_is_named_once(origin: str, reason: str, sentence: str) -> None:
    assert name_refusal(origin, reason) == sentence


def test_a_refusal_says_whether_it_will_pass(server: NewsServer, fetcher: Fetcher) -> None:
    server.replies |= {"/a": Reply(503), "/b": Reply(404)}
    assert read_address(server.url("/a"), fetcher=fetcher).passing  # type: ignore[union-attr]
    assert not read_address(server.url("/b"), fetcher=fetcher).passing  # type: ignore[union-attr]


@pytest.mark.parametrize("path", ["/404", "/picture", "/empty"])
def test_every_refusal_is_one_of_ours(server: NewsServer, fetcher: Fetcher, path: str) -> None:
    server.replies["/picture"] = Reply(body=b"GIF89a", headers={"Content-Type": "image/gif"})
    server.replies["/empty"] = reply_page(b"")
    with pytest.raises(ExtractError) as caught:
        fetch_article(server.url(path), fetcher=fetcher)
    assert isinstance(caught.value, (FetchError, UnreadableError))
