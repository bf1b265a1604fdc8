"""How the emulator answers where the live service was seen to differ, or was never seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(slots=True)
class Switches:
    """Every switch can be turned while the emulator runs; the defaults are what is documented."""

    # Tokens
    expires_in_as_text: bool = False
    tell_tokens_left: bool = True
    scope_as_list: bool = False
    rotate_refresh: bool = False
    token_seconds: int | None = 86_400  # None makes tokens that never expire

    # Lists
    list_cap: Literal["reject", "clamp", "allow"] = "reject"  # what a limit above 50 gives
    tell_limit: bool = True
    hide_deleted: bool = True

    # Statistics
    fill_zero_days: bool = True
    list_idle: bool = True  # objects without a single figure are in ``items``
    cpa_always_text: bool = False
    tell_result: bool = False  # ``vk.result`` and ``vk.cpr`` beside ``vk.goals``
    tell_goals: bool = True
    tell_vk_cr: bool = True
    tell_amounts: bool = False  # ``a_amount`` and ``n_amount`` in v2; v3 has them always
    err_prefix: bool = True
    need_ids: bool = True  # some saw everything given to who asks for no id
    serve_deleted: bool = True
    most_ids: int = 200
    most_days: int = 366
    v3_count: Literal["total", "page"] = "total"

    # Transport
    minute_window: bool = False
    gzip: bool = False
    longest_address: int = 8_000
    delete_status: Literal[200, 204] = 204
