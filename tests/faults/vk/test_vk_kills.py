"""X02, X04, R2: VK Ads killed in the middle, run after run; tokens are never wasted."""

from __future__ import annotations

import signal

from account_service import ROOM, SYNC, Service

KILLED = -signal.SIGKILL
TOKEN = "oauth2/token.json"


def test_x02_x04_r2_six_runs_of_which_four_are_killed(service: Service) -> None:
    """Wherever a run is killed, the next goes on, and at the end all is as in the ledger.

    Killed are a run that asks for its first token, the first load behind its fourth month's rows,
    the one that goes on, in its insert, and one that renews its token. A token that was given and
    never stored keeps its slot, so the next run takes a second one; after that every end of a
    token's life is one call, in that slot.
    """
    service.do("strike", path=TOKEN, nth=1, when="after")
    assert service.run(SYNC, is_victim=True) == KILLED
    assert service.tokens() == (1, 0, 1)

    assert service.run(ROOM, fault="before_cursor:4") == KILLED
    assert service.run(SYNC, fault="inside_insert") == KILLED
    assert service.repair() == 0
    service.equals()
    assert service.tokens() == (2, 0, 2)

    service.do("correct", days=3)
    service.do("expire")
    service.do("strike", path=TOKEN, nth=1, when="after")
    assert service.run(SYNC, is_victim=True) == KILLED  # renewed at VK Ads, and stored nowhere
    assert service.tokens() == (2, 1, 2)
    assert service.repair() == 0  # the token that nobody got to know is dead too
    service.equals()
    assert service.tokens() == (2, 2, 2)
