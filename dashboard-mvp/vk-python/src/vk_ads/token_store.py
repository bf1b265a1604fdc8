"""The one access token of an account, kept between runs in a file that only its owner may read.

An account has five token slots and an expired token holds its slot, so a token is never asked for
while a stored one can be renewed. All workers of a machine share the file and its lock.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta
from zakaz.errors import Locked, SettingsError, TransientSourceError
from zakaz.file_lock import FileLock
from zakaz.loose_json import UNREADABLE
from zakaz.private_folder import make_private
from zakaz.scrub import hide

_OWNER_ONLY = 0o600
_GLANCE = 0.1


class Token(msgspec.Struct, frozen=True):
    """An access token; ``expires_at`` is None for one that never expires."""

    access: str
    refresh: str
    expires_at: Annotated[datetime, Meta(tz=True)] | None

    def __repr__(self) -> str:
        """Tell all but the secrets."""
        return f"Token(expires_at={self.expires_at})"


class TokenStore:
    """The stored token of one client id at one address.

    ``wait`` is how many seconds another worker may hold the lock; ``sleep`` is injected by tests.
    """

    def __init__(
        self,
        folder: Path,
        base_url: str,
        client_id: str,
        *,
        wait: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        mark = sha256(f"{base_url}\0{client_id}".encode()).hexdigest()[:16]
        self.path = folder / f"vk-token-{mark}.json"
        self._lock = FileLock(folder / f"vk-token-{mark}.lock")
        self._wait = wait
        self._clock = clock
        self._sleep = sleep

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the token against every other worker; raises TransientSourceError after the wait."""
        ends = self._clock() + self._wait
        while True:
            try:
                self._lock.acquire()
                break
            except Locked as error:
                if self._clock() >= ends:
                    raise TransientSourceError(
                        f"The VK Ads token is being renewed by another run ({error})."
                    ) from None
                self._sleep(_GLANCE)
            except OSError as error:
                raise self._unusable(error) from None
        try:
            yield
        finally:
            self._lock.release()

    def read(self) -> Token | None:
        """Give the stored token; None when there is none or the file cannot be understood."""
        try:
            token = msgspec.json.decode(self.path.read_bytes(), type=Token)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error) from None
        except UNREADABLE:
            return None  # a broken file costs one slot; refusing to run would cost the data
        for secret in (token.access, token.refresh):
            hide(secret)
        return token

    def write(self, token: Token) -> None:
        """Store a token whole or not at all, readable by the owner only (mkstemp makes it so)."""
        for secret in (token.access, token.refresh):
            hide(secret)
        try:
            number, name = tempfile.mkstemp(prefix=".vk-token-", dir=self.path.parent)
            try:
                with os.fdopen(number, "wb") as file:
                    os.fchmod(number, _OWNER_ONLY)
                    file.write(msgspec.json.encode(token))
                    file.flush()
                    os.fsync(number)
                Path(name).replace(self.path)
            except BaseException:
                with suppress(FileNotFoundError):
                    Path(name).unlink()
                raise
        except OSError as error:
            raise self._unusable(error) from None

    def require_writable(self) -> None:
        """Make the folder; raises SettingsError before a token is asked for that could be lost."""
        try:
            make_private(self.path.parent)
            with tempfile.TemporaryFile(dir=self.path.parent):
                pass
        except OSError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: OSError) -> SettingsError:
        return SettingsError(
            f"The VK Ads token cannot be kept in {self.path.parent} ({error.strerror}). "
            "Make the folder readable and writable for this user."
        )
