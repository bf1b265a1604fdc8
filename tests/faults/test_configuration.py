"""C01, C02, C04–C07: what an operator may get wrong, and where it must not matter."""

from __future__ import annotations

import json
import logging
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from impostors import answering, patient_web_server, web_server
from kept import Kept
from qtickets_api import __main__ as room
from qtickets_api.__main__ import SOURCE
from qtickets_api.settings import QticketsSettings
from trial import CANARIES, TOKEN, Trial
from zakaz import watermarks
from zakaz.errors import SettingsError
from zakaz_emulators.demo_organisation import demo_organisation
from zakaz_emulators.qtickets import Organisation, small_organisation
from zakaz_emulators.qtickets import faults as broken
from zakaz_emulators.qtickets.records import MOSCOW

REQUIRED = [f.alias for f in QticketsSettings.model_fields.values() if f.is_required()]
FAULTY = {
    "QTICKETS_BASE_URL": ("api", "ftp://qtickets.ru", "https://user:word@localhost/", "http://["),
    "QTICKETS_ACCOUNT_ID": ("a b", "x" * 65, "../main"),
    "QTICKETS_REQUESTS_PER_SECOND": ("0", "-1", "fast", "1000"),
    "QTICKETS_PAGE_SIZE": ("0", "1001", "2.5", "many"),
    "QTICKETS_OVERLAP_MINUTES": ("14", "-1", "soon"),
    "QTICKETS_TRAILING_DAYS": ("0", "366"),
    "QTICKETS_REFUND_DAYS": ("0", "731"),
    "QTICKETS_RUN_DEADLINE_SECONDS": ("0", "nan", "never"),
    "ZAKAZ_WAREHOUSE_URL": ("chdb://relative", "postgres://h/d", "store"),
    "ZAKAZ_LOG_LEVEL": ("loud",),
    "DRY_RUN": ("perhaps",),
}


@pytest.fixture
def organisation() -> Organisation:
    """Give two weeks of orders up to this very minute, for programs on the real clock."""
    return small_organisation(now=datetime.now(MOSCOW) - timedelta(minutes=1))


@pytest.fixture
def bare(fresh: Trial, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """Give the process the environment of the trial and nothing else of ours."""
    for name in FAULTY:
        monkeypatch.delenv(name, raising=False)
    for name, value in fresh.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(fresh.root.parent))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.chdir(fresh.root.parent)
    fresh.close()
    return fresh


