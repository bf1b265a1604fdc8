"""A small question to the API: is the access accepted, and how much is there (E8)."""

from __future__ import annotations

from zakaz.moscow import MOSCOW
from zakaz.source import ProbeAnswer, SyncRequest

from vk_ads import lists
from vk_ads.client import ACCOUNT, connect
from vk_ads.load import token_folder
from vk_ads.settings import VkAdsSettings
from vk_ads.token_store import TokenStore


def probe(request: SyncRequest) -> ProbeAnswer:
    """Ask for the account and its ads: a line each, and one for the token that opened them."""
    settings = VkAdsSettings.load(request.environ)
    client = connect(settings, token_folder(request), request.clock)
    try:
        account = client.account()
        banners = client.listed(lists.BANNERS)
        there = client.their_time
        lines = [
            f"GET {ACCOUNT}: 200, account {account.id} in {account.currency}",
            f"GET {lists.BANNERS.path}: 200, {len(banners.items)} ads",
            _token(TokenStore(token_folder(request), settings.base_url, settings.client_id)),
        ]
        return ProbeAnswer(lines, None if there is None else request.clock() - there)
    finally:
        client.close()


def _token(store: TokenStore) -> str:
    token = store.read()
    if token is None or token.expires_at is None:
        life = "never expires"
    else:
        life = f"is good until {token.expires_at.astimezone(MOSCOW):%Y-%m-%d %H:%M} Moscow"
    return f"the token in {store.path} {life}; it is renewed by itself, in its slot"
