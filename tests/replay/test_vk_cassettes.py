"""What is on the VK Ads cassettes: the emulator's own answers, with the fields of the sheet."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import requests
from cassette_recorder import ORIGIN
from cassette_scan import interactions
from cassette_scrub import TOKEN, scrubbed_body
from cassette_services import VK
from recorded_vk import SCENARIOS, RecordedEmulator, recorded_emulator
from vk_ads import lists, wire
from zakaz_emulators.vk.oauth import TOKEN as TOKEN_PATH

OURS = sorted(VK.folder.glob("*.yaml"))
SHEET = {name: set(fields) for name, fields in VK.fields.items()}
# What the base set holds in every answer; the rest of the sheet's set is seen at times.
BASE = SHEET["base"] - {"a_amount", "n_amount"}
RESULTS = SHEET["results"] - {"result", "cpr"}


def answers(name: str, path: str, status: int = 200) -> list[Any]:
    """Give the JSON of a cassette's answers from addresses that end so."""
    return [
        json.loads(one["response"]["body"]["string"])
        for one in interactions(VK.folder / f"{name}.yaml")
        if urlsplit(one["request"]["uri"]).path.endswith(path)
        and one["response"]["status"]["code"] == status
    ]


def test_every_vk_cassette_is_used_by_a_scenario() -> None:
    """The recorded files are exactly the scenarios, and each is played."""
    sources = Path(__file__).parent.glob("test_vk*.py")
    played = re.findall(r"\bvk_play\(\"(\w+)\"", "".join(map(Path.read_text, sources)))

    assert sorted(path.stem for path in OURS) == sorted(set(played)) == sorted(SCENARIOS)


def test_every_list_and_every_refusal_is_recorded() -> None:
    """How many exchanges, and with which ends: 200, 400, 401, 403, 404 and 429."""
    statuses = {}
    for path in OURS:
        codes = [one["response"]["status"]["code"] for one in interactions(path)]
        statuses[path.stem] = (len(codes), *sorted(set(codes)))

    assert statuses == {
        "account": (1, 200),
        "empty_account": (5, 200),
        "expired": (3, 200, 401),
        "limit_error": (15, 200, 400),
        "lists": (7, 200),
        "no_right": (1, 429),
        "no_slot": (1, 403),
        "rate_limit": (2, 200, 429),
        "refused": (4, 400, 404),
        "revoked": (1, 401),
        "statistics": (9, 200),
        "token": (5, 200),
        "unknown_id": (12, 200, 400),
        "wrong_secret": (1, 401),
    }


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_the_emulator_still_answers_every_vk_cassette(path: Path) -> None:
    """Asked the same, the emulator gives the same status, headers and bytes as when recorded."""
    with recorded_emulator(path.stem) as emulator, Again(emulator) as again:
        for place, exchange in enumerate(interactions(path)):
            sent, got = exchange["request"], exchange["response"]
            if sent["headers"][ORIGIN] != ["emulator"]:
                pytest.skip("recorded from the live service, which no emulator equals by the byte")
            answer = again.ask(sent, got["status"]["code"])

            assert (place, answer.status_code) == (place, got["status"]["code"])
            kept = {n: [v] for n, v in answer.headers.items() if VK.headers.fullmatch(n.lower())}
            assert kept == got["headers"]
            assert scrubbed_body(answer.content, VK).decode() == got["body"]["string"]


class Again:
    """Sends recorded requests to an emulator, with its own secrets where theirs were taken out."""

    def __init__(self, emulator: RecordedEmulator) -> None:
        self._url = emulator.url
        self._tokens = emulator.tokens
        self._known = {
            "client_id": emulator.client_id,
            "client_secret": emulator.client_secret,
        }
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> Again:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def ask(self, sent: dict[str, Any], status: int) -> requests.Response:
        """Send one request; one that ended with a wrong secret has it again."""
        headers = {name: values[0] for name, values in sent["headers"].items()}
        body = sent["body"]
        slots = self._tokens.slots
        if body is not None:
            own = self._known | {"refresh_token": slots[-1].refresh if slots else ""}
            own |= {"client_secret": "wrong"} if status == 401 else {}
            form = {name: own.get(name, value) for name, value in parse_qsl(body)}
            body = urlencode(form)
        elif slots:
            headers["Authorization"] = f"Bearer {slots[-1].access}"
        uri = sent["uri"].replace(VK.live, self._url)
        return self._session.request(sent["method"], uri, data=body, headers=headers, timeout=300)


