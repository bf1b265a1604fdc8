"""The systemd units: valid, on time, hardened, and calling commands that exist."""

from __future__ import annotations

import configparser
import re
import shlex
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typer
from vk_ads.__main__ import SOURCE as VK
from zakaz.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "infra/systemd"
PROGRAM = "/opt/zakaz/bin/zakaz"
UNITS = sorted(path.name for path in FOLDER.iterdir() if path.suffix in {".service", ".timer"})
TIMERS = [name for name in UNITS if name.endswith(".timer")]
LOADERS = [name for name in UNITS if name.endswith(".service") and "@" not in name]
README = (FOLDER / "README.md").read_text(encoding="utf-8")
WINTER = "2026-03-01 00:00:00 UTC"


class Unit(configparser.RawConfigParser):
    """One unit file; a key that is written twice has a list of values."""

    def __init__(self, name: str) -> None:
        super().__init__(strict=False, delimiters=("=",), comment_prefixes=("#",))
        self.lines = (FOLDER / name).read_text(encoding="utf-8")
        self.read_string(self.lines)

    def optionxform(self, optionstr: str) -> str:
        """Keep the case of a key."""
        return optionstr

    def values(self, key: str) -> list[str]:
        """Give every value of a key, in the order of the file."""
        return re.findall(rf"(?m)^{key}=(.*)$", self.lines)


