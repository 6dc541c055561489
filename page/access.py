"""Who may change the store from the page: a local reader, or a signed-in one who is named.

A page served to others is for reading. Adding needs either a browser on the machine that the
page runs on, or a reader who signed in through the OpenID Connect provider of the secrets file
and whose confirmed e-mail address stands in its `[access]` table:

    [access]
    emails = ["editor@example.org"]

`docs/access.md` has the whole file. Nothing here trusts a header to open the door: headers
can only close it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence

import streamlit as st

# What a proxy adds for the reader it stands before. Behind one on the same machine every reader
# comes from a loopback address, so its traces make a reader a stranger.
PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


def may_add() -> bool:
    """Say whether the reader of this session may add articles and poll feeds."""
    return is_local(st.context.ip_address, st.context.headers) or is_named(
        read_user(), read_emails()
    )


def is_local(address: str | None, headers: Mapping[str, str]) -> bool:
    """Say whether a reader sits at the machine that the page runs on.

    `address` is the reader's, None where Streamlit knows it for a loopback one. The Host header
    must name this machine too: a page of another site that has its own name resolve to
    127.0.0.1 (DNS rebinding) would otherwise pass.
    """
    if address is not None:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        # A server that listens on both families sees IPv4 readers as ::ffff:127.0.0.1.
        if not (getattr(parsed, "ipv4_mapped", None) or parsed).is_loopback:
            return False
    present = {name.lower() for name in headers}
    if any(name.lower() in present for name in PROXY_HEADERS):
        return False
    host = next((value for name, value in headers.items() if name.lower() == "host"), "localhost")
    return strip_port(host).lower() in LOCAL_NAMES


def strip_port(host: str) -> str:
    """Return the name of a Host header without its port."""
    name, separator, port = host.rpartition(":")
    return name if separator and port.isdecimal() else host


def is_named(user: Mapping[str, object], emails: Sequence[str]) -> bool:
    """Say whether a signed-in user's confirmed e-mail address is among those that may add.

    A provider that does not say whether it confirmed the address (`email_verified`) is believed;
    one that says it did not is not.
    """
    email = user.get("email")
    if not user.get("is_logged_in") or not isinstance(email, str):
        return False
    if user.get("email_verified") in (False, "false"):
        return False
    return email.casefold() in {one.casefold() for one in emails}


def read_user() -> Mapping[str, object]:
    """Return what the provider says of the reader; empty where nobody can sign in."""
    return dict(st.user) if can_sign_in() else {}


def read_emails() -> tuple[str, ...]:
    """Return the e-mail addresses of the secrets file that may add; none where there is no file."""
    access = read_secrets().get("access", {})
    emails = access.get("emails", ()) if isinstance(access, Mapping) else ()
    return tuple(one for one in emails if isinstance(one, str))


def can_sign_in() -> bool:
    """Say whether the secrets file names a provider to sign in at."""
    return "auth" in read_secrets()


def read_secrets() -> Mapping[str, object]:
    """Return the secrets file; empty where there is none."""
    if not st.secrets.load_if_toml_exists():
        return {}
    return dict(st.secrets)


def show_session() -> None:
    """Let the reader sign in or out where a provider is named; tell a stranger: read only."""
    user = read_user()
    if user.get("is_logged_in"):
        name = str(user.get("email") or user.get("name") or "")
        st.button(f"Sign out {name}", icon=":material/logout:", on_click=st.logout)
    elif may_add():
        return
    elif can_sign_in():
        st.button("Sign in", icon=":material/login:", on_click=st.login)
    else:
        st.caption("Read only", help="Articles are added on the machine that this page runs on.")
