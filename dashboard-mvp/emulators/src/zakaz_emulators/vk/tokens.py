"""Token slots: five per client and user, whatever became of the tokens in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import RLock

from zakaz_emulators.vk.account import Account
from zakaz_emulators.vk.records import Client
from zakaz_emulators.vk.refusals import oauth, unauthorized
from zakaz_emulators.vk.switches import Switches

SLOTS = 5
IDLE = timedelta(days=30)


@dataclass(slots=True)
class Slot:
    """One slot with the token that is in it now."""

    client_id: str
    user_id: int
    access: str
    refresh: str
    expires_at: datetime | None
    used_at: datetime


class Tokens:
    """Issues, renews, checks and deletes; ``issued``, ``renewed`` and ``refused`` count calls."""

    def __init__(self, account: Account, switches: Switches) -> None:
        self._account = account
        self._switches = switches
        self._lock = RLock()
        self._numbers = 0
        self.slots: list[Slot] = []
        self.issued = 0
        self.renewed = 0
        self.refused = 0
        self.deleted = 0

    @property
    def calls(self) -> int:
        """How often the token endpoint was asked, whatever it answered."""
        return self.issued + self.renewed + self.refused

    def left(self, client_id: str) -> int:
        """Give how many slots of a client are free."""
        with self._lock:
            self._forget_idle()
            return SLOTS - sum(slot.client_id == client_id for slot in self.slots)

    def issue(self, client: Client) -> Slot:
        """Put a new token into a free slot; expired tokens hold theirs."""
        with self._lock:
            if self.left(client.client_id) <= 0:
                raise oauth(403, "token_limit_exceeded", "Active access token limit reached.")
            now = self._account.clock.now
            user_id = self._account.user.id
            access, refresh = self._value("access"), self._value("refresh")
            slot = Slot(client.client_id, user_id, access, refresh, self._end(), now)
            self.slots.append(slot)
            self.issued += 1
            return slot

    def renew(self, client: Client, refresh: str) -> Slot:
        """Replace the token in its slot; the old value is dead at once."""
        with self._lock:
            self._forget_idle()
            for slot in self.slots:
                if slot.client_id == client.client_id and slot.refresh == refresh:
                    slot.access, slot.expires_at = self._value("access"), self._end()
                    slot.used_at = self._account.clock.now
                    if self._switches.rotate_refresh:
                        slot.refresh = self._value("refresh")
                    self.renewed += 1
                    return slot
            raise oauth(400, "invalid_grant", "Invalid refresh token.")

    def delete(self, client: Client) -> None:
        """Empty all slots of a client and its user."""
        with self._lock:
            self.slots = [slot for slot in self.slots if slot.client_id != client.client_id]
            self.deleted += 1

    def check(self, access: str) -> Slot:
        """Give the slot of a token that opens the API now; anything else is a 401 with its code."""
        with self._lock:
            self._forget_idle()
            slot = next((one for one in self.slots if access and one.access == access), None)
            if slot is None:
                raise unauthorized("invalid_token", "Unknown access token")
            client = self._account.clients[slot.client_id]
            if client.blocked:
                raise unauthorized("invalid_client", "API client is blocked")
            if client.revoked:
                raise unauthorized("revoked_token", "Access to the account is withdrawn")
            if self._account.user.status != "active":
                raise unauthorized("invalid_user", "User is blocked")
            now = self._account.clock.now
            if slot.expires_at is not None and slot.expires_at <= now:
                raise unauthorized("expired_token", "Access token is expired")
            slot.used_at = now
            return slot

    def expire(self) -> None:
        """Let every token expire now; its slot stays taken."""
        with self._lock:
            for slot in self.slots:
                slot.expires_at = self._account.clock.now

    def _forget_idle(self) -> None:
        since = self._account.clock.now - IDLE
        self.slots = [
            slot for slot in self.slots if slot.expires_at is None or slot.used_at > since
        ]

    def _end(self) -> datetime | None:
        seconds = self._switches.token_seconds
        return None if seconds is None else self._account.clock.now + timedelta(seconds=seconds)

    def _value(self, kind: str) -> str:
        self._numbers += 1
        return f"EXAMPLE{kind}{self._numbers:04d}"
