"""Write ZAKAZ_DASHBOARD_AUDIT_REPORT.md from the records of the nox sessions; nobody edits it.

Run by ``nox -s audit``. Reads ``results/*.json`` (a session's outcome and seconds),
``results/*.xml`` (junit, with the criterion each test proves), ``results/*.coverage``,
``criteria.toml`` and ``registry.toml``.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".ci"), str(Path(__file__).parent)]

import coverage_figures  # noqa: E402
import evidence  # noqa: E402
import report  # noqa: E402
from tree import REPORT, tree_digest  # noqa: E402


def known_limits() -> str:
    """Return what the README says the product cannot do."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return readme.split("## Known limits\n", 1)[1].split("\n[Apache", 1)[0].strip()


def main(results: str) -> int:
    """Write the report and print its verdict; 1 when a session or a criterion failed (K6)."""
    text = (ROOT / "tests/acceptance/criteria.toml").read_text(encoding="utf-8")
    criteria = {entry["id"]: entry for entry in tomllib.loads(text)["criterion"]}
    digest = tree_digest()
    found = evidence.read(Path(results), digest)
    written = report.render(
        criteria,
        found,
        digest,
        coverage=coverage_figures.lines(Path(results), ROOT),
        limits=known_limits(),
    )
    (ROOT / REPORT).write_text(written, encoding="utf-8")
    print(*(line for line in written.splitlines()[:12] if line.startswith("- ")), sep="\n")
    sessions = any(record["outcome"] == "failed" for record in found.sessions.values())
    criterion = any(report.verdict(one, found.of(key)) == "FAIL" for key, one in criteria.items())
    return 1 if sessions or criterion else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
