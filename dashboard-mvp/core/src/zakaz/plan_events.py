"""The events a plan is for: whose they are, what currency they sell in, which nobody knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from zakaz.errors import DataError
from zakaz.plan_file import PlanLine
from zakaz.warehouse.port import Warehouse

_EVENTS = "SELECT account_id, event_id, currency FROM zakaz.dim_events FINAL"
_DEFAULT_CURRENCY = "RUB"
_MOST_NAMED = 10


class PlanEvents:
    """The events of a store, as account, id and currency."""

    def __init__(self, events: Iterable[tuple[str, str, str]]) -> None:
        self._currency = {(account, event): currency for account, event, currency in events}
        self._accounts = sorted({account for account, _ in self._currency})
        self._owners: dict[str, list[str]] = defaultdict(list)
        for account, event in sorted(self._currency):
            self._owners[event].append(account)

    @classmethod
    def of(cls, warehouse: Warehouse) -> PlanEvents:
        """Read the events of a store."""
        return cls((str(a), str(e), str(c)) for a, e, c in warehouse.query(_EVENTS).rows)

    def resolved(self, line: PlanLine) -> PlanLine:
        """Give the line with account and currency; raises DataError where the account is open."""
        account = line.account_id or self._owner(line.event_id)
        currency = line.currency or self._currency.get((account, line.event_id), "")
        return replace(line, account_id=account, currency=currency or _DEFAULT_CURRENCY)

    def strangers(self, lines: Iterable[PlanLine]) -> str:
        """Name the events of a plan that the store does not know, in a sentence; '' for none."""
        known = self._currency
        found = sorted(
            {line.event_id for line in lines if (line.account_id, line.event_id) not in known}
        )
        if not found:
            return ""
        named = ", ".join(found[:_MOST_NAMED]) + (" and more" if len(found) > _MOST_NAMED else "")
        return (
            f"{len(found)} of the events {'is' if len(found) == 1 else 'are'} not known here (yet):"
            f" {named}. Their plan stands under the id alone, without name and city; 'zakaz plan"
            " template' lists the events that sell"
        )

    def _owner(self, event: str) -> str:
        owners = self._owners.get(event) or self._accounts
        if len(owners) == 1:
            return owners[0]
        if not owners:
            raise DataError(
                "The store knows no event yet, so nobody can tell whose plan this is. Load the"
                " events first with: zakaz sync; or add the column account_id to the file."
            )
        raise DataError(
            f"Event {event} may be of the accounts {', '.join(owners)}: add the column account_id"
            " to the file."
        )
