"""The digest of the tree, so that a record says which tree it was made on."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = "ZAKAZ_DASHBOARD_AUDIT_REPORT.md"


def tree_digest() -> str:
    """Give the SHA-256 of every tracked file's name and content, the report left out.

    '' where the tree is no checkout (an unpacked archive): its records cannot name their tree.
    """
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode:
        return ""
    digest = hashlib.sha256()
    for name in sorted(filter(None, listing.stdout.split(b"\0"))):
        path = ROOT / name.decode()
        if name.decode() != REPORT and path.is_file():
            digest.update(name + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
