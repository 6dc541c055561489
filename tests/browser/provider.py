"""A provider of OpenID Connect on this machine, for the tests of signing in.

It knows one reader, asks no password, and speaks just the code flow that Streamlit uses.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


class Provider:
    """Signs in everybody as the reader with one e-mail address."""

    def __init__(self, *, client_id: str, email: str) -> None:
        self.client_id, self.email = client_id, email
        self.key = RSAKey.generate_key(2048, {"use": "sig", "kid": "test"})
        self.nonces: dict[str, str] = {}
        self.address = ""

    def metadata(self) -> dict[str, Any]:
        """Return what the discovery document says."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def authorize(self, query: dict[str, list[str]]) -> str:
        """Return where the reader's browser is sent back to."""
        code = secrets.token_urlsafe(8)
        self.nonces[code] = query.get("nonce", [""])[0]
        back = {"code": code, "state": query["state"][0]}
        return f"{query['redirect_uri'][0]}?{urlencode(back)}"

    def token(self, form: dict[str, list[str]]) -> dict[str, Any]:
        """Return the tokens for a code."""
        now = int(time.time())
        claims = {
            "iss": self.address,
            "sub": "reader-1",
            "aud": self.client_id,
            "iat": now,
            "exp": now + 600,
            "nonce": self.nonces.pop(form["code"][0]),
            "email": self.email,
            "email_verified": True,
        }
        return {
            "access_token": secrets.token_urlsafe(8),
            "token_type": "Bearer",
            "expires_in": 600,
            "id_token": jwt.encode({"alg": "RS256", "kid": "test"}, claims, self.key),
        }


@contextmanager
def run_provider(provider: Provider) -> Iterator[Provider]:
    """Serve a provider on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(parse_qs(parts.query)))
                self.end_headers()
            elif parts.path == "/keys":
                self._answer({"keys": [provider.key.as_dict(private=False)]})
            else:
                self._answer(provider.metadata())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(provider.token(parse_qs(body)))

        def _answer(self, value: object) -> None:
            written = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
