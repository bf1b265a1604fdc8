"""X02, X04, R2: VK Ads killed in the middle, ten runs in a row; tokens are never wasted."""

from __future__ import annotations

import signal

from account_service import ROOM, SYNC, Service

KILLED = -signal.SIGKILL
TOKEN = "oauth2/token.json"


def test_x02_x04_r2_ten_runs_of_which_three_are_killed(service: Service) -> None:
    """At any end of a token's life one call, one slot for all, and at the end the ledger.

    Killed are the first load behind its fourth month's rows, a run in its insert, and one that
    renews its token.
    """
    lives = 1
    assert service.run(SYNC, fault="before_cursor:4") == KILLED
    assert service.run(SYNC) == 0
    service.equals()
    assert service.tokens() == (1, 0, 1)

    service.do("correct", days=3)
    assert service.run(ROOM, fault="inside_insert") == KILLED
    assert service.run(ROOM) == 0
    service.equals()

    service.do("expire")
    lives += 1
    service.do("strike", path=TOKEN, nth=1, when="after")
    assert service.run(SYNC, is_victim=True) == KILLED  # renewed at VK Ads, and stored nowhere
    assert service.tokens() == (1, 1, 1)
    lives += 1  # the token that nobody got to know is dead too
    for _ in range(4):
        service.do("correct", days=2)
        assert service.run(SYNC) == 0
    service.do("expire")
    lives += 1
    assert service.run(ROOM) == 0

    service.equals()
    issued, renewed, slots = service.tokens()
    assert issued + renewed <= lives
    assert (issued, slots) == (1, 1)


def test_x02_a_run_killed_while_it_asks_for_a_token_costs_one_slot(service: Service) -> None:
    """A token that was given and never stored keeps its slot: the next run takes a second one."""
    service.do("strike", path=TOKEN, nth=1, when="after")
    assert service.run(SYNC, is_victim=True) == KILLED
    assert service.run(SYNC) == 0

    service.equals()
    assert service.tokens() == (2, 0, 2)
