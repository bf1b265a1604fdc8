"""A small question to the API: is the access accepted, and how much is there (E8)."""

from __future__ import annotations

from zakaz.source import ProbeAnswer, SyncRequest

from vk_ads import lists
from vk_ads.client import ACCOUNT, connect
from vk_ads.load import token_folder
from vk_ads.settings import VkAdsSettings


def probe(request: SyncRequest) -> ProbeAnswer:
    """Ask for the account and its ads: a line each."""
    client = connect(VkAdsSettings.load(request.environ), token_folder(request), request.clock)
    try:
        account = client.account()
        banners = client.listed(lists.BANNERS)
        there = client.their_time
        lines = [
            f"GET {ACCOUNT}: 200, account {account.id} in {account.currency}",
            f"GET {lists.BANNERS.path}: 200, {len(banners)} ads",
        ]
        return ProbeAnswer(lines, None if there is None else request.clock() - there)
    finally:
        client.close()
