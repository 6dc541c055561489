"""Who may add: a browser on this machine, or a signed-in reader who is named."""

from __future__ import annotations

from typing import Any

import pytest

from page.access import is_local, is_named, strip_port

HERE = {"Host": "localhost:8501"}


@pytest.mark.parametrize(
    ("address", "headers", "local"),
    [
        (None, HERE, True),
        (None, {}, True),
        ("127.0.0.1", {"Host": "127.0.0.1:8501"}, True),
        ("::1", {"Host": "[::1]:8501"}, True),
        ("::ffff:127.0.0.1", {"host": "localhost"}, True),
        ("127.0.0.53", HERE, True),
        ("192.168.1.7", HERE, False),
        ("::ffff:192.168.1.7", HERE, False),
        ("8.8.8.8", HERE, False),
        ("nonsense", HERE, False),
        # another site whose name resolves to this machine
        (None, {"Host": "evil.example:8501"}, False),
        ("127.0.0.1", {"Host": "localhost.evil.example"}, False),
        # a proxy on this machine stands before the world
        (None, HERE | {"X-Forwarded-For": "8.8.8.8"}, False),
        ("127.0.0.1", HERE | {"x-forwarded-for": "127.0.0.1"}, False),
        (None, HERE | {"Forwarded": "for=8.8.8.8"}, False),
        (None, HERE | {"Via": "1.1 proxy"}, False),
    ],
)
def test_local(address: str | None, headers: dict[str, str], local: bool) -> None:
    assert is_local(address, headers) is local


@pytest.mark.parametrize(
    ("user", "named"),
    [
        ({"is_logged_in": True, "email": "editor@example.org"}, True),
        ({"is_logged_in": True, "email": "Editor@Example.org", "email_verified": True}, True),
        ({"is_logged_in": True, "email": "editor@example.org", "email_verified": False}, False),
        ({"is_logged_in": True, "email": "editor@example.org", "email_verified": "false"}, False),
        ({"is_logged_in": True, "email": "other@example.org"}, False),
        ({"is_logged_in": True}, False),
        ({"is_logged_in": True, "email": None}, False),
        ({"is_logged_in": False, "email": "editor@example.org"}, False),
        ({}, False),
    ],
)
def test_named(user: dict[str, Any], named: bool) -> None:
    assert is_named(user, ("editor@example.org",)) is named


def test_nobody_is_named_by_an_empty_list() -> None:
    assert not is_named({"is_logged_in": True, "email": ""}, ())


@pytest.mark.parametrize(
    ("host", "name"),
    [("localhost", "localhost"), ("localhost:80", "localhost"), ("[::1]:80", "[::1]")],
)  # fmt: skip
def test_a_host_without_its_port(host: str, name: str) -> None:
    assert strip_port(host) == name