def analyze(*arguments: str, **environ: str) -> str:
    """Ask systemd-analyze; what it dislikes is an error even where it ends with 0."""
    done = subprocess.run(
        ["systemd-analyze", *arguments],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def elapses(calendar: str, count: int = 4) -> list[datetime]:
    """Give the next instants of a calendar value."""
    told = analyze("calendar", f"--iterations={count}", f"--base-time={WINTER}", calendar)
    found = re.findall(r"(?:Next elapse|Iter\. #\d+): \w{3} ([\d-]+ [\d:]+) UTC", told)
    return [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in found]


@pytest.fixture(scope="module")
def unit_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the units, in which the program they call is one that exists."""
    folder = tmp_path_factory.mktemp("units")
    for name in UNITS:
        text = (FOLDER / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(PROGRAM, "/bin/true"), encoding="utf-8")
    return folder


@pytest.mark.needs("systemd")
@pytest.mark.parametrize("name", UNITS)
def test_i2_i3_i4_systemd_finds_no_fault_in_a_unit(unit_path: Path, name: str) -> None:
    """systemd-analyze verify says nothing about any unit, nor about what it starts."""
    shown = name.replace("@.", "@zakaz-sync.")
    analyze("verify", "--man=no", str(unit_path / shown), SYSTEMD_UNIT_PATH=f"{unit_path}:")


@pytest.mark.needs("systemd")
def test_i2_a_planted_fault_is_found(unit_path: Path, tmp_path: Path) -> None:
    """An unknown key and a program that is missing are complaints, not silence."""
    for key in ("Timezone=Europe/Moscow", "ExecStart=/nowhere/zakaz"):
        text = (unit_path / "zakaz-check.service").read_text(encoding="utf-8")
        planted = tmp_path / "zakaz-check.service"
        planted.write_text(text.replace("[Service]", f"[Service]\n{key}"), encoding="utf-8")
        with pytest.raises(AssertionError, match=r"Timezone|nowhere"):
            analyze("verify", "--man=no", str(planted), SYSTEMD_UNIT_PATH=f"{unit_path}:")


@pytest.mark.needs("systemd")
@pytest.mark.parametrize("name", TIMERS)
def test_i1_a_timer_fires_at_the_documented_interval(name: str) -> None:
    """The interval of each OnCalendar is the README's, and so is its hour in Moscow."""
    row = re.search(rf"^\| `{name}` \| .+ \| every (\d+) (minutes|hours)(.*) \|$", README, re.M)
    assert row, f"{name} is not in the README"
    every = timedelta(**{row[2]: int(row[1])})
    (calendar,) = Unit(name).values("OnCalendar")
    instants = elapses(calendar)

    assert len(instants) == 4
    assert {after - before for before, after in pairwise(instants)} == {every}
    if hour := re.search(r"at (\d\d:\d\d) Moscow", row[3]):
        moscow = instants[0].astimezone(ZoneInfo("Europe/Moscow"))
        assert f"{moscow:%H:%M}" == hour[1]


@pytest.mark.needs("systemd")
def test_i16_ads_are_loaded_as_often_as_a_load_is_due_and_never_at_midnight() -> None:
    """The timer keeps the pace that zakaz check judges by, and yesterday is over for two hours."""
    (calendar,) = Unit("zakaz-vk.timer").values("OnCalendar")
    instants = elapses(calendar, 8)
    moscow = sorted(f"{one.astimezone(ZoneInfo('Europe/Moscow')):%H:%M}" for one in instants)

    assert {after - before for before, after in pairwise(instants)} == {VK.every({})}
    assert (moscow[0], moscow[-1]) == ("02:20", "23:20")


@pytest.mark.parametrize("name", TIMERS)
def test_i2_i3_i5_a_timer_is_literal_and_starts_nothing_when_enabled(name: str) -> None:
    """The zone ends the value, no variable stands in it, and no service is pulled in."""
    unit = Unit(name)
    (calendar,) = unit.values("OnCalendar")

    assert calendar.endswith(" Europe/Moscow")
    assert "Timezone" not in unit.lines
    assert "$" not in unit.lines
    assert {"Requires", "BindsTo", "Wants"}.isdisjoint(unit["Unit"])
    assert unit.values("WantedBy") == ["timers.target"]
    assert name.replace(".timer", ".service") in UNITS


@pytest.mark.parametrize("name", [name for name in UNITS if "@" not in name])
def test_i4_a_placeholder_of_an_instance_stands_in_templates_only(name: str) -> None:
    """A unit that is no template names no instance."""
    assert not re.search(r"%[iIjJ]", Unit(name).lines)
    assert not Path(name).stem.endswith("_")


def test_i7_there_is_one_folder_of_units(texts: dict[str, str]) -> None:
    """No second folder holds units, so no two of a name can differ."""
    found = {name for name in texts if name.endswith((".service", ".timer", ".socket"))}
    assert found == {f"infra/systemd/{name}" for name in UNITS}


@pytest.mark.needs("systemd")
def test_i6_the_documented_installation_enables_the_timers_and_nothing_else(
    unit_path: Path, tmp_path: Path
) -> None:
    """In an empty root the README's command enables its four timers: no service, no alert."""
    (command,) = re.findall(r"(?m)^sudo systemctl enable --now (.+)$", README)
    etc = tmp_path / "etc/systemd/system"
    etc.mkdir(parents=True)
    for name in UNITS:
        (etc / name).write_bytes((FOLDER / name).read_bytes())

    subprocess.run(
        ["systemctl", f"--root={tmp_path}", "enable", *command.split()],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )

    links = sorted(path.relative_to(etc) for path in etc.rglob("*") if path.is_symlink())
    assert [str(path) for path in links] == [f"timers.target.wants/{name}" for name in TIMERS]
    assert sorted(command.split()) == TIMERS


@pytest.mark.parametrize("name", LOADERS)
def test_i10_a_unit_calls_commands_that_exist(name: str) -> None:
    """The real parser of the command line takes every line that a unit calls."""
    lines = Unit(name).values("ExecStart")
    assert lines
    for line in lines:
        program, *arguments = shlex.split(line)
        assert program == PROGRAM
        parsed(arguments)
    called = {" ".join(line.split()[1:]) for line in lines}
    assert all(f"`zakaz {command}`" in README for command in called)


@pytest.mark.parametrize("line", ["sync --quick", "check loads --every 1h", "verfy", "verify all"])
def test_i10_a_planted_command_is_refused(line: str) -> None:
    """An option, a command or an argument that is unknown does not pass."""
    with pytest.raises(typer.TyperException):
        parsed(line.split())


def parsed(arguments: list[str]) -> None:
    """Let the command's parser read all arguments, and run nothing."""
    command = typer.main.get_command(app)
    name, rest = "zakaz", list(arguments)
    parent = None
    while True:
        context = command.make_context(name, rest, parent=parent)
        if not isinstance(command, typer.core.TyperGroup):
            return
        rest = [*context._protected_args, *context.args]
        name, command, rest = command.resolve_command(context, rest)
        parent = context


@pytest.mark.parametrize("name", LOADERS)
def test_i8_a_service_runs_as_its_own_user_with_nothing_to_spare(name: str) -> None:
    """Not root, no capability, a read-only system, and the same hardening in every service."""
    service = Unit(name)["Service"]
    hardening = Unit(name).lines.partition("# It writes to")[2].partition("\n")[2]
    first = Unit(LOADERS[0]).lines.partition("# It writes to")[2].partition("\n")[2]

    assert (service["User"], service["Group"]) == ("zakaz", "zakaz")
    assert service["EnvironmentFile"] == "/etc/zakaz/zakaz.env"
    assert service["CapabilityBoundingSet"] == ""
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert hardening == first


@pytest.mark.needs("systemd")
@pytest.mark.parametrize("name", LOADERS)
def test_i8_systemd_calls_the_exposure_of_a_service_low(unit_path: Path, name: str) -> None:
    """systemd-analyze security rates every service below 2 of 10."""
    analyze("security", "--offline=yes", "--threshold=20", str(unit_path / name))


@pytest.mark.parametrize("name", LOADERS)
def test_i12_75_is_a_pause_for_a_load_and_an_alarm_for_a_check(name: str) -> None:
    """A failure is told once until the unit works again; a pause is none, except in the check."""
    unit = Unit(name)

    assert unit.values("OnFailure") == ["zakaz-alert@%N.service"]
    assert unit.values("ExecStartPost") == ["+-/usr/bin/systemctl stop zakaz-alert@%N.service"]
    assert unit.values("SuccessExitStatus") == ([] if name == "zakaz-check.service" else ["75"])
    assert unit["Service"]["Type"] == "oneshot"
    assert "Restart" not in unit["Service"]
    assert Unit("zakaz-alert@.service")["Service"]["RemainAfterExit"] == "yes"
