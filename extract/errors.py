"""What can go wrong, as one small tree.

ExtractError
├── ArticleError        one article cannot be read; the others go on
│   ├── UnreadableError     binary, empty, too large, of an unknown kind or encoding
│   ├── UndatedError        no publication date in the text and none given
│   └── FetchError          a web page or a feed could not be had, or may not be
│       └── UnavailableError    not now: another try, later, may do
├── GazetteerError      the gazetteer is missing, damaged or could not be built
├── ModelError          a language model is missing or of the wrong kind
├── TableError          an events table breaks its contract
└── StoreError          the store cannot be opened, is newer than this program, or refused a write

Every message names the culprit and says what to do about it. "Nothing found" is
never an error: finders return an empty list, look-ups return None.
"""


class ExtractError(Exception):
    """Base of every error that Dateline raises on purpose."""


class ArticleError(ExtractError):
    """One article cannot be used; it is named, counted and skipped."""


class UnreadableError(ArticleError, ValueError):
    """The file or line is binary, empty, too large, or of an unknown kind."""


class UndatedError(ArticleError, ValueError):
    """The article has no publication date and none was given."""


class FetchError(ArticleError, OSError):
    """A page or feed could not be fetched, or may not be."""


class UnavailableError(FetchError):
    """A server cannot answer at present; `retry_after` is how many seconds it asks to wait.

    `retry_after` is None where the server does not say.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class GazetteerError(ExtractError):
    """The gazetteer is missing, damaged, or could not be built."""


class ModelError(ExtractError):
    """A trained model is missing or does not have the parts that are needed."""


class TableError(ExtractError, ValueError):
    """An events table breaks the contract of `extract.table`."""


class StoreError(ExtractError):
    """The store cannot be opened or written."""
