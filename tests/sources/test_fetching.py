"""Fetching, from a server of our own: each kind of answer is handled as docs/sources.md says."""

from __future__ import annotations

import gzip
import random
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from extract.errors import FetchError, UnavailableError
from extract.sources.decompression import Decompressor
from extract.sources.fetching import FEED_TYPES, Fetcher
from extract.sources.settings import PRODUCT, FetchSettings
from tests.sources.conftest import NAMES, MakeFetcher
from tests.sources.server import NewsServer, Reply, reply_page, write_page

HTML = {"Content-Type": "text/html"}
MEGABYTE = 1_000_000


# What is had


def test_a_page_is_fetched_with_its_type_and_charset(server: NewsServer, fetcher: Fetcher) -> None:
    server.replies["/a?x=1"] = reply_page(ETag='"7"', Last_Modified="Mon, 01 Jan 2024 00:00:00 GMT")
    page = fetcher.fetch(server.url("/a?x=1#part"))
    assert page.body == write_page()
    assert (page.content_type, page.charset, page.changed) == ("text/html", "utf-8", True)
    assert (page.etag, page.last_modified) == ('"7"', "Mon, 01 Jan 2024 00:00:00 GMT")


def test_hosts_are_told_who_asks(
    server: NewsServer, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.replies["/a"] = reply_page()
    make_fetcher().fetch(server.url("/a"))
    make_fetcher(contact="desk@example.org").fetch(server.url("/a"))
    monkeypatch.setenv("DATELINE_CONTACT", "https://example.org/us\r\nX-Evil: 1")
    make_fetcher().fetch(server.url("/a"))
    agents = [headers["User-Agent"] for _, path, headers in server.asked if path == "/a"]
    assert agents == [
        f"{PRODUCT} (news reader)",
        f"{PRODUCT} (news reader; +desk@example.org)",
        f"{PRODUCT} (news reader; +https://example.org/usX-Evil: 1)",
    ]
    assert {headers["Host"] for _, _, headers in server.asked} == {f"news.example:{server.port}"}


def deflate_bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(write_page())),
        ("x-gzip", gzip.compress(write_page()) + b"\0" * 9),
        ("GZIP", gzip.compress(write_page()[:300]) + gzip.compress(write_page()[300:])),
        ("deflate", zlib.compress(write_page())),
        ("deflate", deflate_bare(write_page())),
        ("identity", write_page()),
    ],
)
def test_a_packed_page_is_unpacked(
    server: NewsServer, fetcher: Fetcher, encoding: str, packed: bytes
) -> None:
    server.replies["/a"] = reply_page(packed, Content_Encoding=encoding)
    assert fetcher.fetch(server.url("/a")).body == write_page()


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize("size", [1, 7, 100, 4096])
def test_unpacking_does_not_depend_on_the_pieces(encoding: str, size: int) -> None:
    body = random.Random(7).randbytes(3_000) + b"a" * 30_000
    packed = gzip.compress(body) if encoding == "gzip" else zlib.compress(body)
    unpacker = Decompressor(encoding)
    pieces = (packed[start : start + size] for start in range(0, len(packed), size))
    assert b"".join(unpacker.unpack(piece, MEGABYTE) for piece in pieces) == body


def test_a_chunked_page_is_read(server: NewsServer, fetcher: Fetcher) -> None:
    body = write_page()
    chunks = [body[start : start + 100] for start in range(0, len(body), 100)]
    server.replies["/a"] = Reply(
        headers={**HTML, "Transfer-Encoding": "chunked"},
        drip=lambda: iter([*(b"%x\r\n%s\r\n" % (len(c), c) for c in chunks), b"0\r\n\r\n"]),
    )
    assert fetcher.fetch(server.url("/a")).body == body


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(server: NewsServer, fetcher: Fetcher, status: int) -> None:
    server.replies["/old"] = Reply(status, headers={"Location": "/new?x=1"})
    server.replies["/new?x=1"] = reply_page()
    assert fetcher.fetch(server.url("/old")).url == server.url("/new?x=1")


def test_a_redirect_may_hold_letters_beyond_ascii(server: NewsServer, fetcher: Fetcher) -> None:
    server.replies["/old"] = Reply(302, headers={"Location": "/süd".encode().decode("latin-1")})
    server.replies["/s%C3%BCd"] = reply_page()
    assert fetcher.fetch(server.url("/old")).body == write_page()


