"""A year of daily figures of many ads, served like VK Ads: ``ads_service.py ADS`` till it is ended.

Says in one line of JSON where it is, what opens it, and what a load must hold.
"""

from __future__ import annotations

import json
import signal
import sys
from datetime import datetime
from threading import Event

from zakaz_emulators.vk import MOSCOW, VkAdsEmulator, wide_account

YEAR = 366


def main() -> None:
    """Serve without limits of the rate: how long they make a load is the service's business."""
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    account = wide_account(int(sys.argv[1]), days=YEAR, now=datetime.now(MOSCOW))
    with VkAdsEmulator(account) as emulator:
        emulator.rates.limit()
        total = emulator.ledger.totals()
        told = {
            "url": emulator.base_url,
            "client_id": emulator.client_id,
            "client_secret": emulator.client_secret,
            "truth": [total.shows, total.clicks, str(total.spent), total.goals],
        }
        print(json.dumps(told), flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
