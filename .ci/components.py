"""Components a machine may lack: whether they are here, and whether they are required."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess

NEEDED = {
    "docker": "a Docker engine",
    "browser": "Chromium",
    "systemd": "systemd-analyze",
    "faketime": "faketime",
}
_PROGRAMS = {"systemd": "systemd-analyze", "faketime": "faketime"}
CHROMIUMS = ("chromium", "chromium-browser")


@functools.cache
def lacking(component: str) -> str:
    """Say what is lacking for a component; '' when it is here."""
    if component in _PROGRAMS:
        return "" if shutil.which(_PROGRAMS[component]) else "it is not on the PATH"
    return {"docker": _docker, "browser": _browser}[component]()


def is_required(component: str) -> bool:
    """Say whether ZAKAZ_REQUIRE turns the lack of a component into a failure."""
    named = os.environ.get("ZAKAZ_REQUIRE", "").replace(",", " ").split()
    if unknown := sorted(set(named) - set(NEEDED)):
        raise ValueError(f"ZAKAZ_REQUIRE names {unknown}; known are {sorted(NEEDED)}")
    return component in named


def chromium() -> str | None:
    """Give the path of the browser: ZAKAZ_CHROMIUM, else the first Chromium on the PATH."""
    named = os.environ.get("ZAKAZ_CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUMS)), None)


def _browser() -> str:
    path = chromium()
    if path is None:
        return f"none of {', '.join(CHROMIUMS)} on the PATH, and ZAKAZ_CHROMIUM is not set"
    return "" if shutil.which(path) else "ZAKAZ_CHROMIUM names no program"


def _docker() -> str:
    if not shutil.which("docker"):
        return "no docker command on the PATH"
    try:
        answer = subprocess.run(
            ["docker", "version", "--format", "{{.Server.Version}}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "`docker version` did not answer within 20 s"
    return "" if answer.returncode == 0 else "`docker version` finds no server"
