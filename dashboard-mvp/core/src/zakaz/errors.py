"""The error tree: each class tells the caller what to do next.

ZakazError
├── SettingsError     78  fix the configuration, then run again
├── SourceError           the API of a source did not serve us
│   ├── TransientSourceError  75  wait, then run again
│   └── PermanentSourceError  78  fix token, rights or request
├── DataError         65  the data itself is wrong
├── WarehouseError    75  the store or server did not serve us
│   ├── DamagedStore      65  a file of a table no longer holds what was written into it
│   └── DiskFull      75  free some space, then run again
├── SchemaDrift       78  the live schema is not the declared one
├── Locked            75  another writer is at work
└── PartialLoad       75  some items failed, the rest landed

Exit codes are those of ``sysexits.h`` (R11); any other exception is a bug and exits 70.
"""

from __future__ import annotations

EXIT_OK = 0
EXIT_DATA = 65
EXIT_BUG = 70
EXIT_TRANSIENT = 75
EXIT_CONFIG = 78


class ZakazError(Exception):
    """Something a user can act on; its text says what to do next and holds no secret."""

    exit_code = EXIT_BUG


class SettingsError(ZakazError):
    """The configuration is wrong: name every faulty variable at once."""

    exit_code = EXIT_CONFIG


class SourceError(ZakazError):
    """A source API did not serve us; ``endpoint`` and ``status`` say where and how."""

    exit_code = EXIT_TRANSIENT

    def __init__(self, message: str, *, endpoint: str = "", status: int | None = None) -> None:
        super().__init__(message)
        self.endpoint = endpoint
        self.status = status


class TransientSourceError(SourceError):
    """The source may serve us later: network, 429, 5xx, a broken body."""

    exit_code = EXIT_TRANSIENT


class PermanentSourceError(SourceError):
    """The source will not serve this request: wrong token, wrong path, ignored filter."""

    exit_code = EXIT_CONFIG


class DataError(ZakazError):
    """The data itself is wrong beyond what quarantine may absorb."""

    exit_code = EXIT_DATA


class WarehouseError(ZakazError):
    """The warehouse did not serve us; ``code`` is the engine's error code where it gave one."""

    exit_code = EXIT_TRANSIENT

    def __init__(self, message: str, *, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class DamagedStore(WarehouseError):
    """A file of a table no longer holds what was written into it: no repetition helps."""

    exit_code = EXIT_DATA


class DiskFull(WarehouseError):
    """A disk that is written to has no room left; the message names its folders."""


class SchemaDrift(ZakazError):
    """The live schema differs from the declared one: object, expected, found."""

    exit_code = EXIT_CONFIG


class Locked(ZakazError):
    """Another writer holds the store; the message names its process id."""

    exit_code = EXIT_TRANSIENT


class PartialLoad(ZakazError):
    """Some items failed and the rest landed."""

    exit_code = EXIT_TRANSIENT
