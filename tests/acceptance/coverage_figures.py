"""Coverage of the rooms' own tests, added up over the sessions that were traced."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGES = {
    "zakaz": "core",
    "qtickets_api": "loader of Qtickets",
    "vk_ads": "loader of VK Ads",
}
NOT_TRACED = "not traced in this run: only runs with CI in the environment are"


def lines(results: Path, root: Path) -> list[str]:
    """Return the report's lines: lines and branches of each package that its tests reach."""
    files = sorted(map(str, results.rglob("*.coverage")))
    if not files:
        return [f"Coverage: {NOT_TRACED}."]
    summaries = _summaries(files, root)
    rows = ["| Package | Lines | Branches |", "|---|---|---|"]
    for package, title in PACKAGES.items():
        found = [one for name, one in summaries.items() if f"/src/{package}/" in f"/{name}"]
        shares = [
            _share(found, covered, whole)
            for covered, whole in (
                ("covered_lines", "num_statements"),
                ("covered_branches", "num_branches"),
            )
        ]
        rows.append(f"| `{package}`, {title} | " + " | ".join(shares) + " |")
    return rows


def _summaries(files: list[str], root: Path) -> dict[str, dict[str, int]]:
    coverage = [sys.executable, "-m", "coverage"]
    with tempfile.TemporaryDirectory() as folder:
        data, told = f"{folder}/data", f"{folder}/coverage.json"
        for command in (
            ["combine", "-q", "--keep", f"--data-file={data}", *files],
            ["json", "-q", f"--data-file={data}", "-o", told],
        ):
            subprocess.run([*coverage, *command], cwd=root, stdin=subprocess.DEVNULL, check=True)
        found = json.loads(Path(told).read_text(encoding="utf-8"))["files"]
    return {name: one["summary"] for name, one in found.items()}


def _share(found: list[dict[str, int]], covered: str, whole: str) -> str:
    of = sum(one[whole] for one in found)
    return f"{sum(one[covered] for one in found) / of:.1%} of {of}" if of else "–"