def test_what_did_not_change_is_not_sent_again(server: NewsServer, fetcher: Fetcher) -> None:
    since = "Mon, 01 Jan 2024 00:00:00 GMT"
    server.replies["/feed"] = lambda headers: Reply(
        304 if headers.get("If-None-Match") == '"7"' else 200, b"<rss/>", {"ETag": '"7"'}
    )
    page = fetcher.fetch(server.url("/feed"), types=FEED_TYPES, etag='"7"', last_modified=since)
    assert (page.changed, page.body, page.etag) == (False, b"", '"7"')
    assert server.asked[-1][2]["If-Modified-Since"] == since


# What is refused


@pytest.mark.parametrize(
    ("reply", "complaint"),
    [
        (Reply(404), "status 404"),
        (Reply(403), "not open to us"),
        (Reply(410), "gone for good"),
        (Reply(206, b"x", HTML), "status 206"),
        (Reply(body=b"GIF89a", headers={"Content-Type": "image/gif"}), "image/gif, not a page"),
        (Reply(body=b"<rss/>", headers={"Content-Type": "application/rss+xml"}), "feeds add"),
        (Reply(302, headers={"Location": "file:///etc/passwd"}), "not http or https"),
        (Reply(302, headers={"Location": "http://[::1"}), "no address"),
        (Reply(302), "status 302"),
        (reply_page(b"x" * 1_000_001), "larger than 1,000,000 bytes"),
        (reply_page(gzip.compress(b"\0" * 30_000_000), Content_Encoding="gzip"), "larger than"),
        (reply_page(zlib.compress(b"\0" * 30_000_000), Content_Encoding="deflate"), "larger than"),
        (reply_page(gzip.compress(b"") * 60_000, Content_Encoding="gzip"), "larger than"),
        (reply_page(b"\x8b\x03", Content_Encoding="br"), "'br', which was not asked for"),
        (reply_page(gzip.compress(b"x"), Content_Encoding="gzip, gzip"), "not asked for"),
        (reply_page(b"no gzip at all", Content_Encoding="gzip"), "damaged"),
    ],
)
def test_what_cannot_be_had_is_refused(
    server: NewsServer, make_fetcher: MakeFetcher, reply: Reply, complaint: str
) -> None:
    server.replies["/a"] = reply
    fetcher = make_fetcher(size_limit=MEGABYTE)
    with pytest.raises(FetchError, match=complaint) as caught:
        fetcher.fetch(server.url("/a"))
    assert not isinstance(caught.value, UnavailableError)
    assert server.paths() == ["/a"]


def test_a_bomb_of_gzip_takes_no_room(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    server.replies["/a"] = reply_page(
        gzip.compress(b"\0" * 200_000_000, compresslevel=1), Content_Encoding="gzip"
    )
    fetcher = make_fetcher(size_limit=MEGABYTE)
    fetcher.robots_for(server.url("/"))
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="larger than"):
            fetcher.fetch(server.url("/a"))
        assert tracemalloc.get_traced_memory()[1] < 8 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_a_circle_of_redirects_ends(server: NewsServer, fetcher: Fetcher) -> None:
    server.replies["/loop"] = Reply(301, headers={"Location": "/loop"})
    with pytest.raises(FetchError, match="more than 5 times"):
        fetcher.fetch(server.url("/loop"))
    assert len(server.paths()) == 6


# What is slow


def drip(piece: bytes) -> Iterator[bytes]:
    while True:
        yield piece
        time.sleep(0.02)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(headers=HTML, drip=lambda: drip(b"x")),
        Reply(headers={**HTML, "Transfer-Encoding": "chunked"}, drip=lambda: drip(b"1\r\nx\r\n")),
        Reply(headers={**HTML, "Content-Length": "9999"}, body=b"x", drip=lambda: drip(b"x")),
        Reply(headers={**HTML, "Content-Encoding": "gzip"}, drip=lambda: drip(b"")),
        Reply(headers={**HTML, "Transfer-Encoding": "chunked"}, drip=lambda: drip(b"0")),
    ],
    ids=["body", "chunks", "length", "silence", "chunk size"],
)
def test_an_endless_answer_is_cut_off(
    server: NewsServer, make_fetcher: MakeFetcher, reply: Reply
) -> None:
    server.replies["/a"] = reply
    fetcher = make_fetcher(total_seconds=0.4)
    began = time.monotonic()
    with pytest.raises(UnavailableError, match="took longer"):
        fetcher.fetch(server.url("/a"))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("said", [b"HTTP/1.1 200 OK\r\nX-Long: ", b""], ids=["headers", "silence"])
