"""What can be told of the image without building it."""

from __future__ import annotations

from pathlib import Path

import pytest

DOCKERFILE = Path(__file__).resolve().parents[2] / (
    "dashboard-mvp/integrations/qtickets_api/Dockerfile"
)


def last_user(text: str) -> str:
    """Return the user of the last stage, root where none is named."""
    stage = text.rpartition("\nFROM ")[2]
    named = [line.split()[1] for line in stage.splitlines() if line.startswith("USER ")]
    return named[-1] if named else "root"


def test_l3_the_image_is_built_for_a_user_without_rights() -> None:
    """The last stage runs as a numbered user, which an orchestrator can tell from root."""
    uid = last_user(DOCKERFILE.read_text(encoding="utf-8")).partition(":")[0]
    assert uid.isdecimal()
    assert int(uid) > 0


@pytest.mark.parametrize("end", ["", "USER 0\n", "USER 10001\nUSER root\n"])
def test_l3_a_planted_root_is_found(end: str) -> None:
    """No user, uid 0 and a later root are each told as root."""
    assert last_user(f"FROM a\nUSER 5\n\nFROM b\n{end}").partition(":")[0] in {"root", "0"}