def test_c01_a_variable_that_is_absent_or_faulty_is_named(
    bare: Trial, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A required one with nothing in it, and any with a value it may not have, is 78 at once.

    It is named before any request.
    """
    assert REQUIRED
    for variable in REQUIRED:
        for value in (None, "", "  ", '""'):
            with monkeypatch.context() as patch:
                if value is None:
                    patch.delenv(variable)
                else:
                    patch.setenv(variable, value)
                assert (variable, value, room.main([])) == (variable, value, 78)
            assert variable in capsys.readouterr().err, value
    declared = {field.alias for field in QticketsSettings.model_fields.values()}
    assert declared <= {*REQUIRED, *FAULTY}
    for variable, values in FAULTY.items():
        for value in values:
            with monkeypatch.context() as patch:
                patch.setenv(variable, value)
                assert (variable, value, room.main([])) == (variable, value, 78)
            told = capsys.readouterr().err
            assert variable in told, value
            assert "Traceback" not in told
    assert bare.emulator.requests == []


class TestToken:
    """The same organiser as in the loaded store."""

    @pytest.fixture
    def organisation(self) -> Organisation:
        """Give the organiser whose orders are loaded."""
        return small_organisation()

    def test_c02_what_copying_leaves_around_a_token_is_trimmed(self, trial: Trial) -> None:
        """Line ends, quotes and a BOM around a token never reach the header.

        A token with a line end, a blank or a letter outside ASCII inside is refused unsent.
        """
        for one in ("{}\n", "{}\r\n", '"{}"', "'{}'", "\ufeff{}", "\u200b{}"):
            environ = trial.environ | {"QTICKETS_TOKEN": one.format(TOKEN)}
            assert QticketsSettings.load(environ).token.get_secret_value() == TOKEN
        sent = len(trial.emulator.requests)
        for token in (f"{TOKEN}\nHost: evil", f"a {TOKEN}", f"{TOKEN}\t1", "жетон", f'{TOKEN} "'):
            with pytest.raises(SettingsError, match="QTICKETS_TOKEN"):
                SOURCE.check(trial.environ | {"QTICKETS_TOKEN": token})
        trial.environ["QTICKETS_TOKEN"] = f"{TOKEN}\r\nX-Admin: 1"
        trial.ends(78, "QTICKETS_TOKEN", moves=False)
        assert len(trial.emulator.requests) == sent

        trial.environ["QTICKETS_TOKEN"] = f'\ufeff"{TOKEN}"\r\n'
        trial.ends(0, moves=True)
        trial.equals()


def test_c04_an_http_port_is_told_from_the_native_one(
    bare: Trial, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A warehouse address with the HTTP port ends with 78 and the right port, unasked."""
    for serve in (web_server, patient_web_server):
        with answering(serve) as port:
            address = f"clickhouse://writer:word@127.0.0.1:{port}/zakaz"
            monkeypatch.setenv("ZAKAZ_WAREHOUSE_URL", address)
            code = room.main([])
        told = capsys.readouterr().err
        assert code == 78, told
        assert f"127.0.0.1:{port} is an HTTP port" in told
        assert "9000" in told
        assert "Traceback" not in told
    assert bare.emulator.requests == []
    line = next(bare.root.parent.rglob("zakaz/state/runs.jsonl")).read_text("utf-8")
    assert json.loads(line.splitlines()[0])["status"] == "failed"


class TestElsewhere:
    """The demo organisation, with its Cyrillic names and half a year of days."""

    @pytest.fixture
    def organisation(self) -> Organisation:
        """Give a small cut of the demo organisation, up to this very minute."""
        return demo_organisation(now=datetime.now(MOSCOW), orders=100)

    def test_c05_zone_and_language_of_the_machine_change_nothing(
        self, fresh: Trial, bootstrapped_folder: Path, tmp_path: Path
    ) -> None:
        """In Vladivostok, in plain ASCII, the tables are those of a load in any other place."""
        east = Kept(bootstrapped_folder, tmp_path)
        east.renew(bootstrapped_folder)
        done = fresh.command(
            ZAKAZ_WAREHOUSE_URL=f"chdb://{east.root}",
            **{"TZ": "Asia/Vladivostok", "LC_ALL": "C", "PYTHONUTF8": "0"},
            PYTHONCOERCECLOCALE="0",
        )
        assert done.returncode == 0, done.stderr
        there = Trial(fresh.emulator, east, fresh.patience, [])
        found = there.digest()
        there.equals()
        there.close()
        fresh.now = datetime.now(MOSCOW)
        fresh.ends(0, only=())

        assert fresh.digest() == found
        assert len(found["stg_qtickets_orders"]) == len(fresh.organisation.orders)


def test_c06_days_that_hold_nothing_are_refused(
    bare: Trial, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reversed and future days, and a cursor of 2999, are 78 and never an empty success."""
    ahead = date.today() + timedelta(days=2)  # noqa: DTZ011
    for days in (("--from", "2026-02-03", "--to", "2026-02-01"), ("--from", f"{ahead}")):
        code, told = room.main([*days]), capsys.readouterr().err
        assert (code, days[-2] in told) == (78, True), told
    bare.now = datetime.now(MOSCOW)
    watermarks.write(
        bare.warehouse,
        "qtickets",
        "main/orders/updated_at",
        "2999-01-01T00:00:00+03:00",
        bare.now,
    )
    bare.close()
    code, told = room.main([]), capsys.readouterr().err

    assert (code, "--full-refresh" in told) == (78, True), told
    assert bare.emulator.requests == []
    bare.ends(0, full_refresh=True)
    bare.equals()
    bare.ends(0)


def test_c07_at_debug_no_secret_and_no_buyer_is_told(
    bare: Trial, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With every fault that quotes an answer, output and log hold no token, e-mail or phone."""
    quoting = b'{"error": "%s", "client": "buyer1@example.test", "phone": "+70000000001"}'
    bare.faults.add(broken.body(quoting % TOKEN.encode(), code=500), nth=1)
    bare.faults.add(
        broken.body(b"<p>buyer1@example.test +70000000001", content_type="text/html"), nth=2
    )
    bare.faults.add(broken.body(quoting % TOKEN.encode()[:10], code=503), nth=3)
    bare.spoil(bare.organisation.orders[5].id, price="buyer1@example.test")
    bare.spoil(bare.organisation.orders[7].id, payed="+70000000001", id=TOKEN)
    monkeypatch.setenv("ZAKAZ_LOG_LEVEL", "DEBUG")
    done, (out, err) = room.main(["--json"]), capsys.readouterr()
    monkeypatch.setenv("QTICKETS_TOKEN", TOKEN + "-wrong")
    refused, told = room.main([]), capsys.readouterr()

    assert (done, refused) == (0, 78), err + told.err
    assert json.loads(out)["sources"][0]["quarantined"] == 2
    assert "attempt 3 of 5" in err
    assert logging.getLogger().level == logging.DEBUG
    assert [canary for canary in CANARIES if canary in out + err + told.out + told.err] == []