def test_lists_have_the_fields_that_were_asked_for() -> None:
    """Campaigns, groups and ads hold the fields of the request, which the sheet knows."""
    for what, known in (
        (lists.PLANS, "ad_plan"), (lists.GROUPS, "ad_group"), (lists.BANNERS, "banner"),
    ):  # fmt: skip
        pages = answers("lists", what.path)
        assert set(what.fields) <= SHEET[known]
        assert all(set(page) == SHEET["list"] for page in pages)
        assert all(set(item) == set(what.fields) for page in pages for item in page["items"])
    links = [
        link
        for page in answers("lists", lists.BANNERS.path)
        for item in page["items"]
        for link in item["urls"].values()
    ]
    assert links
    assert all(set(link) <= SHEET["url"] for link in links)


def test_statistics_have_the_fields_of_the_sheet() -> None:
    """Daily figures of ads and account hold exactly the fields known of the service."""
    told = answers("statistics", "/day.json")
    assert len(told) == 2
    for answer in told:
        assert set(answer) == SHEET["statistics"]
        for item in answer["items"]:
            assert set(item) == SHEET["object"]
            for day in item["rows"]:
                assert set(day) == SHEET["day"]
                assert set(day["base"]) == BASE
                assert set(day["base"]["vk"]) == RESULTS
                assert isinstance(day["base"]["spent"], str)


def test_tokens_and_refusals_have_the_shapes_of_the_sheet() -> None:
    """A token, the four shapes of a refusal, and the table of a limit."""
    assert [set(told) for told in answers("token", TOKEN_PATH)] == [SHEET["token"]] * 2
    assert [set(told) for told in answers("revoked", "", 401)] == [SHEET["authorization"]]
    assert [set(told) for told in answers("no_slot", "", 403)] == [SHEET["oauth"]]
    refusals = [told["error"] for told in answers("refused", "", 400)]
    assert [set(told) for told in refusals] == [
        {"code", "message"}, SHEET["validation"], SHEET["resource"],
    ]  # fmt: skip
    (limited,), (forbidden,) = answers("rate_limit", "", 429), answers("no_right", "", 429)
    assert set(limited) == set(forbidden) == SHEET["rates"]
    assert set(limited["limits"]) <= SHEET["windows"]
    assert limited["remaining"]["1"] == 0 < limited["limits"]["1"]
    assert not any(forbidden["limits"].values())


def test_what_the_vk_loader_reads_is_on_the_sheet() -> None:
    """No field of the loader's whitelist is one that the service does not send."""
    for struct, known in (
        (wire.Account, "user"), (wire.AdPlan, "ad_plan"), (wire.AdGroup, "ad_group"),
        (wire.Banner, "banner"), (wire.Url, "url"), (wire.Statistics, "statistics"),
        (wire.BannerDays, "object"), (wire.Day, "day"), (wire.Base, "base"),
        (wire.Results, "results"),
    ):  # fmt: skip
        assert set(struct.__struct_encode_fields__) <= SHEET[known]


def test_every_recorded_vk_request_is_a_get_or_for_a_token() -> None:
    """Lists are sorted and ask for all statuses; of a token request only the grant is kept."""
    for path in OURS:
        for exchange in interactions(path):
            sent = exchange["request"]
            parts = urlsplit(sent["uri"])
            assert sent["uri"].startswith("https://ads.vk.com/api/v")
            if parts.path == TOKEN_PATH:
                form = dict(parse_qsl(sent["body"]))
                assert sent["method"] == "POST"
                assert form.pop("grant_type") in ("client_credentials", "refresh_token")
                assert {value[0] + value[-1] for value in form.values()} == {"[]"}
                continue
            assert (sent["method"], sent["body"]) == ("GET", None)
            assert sent["headers"]["Authorization"] == [f"Bearer {TOKEN}"]
            if "offset=" in parts.query:
                asked = parse_qs(parts.query)
                assert (asked["sorting"], asked["_status__in"]) == (["id"], [lists.STATUSES])
