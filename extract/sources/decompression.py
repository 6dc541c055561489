"""Bodies that a server packed, unpacked piece by piece within a limit.

gzip and deflate are asked for; both of deflate's readings (with zlib's frame, as the standard
says, and without, as some servers send it) are understood. What was not asked for is refused.
"""

from __future__ import annotations

import zlib
from typing import Any

from extract.errors import FetchError

ACCEPTED_ENCODINGS = "gzip, deflate"
GZIP_FRAME, ZLIB_FRAME, NO_FRAME = 31, 15, -15


class Decompressor:
    """Unpacks the pieces of one body.

    `encoding` is the server's Content-Encoding; empty or "identity" for a body as it is. Raises
    FetchError for any other than gzip and deflate, for two of them in a row among these.
    """

    def __init__(self, encoding: str) -> None:
        self._name = encoding.strip().lower()
        self._engine: Any = None
        self._is_first = True
        if self._name in ("gzip", "x-gzip"):
            self._engine = zlib.decompressobj(GZIP_FRAME)
        elif self._name == "deflate":
            self._engine = zlib.decompressobj(ZLIB_FRAME)
        elif self._name not in ("", "identity"):
            raise FetchError(
                f"its body is packed with {encoding[:40]!r}, which was not asked for; "
                "save the page as a file"
            )

    def unpack(self, piece: bytes, room: int) -> bytes:
        """Return what a piece holds, but no more than `room` + 1 bytes of it.

        More than `room` bytes say that the body is beyond its limit; it is of no further use
        then. Raises FetchError for a damaged body.
        """
        if self._engine is None:
            return piece[: room + 1]
        unpacked = bytearray()
        try:
            while piece and len(unpacked) <= room:
                unpacked += self._decompress(piece, room + 1 - len(unpacked))
                piece = self._engine.unconsumed_tail or self._next_member()
        except zlib.error as error:
            raise FetchError(f"its body is damaged ({error}); try again later") from error
        return bytes(unpacked)

    def _decompress(self, piece: bytes, most: int) -> bytes:
        if self._name == "deflate" and self._is_first:
            self._is_first = False
            try:
                return bytes(self._engine.decompress(piece, most))
            except zlib.error:
                self._engine = zlib.decompressobj(NO_FRAME)
        return bytes(self._engine.decompress(piece, most))

    def _next_member(self) -> bytes:
        """Return what follows the end of a packed member, ready to be unpacked as the next."""
        if not self._engine.eof:
            return b""
        rest = bytes(self._engine.unused_data).lstrip(b"\x00")
        if self._name == "deflate" or not rest.startswith(b"\x1f"):
            # Nothing more, or what some servers leave behind a body; readers pass over it.
            return b""
        self._engine = zlib.decompressobj(GZIP_FRAME)
        return rest
