"""Bytes to text: UTF-8 first, then what the bytes themselves say, then detection."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from extract.errors import UnreadableError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# First bytes of the kinds of file that people hand in for text, and what to do about each.
SIGNATURES = (
    (b"%PDF", "a PDF; save its text as .txt"),
    (b"PK\x03\x04", "a zip archive or an office document; save its text as .txt"),
    (b"\xd0\xcf\x11\xe0", "an old office document; save its text as .txt"),
    (b"{\\rtf", "a rich-text document; save its text as .txt"),
    (b"\x1f\x8b", "compressed (gzip); unpack it"),
    (b"BZh", "compressed (bzip2); unpack it"),
    (b"\xfd7zXZ", "compressed (xz); unpack it"),
    (b"(\xb5/\xfd", "compressed (zstd); unpack it"),
    (b"\x89PNG", "a picture; give its article's text"),
    (b"\xff\xd8\xff", "a picture; give its article's text"),
    (b"GIF8", "a picture; give its article's text"),
    (b"SQLite format 3", "a database; export its articles as .csv or .jsonl"),
    (b"PAR1", "a Parquet file; export its articles as .jsonl"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
# Western text that is not UTF-8 is nearly always this; where the detector cannot tell it from
# its neighbours (cp1250, cp1257: they share the quotes and dashes), it is taken.
WESTERN = "cp1252"
WESTERN_NEIGHBOURS = frozenset(
    "cp1250 cp1257 cp1254 cp1258 latin_1 iso8859_15 iso8859_13 iso8859_9 cp1252".split()
)
WESTERN_LETTERS = frozenset(
    "“”‘’–—…•€£©®°´·«»½¼\xa0ŠšŽžŒœÿÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüý"
)
# Control characters that text does not have; tab, line feeds, form feed and escape it may.
CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})
BINARY_SHARE = 0.02
DETECTED_BYTES = 65_536


def decode(raw: bytes, *, declared: str | None = None) -> str:
    """Return bytes as text, without a byte-order mark.

    `declared` is the encoding that a page or a server names; it is tried after UTF-8, because
    they are often wrong. Raises UnreadableError for bytes that are no text.
    """
    encoding = find_encoding(raw, declared=declared)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"it begins as {encoding} and breaks off at byte {error.start}; save it as UTF-8"
        ) from error


def find_encoding(raw: bytes, *, declared: str | None = None) -> str:
    """Return the name of the encoding of a text, or of its first bytes.

    Raises UnreadableError, saying what it is, for bytes that are no text.
    """
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return encoding
    for signature, kind in SIGNATURES:
        if raw.startswith(signature) and (len(signature) > 2 or b"\x00" in raw[:512]):
            raise UnreadableError(f"it is {kind}")
    wide = _find_wide(raw)
    if wide:
        return wide
    sample = raw[:DETECTED_BYTES]
    if b"\x00" in sample or _share_of_controls(sample) > BINARY_SHARE:
        raise UnreadableError("it is binary; give text (.txt .md .html .jsonl .csv)")
    if _is_utf8(raw):
        return "utf-8"
    if declared and _decodes(raw, declared):
        return codecs.lookup(declared).name
    return _detect(sample)


def _find_wide(raw: bytes) -> str | None:
    """Tell UTF-16 without a mark by the zeros beside its ASCII letters."""
    sample = raw[:4096]
    if len(sample) < 8 or len(raw) % 2:
        return None
    half = len(sample) // 2
    if sample[1::2].count(0) > 0.6 * half and sample[0::2].count(0) == 0:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.6 * half and sample[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _share_of_controls(sample: bytes) -> float:
    return (len(sample) - len(sample.translate(None, CONTROLS))) / max(1, len(sample))


def _is_utf8(raw: bytes) -> bool:
    """Say whether bytes are UTF-8, forgiving a character that the sample cut in two."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return False
    return True


def _detect(sample: bytes) -> str:
    if _is_western(sample):
        return WESTERN
    best = from_bytes(sample).best()
    if best is None:
        raise UnreadableError("its encoding cannot be told; save it as UTF-8")
    return WESTERN if best.encoding in WESTERN_NEIGHBOURS else best.encoding


def _is_western(sample: bytes) -> bool:
    """Say whether every byte past ASCII is a letter or mark of western Europe in cp1252."""
    try:
        text = sample.decode(WESTERN)
    except UnicodeDecodeError:
        return False
    beyond = [character for character in text if character > "\x7f"]
    # Russian in cp1251 decodes to letters of cp1252 too, but then most of the text is beyond.
    return len(beyond) * 5 < len(text) and all(letter in WESTERN_LETTERS for letter in beyond)
