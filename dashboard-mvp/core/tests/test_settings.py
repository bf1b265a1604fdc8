"""Settings: all faults at once, secrets masked, nothing read behind one's back."""

from __future__ import annotations

import pytest
from pydantic import Field
from zakaz.errors import SettingsError
from zakaz.scrub import scrub
from zakaz.settings import BaseUrl, CoreSettings, Secret, Settings, variables


class ShopSettings(Settings):
    """Settings of an invented room."""

    token: Secret = Field(alias="SHOP_TOKEN", description="from the shop's cabinet")
    base_url: BaseUrl = Field("https://shop.example/api", alias="SHOP_BASE_URL", description="API")
    page_size: int = Field(100, alias="SHOP_PAGE_SIZE", description="rows a page", ge=1, le=1000)


def test_settings_come_from_the_mapping_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process environment is not looked at."""
    monkeypatch.setenv("SHOP_PAGE_SIZE", "7")

    assert ShopSettings.load({"SHOP_TOKEN": "token-123"}).page_size == 100


def test_c01_a_missing_variable_is_named_with_its_meaning() -> None:
    """The message says which variable, what it is and where to put it."""
    with pytest.raises(SettingsError, match=r"SHOP_TOKEN is not set \(from the shop's cabinet\)"):
        ShopSettings.load({})


def test_c01_an_empty_variable_counts_as_missing() -> None:
    """SHOP_TOKEN= in the template is not a token."""
    with pytest.raises(SettingsError, match="SHOP_TOKEN is not set"):
        ShopSettings.load({"SHOP_TOKEN": "  "})


def test_all_faults_are_told_at_once() -> None:
    """Nobody repairs a configuration one run at a time."""
    with pytest.raises(SettingsError) as caught:
        ShopSettings.load({"SHOP_PAGE_SIZE": "many", "SHOP_BASE_URL": "shop"})

    told = str(caught.value)
    assert "SHOP_TOKEN is not set" in told
    assert "SHOP_PAGE_SIZE is 'many'" in told
    assert "SHOP_BASE_URL is 'shop'" in told


def test_e19_a_faulty_secret_is_not_quoted() -> None:
    """The text of a broken token does not enter the message."""
    with pytest.raises(SettingsError) as caught:
        ShopSettings.load({"SHOP_TOKEN": "canary one two"})

    assert "canary" not in str(caught.value)
    assert "SHOP_TOKEN: holds a blank" in str(caught.value)


def test_e19_a_loaded_secret_is_masked_everywhere() -> None:
    """Neither the settings' own text nor any scrubbed line shows the token."""
    settings = ShopSettings.load({"SHOP_TOKEN": "canary-of-settings"})

    assert "canary" not in repr(settings)
    assert scrub("x canary-of-settings y") == "x [hidden] y"
    assert settings.token.get_secret_value() == "canary-of-settings"


@pytest.mark.parametrize("text", ['"canary-77"', "canary-77\r\n", "\ufeffcanary-77"])
def test_c02_a_token_is_trimmed(text: str) -> None:
    """Quotes, line ends and a BOM around the token are dropped."""
    assert ShopSettings.load({"SHOP_TOKEN": text}).token.get_secret_value() == "canary-77"


@pytest.mark.parametrize(
    "text",
    ["ftp://shop.example", "shop.example/api", "https://", "https://u:p@shop.example/api",
     "https://shop.example/api?x=1", "https://shop.example:port/"],
)  # fmt: skip
def test_a_base_url_is_an_address_and_nothing_else(text: str) -> None:
    """A user, a query or another scheme in a base URL is a mistake."""
    with pytest.raises(SettingsError, match="SHOP_BASE_URL"):
        ShopSettings.load({"SHOP_TOKEN": "token-123", "SHOP_BASE_URL": text})


def test_a_base_url_ends_without_slash() -> None:
    """Paths are appended without doubling it."""
    settings = ShopSettings.load({"SHOP_TOKEN": "token-123", "SHOP_BASE_URL": "'http://h/api/'"})

    assert settings.base_url == "http://h/api"


def test_core_settings_have_defaults() -> None:
    """The command runs without a single variable."""
    settings = CoreSettings.load({})

    assert (settings.log_level, settings.dry_run) == ("info", False)


def test_k11_a_settings_class_can_list_its_variables() -> None:
    """Documents and templates are checked against what the code reads."""
    assert variables(ShopSettings)["SHOP_PAGE_SIZE"] == "rows a page"
