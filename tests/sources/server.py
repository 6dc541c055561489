"""A news site of our own on this machine, with every kind of answer that a reader must survive."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY = (
    "Turkey and Georgia will hold a naval drill off the port of Batumi this week, officials of "
    "both countries said in a statement on Monday, and called the exercise a routine one."
)


SECOND = (
    "The last such drill took place in October last year, when four ships and a helicopter of the "
    "two navies trained a rescue at sea for two days, the ministry said."
)


def write_page(
    title: str = "Drill off Batumi",
    *,
    body: str = BODY,
    second: str = SECOND,
    head: str = "",
    day: str | None = "2023-03-03",
    language: str = "en",
) -> bytes:
    """Return a news page with an article of two paragraphs."""
    dated = f'<meta property="article:published_time" content="{day}">' if day else ""
    return f"""<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">
<title>{title} | Example News</title>
<meta property="og:site_name" content="Example News">{dated}{head}</head>
<body><nav><a href="/">Home</a></nav><article><h1>{title}</h1><p>{body}</p>
<p>{second}</p>
</article></body></html>""".encode()


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: its status, body and headers; `drip` writes what comes after, piece by piece."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: Callable[[], Iterator[bytes]] | None = None


def reply_page(body: bytes | None = None, **headers: str) -> Reply:
    """Return an answer with a page."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(
        body=write_page() if body is None else body,
        headers={"Content-Type": "text/html; charset=utf-8", **named},
    )


@dataclass
class NewsServer:
    """What the server answers, by path (a list: one after the other), and what it was asked."""

    port: int
    replies: dict[str, Reply | list[Reply] | Callable[[Mapping[str, str]], Reply]] = field(
        default_factory=dict
    )
    asked: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)

    def url(self, path: str, host: str = "news.example") -> str:
        """Return the address of a path under one of the server's names."""
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return what was asked for, without robots.txt."""
        return [path for _, path, _ in self.asked if path != "/robots.txt"]

    def answer(self, path: str, headers: Mapping[str, str]) -> Reply:
        """Return the answer to a request, and remember the request."""
        self.moments.append(time.monotonic())
        self.asked.append((headers.get("Host", ""), path, headers))
        reply = self.replies.get(path, Reply(404))
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        return reply if isinstance(reply, Reply) else reply(headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    news: NewsServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep the tests' output clean where a reader hangs up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        reply = self.server.news.answer(self.path, self.headers)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.drip is None:
            if reply.status != 304 and "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
            return
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            self.wfile.write(reply.body)
            for piece in reply.drip():
                self.wfile.write(piece)
                self.wfile.flush()
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


@contextmanager
def run_news_server() -> Iterator[NewsServer]:
    """Run a server on a free port of this machine."""
    with _Server(("127.0.0.1", 0), _Handler) as running:
        running.news = NewsServer(running.server_port)
        thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield running.news
        running.shutdown()
        thread.join()
