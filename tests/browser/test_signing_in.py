"""Strangers read; a reader who signs in and is named adds. Against a provider of our own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Reader, fill_store
from tests.browser.provider import Provider, run_provider
from tests.made_events import make_pairs

pytestmark = pytest.mark.browser

# Resolves to this machine, but is not a name of it that the page takes for local.
HOST = "dateline.localhost"


@pytest.mark.parametrize(
    ("email", "adds"), [("editor@example.org", True), ("guest@example.org", False)]
)
def test_only_who_is_named_adds(
    reader: Reader,
    serve: Callable[..., str],
    tmp_path: Path,
    email: str,
    adds: bool,
) -> None:
    with run_provider(Provider(client_id="dateline", email=email)) as provider:
        path = tmp_path / "secrets.toml"

        def write_secrets(port: int) -> None:
            path.write_text(
                f"""
[auth]
redirect_uri = "http://{HOST}:{port}/oauth2callback"
cookie_secret = "{"s" * 40}"
client_id = "dateline"
client_secret = "test"
server_metadata_url = "{provider.address}/.well-known/openid-configuration"

[access]
emails = ["editor@example.org"]
""",
                encoding="utf-8",
            )

        address = serve(
            fill_store(tmp_path / "made.sqlite", make_pairs(12)),
            host=HOST,
            prepare=write_secrets,
            options=[f"--secrets.files={path}"],
        )
        add = reader.page.get_by_role("button", name="Add articles")
        reader.open(address)
        assert add.count() == 0
        reader.page.get_by_role("button", name="Sign in").click()
        reader.page.get_by_role("button", name=f"Sign out {email}").wait_for()
        reader.rest()
        assert add.count() == (1 if adds else 0)
        reader.page.get_by_role("button", name=f"Sign out {email}").click()
        reader.page.get_by_role("button", name="Sign in").wait_for()
        assert add.count() == 0
    assert reader.outside == []


def test_a_stranger_without_a_provider_reads_only(
    reader: Reader, serve: Callable[..., str], tmp_path: Path
) -> None:
    address = serve(fill_store(tmp_path / "made.sqlite", make_pairs(12)), host=HOST)
    reader.open(address)
    reader.page.get_by_text("Read only").wait_for()
    assert reader.page.get_by_role("button", name="Add articles").count() == 0
    reader.check()
