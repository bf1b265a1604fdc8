"""VK Ads scenarios on their cassettes: recorded from emulator or live service, then played back."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cassette_recorder import recorder
from cassette_scrub import TOKEN
from cassette_services import VK
from recorded_vk import NOW, SCENARIOS, recorded_emulator
from vk_ads.client import VkAdsClient, connect
from vk_ads.settings import VkAdsSettings
from vk_ads.token_store import Token, TokenStore
from zakaz.warehouse.url import default_folder

LIFE = timedelta(days=1)


@dataclass(slots=True)
class Tape:
    """What a scenario talks to: the environment of its loader, its token's folder, its time."""

    environ: dict[str, str]
    folder: Path
    clock: Callable[[], datetime] = lambda: NOW
    sleep: Callable[[float], None] = lambda _: None

    @contextlib.contextmanager
    def client(self, *, later: timedelta = timedelta(0)) -> Iterator[VkAdsClient]:
        """Give the loader's client, at a later time if asked; it gets its token on entry."""
        settings = VkAdsSettings.load(self.environ)
        client = connect(settings, self.folder, lambda: self.clock() + later, sleep=self.sleep)
        try:
            yield client
        finally:
            client.close()

    def store(self, access: str, refresh: str) -> None:
        """Let the loader find a token that has a day to live."""
        settings = VkAdsSettings.load(self.environ)
        token = Token(access, refresh, NOW + LIFE)
        TokenStore(self.folder, settings.base_url, settings.client_id).write(token)


@contextlib.contextmanager
def replaying(folder: Path, name: str, *, secret: str = "", whole: bool = True) -> Iterator[Tape]:
    """Play a cassette; every recorded answer must be played unless it is played in part."""
    path = VK.folder / f"{name}.yaml"
    tape = Tape(_environ(VK.live, "client", secret or "recorded-secret"), folder)
    if SCENARIOS[name].has_token:
        tape.store(TOKEN, TOKEN)
    with recorder(VK, "none").use_cassette(str(path)) as cassette:
        yield tape
    if whole:
        assert cassette.all_played, f"{path.name} holds answers that nothing plays"


@contextlib.contextmanager
def recording(folder: Path, name: str, *, secret: str = "", **_: object) -> Iterator[Tape]:
    """Record a cassette anew, from the live service when its access is in the environment."""
    path = VK.folder / f"{name}.yaml"
    path.unlink(missing_ok=True)
    is_live = bool(os.environ.get("VK_ADS_CLIENT_ID")) and not SCENARIOS[name].is_staged
    with contextlib.ExitStack() as stack:
        if is_live:
            tape = _live(secret, folder)
        else:
            emulator = stack.enter_context(recorded_emulator(name))
            opened = _environ(emulator.base_url, emulator.client_id, emulator.client_secret)
            tape = Tape(opened | ({"VK_ADS_CLIENT_SECRET": secret} if secret else {}), folder)
            for slot in emulator.tokens.slots[: SCENARIOS[name].has_token]:
                tape.store(slot.access, slot.refresh)
        recorded_from = recorder(VK, "all", "live" if is_live else "emulator")
        stack.enter_context(recorded_from.use_cassette(str(path)))
        yield tape


def _live(secret: str, folder: Path) -> Tape:
    """Give the live account with the loader's own token, got before anything is recorded."""
    given = {n: v for n, v in os.environ.items() if n.startswith("VK_ADS_")}
    kept = default_folder(os.environ) / "state"
    tape = Tape(given, kept, lambda: datetime.now(UTC), time.sleep)
    if secret:  # asked for a token where none is kept
        return Tape(given | {"VK_ADS_CLIENT_SECRET": secret}, folder, tape.clock, tape.sleep)
    with tape.client():
        return tape


def _environ(base_url: str, client_id: str, secret: str) -> dict[str, str]:
    return {
        "VK_ADS_BASE_URL": base_url,
        "VK_ADS_CLIENT_ID": client_id,
        "VK_ADS_CLIENT_SECRET": secret,
    }