def test_a_server_that_never_comes_to_the_point_is_cut_off(
    make_fetcher: MakeFetcher, said: bytes
) -> None:
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def serve() -> None:
            connected, _ = listening.accept()
            with connected:
                try:
                    connected.sendall(said)
                    while not stop.wait(0.02):
                        connected.sendall(b"x" if said else b"")
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        fetcher = make_fetcher(total_seconds=0.4, attempts=1)
        began = time.monotonic()
        robots = fetcher.robots_for(f"http://news.example:{port}/a")
        assert time.monotonic() - began < 2
        assert "took longer" in (robots.unreachable or "")
        stop.set()
        thread.join()


def test_a_server_that_says_nothing_is_left_after_its_time(
    server: NewsServer, make_fetcher: MakeFetcher
) -> None:
    server.replies["/a"] = Reply(headers=HTML, drip=lambda: iter([time.sleep(1.0) or b"late"]))
    with pytest.raises(UnavailableError, match="could not be fetched"):
        make_fetcher(read_seconds=0.1, attempts=2).fetch(server.url("/a"))
    assert server.paths() == ["/a", "/a"]


def test_closing_cuts_what_is_under_way(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    server.replies["/a"] = Reply(headers=HTML, drip=lambda: drip(b"x"))
    fetcher = make_fetcher()
    fetcher.robots_for(server.url("/a"))
    threading.Timer(0.2, fetcher.close).start()
    began = time.monotonic()
    with pytest.raises(UnavailableError):
        fetcher.fetch(server.url("/a"))
    assert time.monotonic() - began < 2
    with pytest.raises(UnavailableError):
        fetcher.fetch(server.url("/a"))


# What is tried again


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again(
    server: NewsServer, make_fetcher: MakeFetcher, status: int
) -> None:
    pauses: list[float] = []
    server.replies["/a"] = [Reply(status), Reply(status), reply_page()]
    fetcher = make_fetcher(pause=pauses.append, backoff_seconds=1.0)
    assert fetcher.fetch(server.url("/a")).body == write_page()
    assert pauses == [1.0, 2.0]


def test_trouble_that_stays_is_named(server: NewsServer, fetcher: Fetcher) -> None:
    server.replies["/a"] = Reply(500)
    with pytest.raises(UnavailableError, match="status 500"):
        fetcher.fetch(server.url("/a"))
    assert server.paths() == ["/a"] * 3


def test_a_server_is_waited_for_as_long_as_it_asks(
    server: NewsServer, make_fetcher: MakeFetcher
) -> None:
    pauses: list[float] = []
    server.replies["/a"] = [Reply(503, headers={"Retry-After": "7"}), reply_page()]
    make_fetcher(pause=pauses.append).fetch(server.url("/a"))
    assert pauses == [7.0]


@pytest.mark.parametrize("when", ["3600", "Fri, 31 Dec 2100 00:00:00 GMT"])
def test_a_server_that_asks_for_long_is_left_alone(
    server: NewsServer, fetcher: Fetcher, when: str
) -> None:
    server.replies["/a"] = Reply(429, headers={"Retry-After": when})
    with pytest.raises(UnavailableError, match="asks to wait") as caught:
        fetcher.fetch(server.url("/a"))
    assert caught.value.retry_after is not None
    assert caught.value.retry_after >= 3_600
    assert server.paths() == ["/a"]


def test_a_body_that_breaks_off_is_tried_again(server: NewsServer, fetcher: Fetcher) -> None:
    short = Reply(headers={**HTML, "Content-Length": "9999"}, body=b"x", drip=lambda: iter([]))
    server.replies["/a"] = [short, reply_page()]
    assert fetcher.fetch(server.url("/a")).body == write_page()


def test_a_closed_port_is_unavailable(make_fetcher: MakeFetcher) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(UnavailableError, match="could not be"):
        make_fetcher().fetch(f"http://news.example:{port}/")


def test_a_name_without_an_address_is_unavailable(fetcher: Fetcher) -> None:
    with pytest.raises(UnavailableError, match="no address"):
        fetcher.fetch("http://nowhere.example/")
    with pytest.raises(UnavailableError, match="not known"):
        fetcher.fetch("http://unheard.example/")


# Where it may not go


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "[::127.0.0.1]",
             "127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.1.", "0"]
)  # fmt: skip
def test_this_machine_is_not_asked(server: NewsServer, host: str) -> None:
    with pytest.raises(FetchError):
        Fetcher(FetchSettings(interval=0)).fetch(f"http://{host}:{server.port}/page")
    assert server.asked == []


