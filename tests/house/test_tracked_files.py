"""Git tracks sources, and nothing that a run, an editor or a person left behind."""

from __future__ import annotations

import re

import pytest

LEFT_BEHIND = re.compile(
    r"""
      \.(log|out|pid|tmp|swp|swo|bak|orig|rej|old|save|dump)$     # logs, editors, backups
    | ~$ | (^|/)\.\#
    | \.(zip|tar|tgz|gz|bz2|xz|7z|rar|whl|jar|rpm|deb)$            # archives
    | \.(docx?|xlsx?m?|pptx?|odt|ods|pdf|pages|numbers)$           # office files
    | \.(py[cod]|so|dll|dylib|exe|o|a|class)$                      # compiled
    | \.(sqlite3?|db|parquet|arrow|native)$                        # data
    | (^|/)(__pycache__|node_modules|dist|build|results|htmlcov|\.nox|\.venv|venv|\.idea|\.vscode)/
    | \.(egg-info|dist-info)(/|$)
    | (^|/)(\.DS_Store|Thumbs\.db|\.coverage.*|coverage\.xml|nohup\.out|core\.[0-9]+)$
    | (^|/)\.env(\.(?!template$|example$)[^/]*)?$                  # settings of one machine
    | ([-_. ](final|fixed|old)|[- (]copy\)?)\.[a-z]+$              # versions kept by name
    """,
    re.VERBOSE | re.IGNORECASE,
)
LARGEST = 1_000_000


def test_l7_k18_nothing_left_behind_is_tracked(tracked: dict[str, bytes]) -> None:
    """No log, archive, backup, office file, compiled file or `.env` is in git."""
    assert [name for name in tracked if LEFT_BEHIND.search(name)] == []


def test_no_tracked_file_is_large(tracked: dict[str, bytes]) -> None:
    """A tracked file of more than a megabyte is data, and data does not belong here."""
    told = {name: len(content) for name, content in tracked.items() if len(content) > LARGEST}
    assert told == {}


@pytest.mark.parametrize(
    "name",
    [
        "logs/sync.log",
        "notes.txt~",
        "schema.sql.bak",
        "schema.sql.orig",
        "evidence.tar.gz",
        "report.docx",
        "plan.xlsx",
        "dashboard-mvp/core/src/zakaz/__pycache__/moscow.cpython-311.pyc",
        "dashboard-mvp/core/build/lib/zakaz/moscow.py",
        "zakaz_core.egg-info/PKG-INFO",
        ".env",
        "dashboard-mvp/test_env/.env.production",
        "infra/clickhouse/bootstrap_schema_old.sql",
        "smoke-fixed.md",
        "README (copy).md",
        "results/vk.xml",
    ],
)
def test_l7_a_planted_leftover_is_found(name: str) -> None:
    """Each kind of leftover is recognised by its name."""
    assert LEFT_BEHIND.search(name)


@pytest.mark.parametrize(
    "name",
    [
        "dashboard-mvp/test_env/.env.template",
        "infra/clickhouse/.env.example",
        "dashboard-mvp/core/src/zakaz/log.py",
        "infra/systemd/zakaz-backup.timer",
        "tests/replay/test_backup.py",
        "CHANGELOG.md",
    ],
)
def test_sources_are_no_leftovers(name: str) -> None:
    """Names of real sources pass."""
    assert not LEFT_BEHIND.search(name)


def test_l7_git_is_told_to_ignore_them(texts: dict[str, str]) -> None:
    """Logs, archives, backups, environments and results are ignored before anyone adds them."""
    ignored = set(texts[".gitignore"].splitlines())
    wanted = {"*.log", "*.bak", "*.zip", "*.tar.gz", ".env", "results/", ".nox/", "__pycache__/"}
    assert wanted <= ignored