@pytest.mark.parametrize("host", ["inside.example", "metadata.example", "mapped.example"])
def test_a_name_that_resolves_to_a_private_address_is_not_asked(
    fetcher: Fetcher, host: str
) -> None:
    with pytest.raises(FetchError, match="not on the public internet"):
        fetcher.fetch(f"http://{host}/page")


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.7/", "http://[fd00:ec2::254]/",
     "http://metadata.example/", "http://168.63.129.16/", "http://100.100.100.200/"],
)  # fmt: skip
def test_a_redirect_to_a_private_address_is_not_followed(
    server: NewsServer, fetcher: Fetcher, target: str
) -> None:
    server.replies["/a"] = Reply(302, headers={"Location": target})
    with pytest.raises(FetchError, match="not on the public internet"):
        fetcher.fetch(server.url("/a"))


def test_a_redirect_to_this_machine_is_not_followed(server: NewsServer, fetcher: Fetcher) -> None:
    server.replies["/a"] = Reply(302, headers={"Location": server.url("/secret", "127.0.0.9")})
    server.replies["/secret"] = reply_page()
    with pytest.raises(FetchError, match=r"127\.0\.0\.9, which is not on the public"):
        fetcher.fetch(server.url("/a"))
    assert server.paths() == ["/a"]


def test_the_connection_goes_to_the_address_that_was_checked(
    server: NewsServer, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.replies["/a"] = reply_page()
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def watch(host: str, *rest: object, **named: object) -> object:
        asked.append(host)
        return look_up(host, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", watch)
    assert make_fetcher().fetch(server.url("/a")).body == write_page()
    # The name itself is looked up by the resolver alone, never again by what connects.
    assert set(asked) == {"127.0.0.1"}


def test_a_name_that_turns_private_is_not_asked(
    server: NewsServer, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.replies["/a"] = reply_page()
    fetcher = make_fetcher()
    assert fetcher.fetch(server.url("/a")).body == write_page()
    monkeypatch.setitem(NAMES, "news.example", ["127.0.0.1", "10.0.0.7"])
    with pytest.raises(FetchError, match=r"10\.0\.0\.7, which is not on the public"):
        fetcher.fetch(server.url("/a"))


@pytest.mark.parametrize("port", [22, 25, 445, 79, 1])
def test_ports_of_other_services_are_not_asked(fetcher: Fetcher, port: int) -> None:
    with pytest.raises(FetchError, match=f"port {port}"):
        fetcher.fetch(f"http://news.example:{port}/")


# Certificates


class _Quiet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(write_page())

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("there is no openssl on this machine to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    written, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key,
         "-out", written, "-subj", "/CN=news.example", "-addext",
         "subjectAltName=DNS:news.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    return written, key


@pytest.mark.parametrize(
    ("host", "trusted", "complaint"),
    [
        ("news.example", True, None),
        ("other.example", True, "Hostname mismatch|doesn't match"),
        ("news.example", False, "certificate verify failed"),
    ],
)
def test_a_certificate_must_be_of_the_host(
    certificate: tuple[Path, Path],
    make_fetcher: MakeFetcher,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    trusted: bool,
    complaint: str | None,
) -> None:
    written, key = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(written, key)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(written))
    else:
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with HTTPServer(("127.0.0.1", 0), _Quiet) as running:
        running.socket = context.wrap_socket(running.socket, server_side=True)
        running.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        address = f"https://{host}:{running.server_port}/a"
        fetcher = make_fetcher(attempts=1)
        if complaint is None:
            assert fetcher.fetch(address).body == write_page()
        else:
            with pytest.raises(UnavailableError, match=complaint):
                fetcher.fetch(address)
        running.shutdown()
        thread.join()
