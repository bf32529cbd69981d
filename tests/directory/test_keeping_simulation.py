"""A simulated year in a hurry: few services, periods an eighth as long. What must hold is checked after every day.

The whole one, with the table in docs/freshness.md: `make simulate`.
"""

import pytest
from django.test import override_settings

from directory import rounds
from scripts.simulate_keeping import BrokenPropertyError, simulate, table

pytestmark = pytest.mark.django_db
QUICK = override_settings(
    FRESHNESS_PERIODS={"": {"due": 30, "overdue": 40, "stale": 50, "hidden": 70}},
    FRESHNESS_GAP_DAYS=3,
    FRESHNESS_LAST_CALL_DAYS=6,
    FRESHNESS_EDITING_DAYS=4,
)


@QUICK
def test_whatever_people_do_nothing_slips_through():
    months = simulate(services=20, days=100, seed=1)
    # The world was wild enough for every stage to be seen.
    assert all(any(month.stages[stage] for month in months) for stage in ("due", "overdue", "stale", "hidden", "ended"))
    assert sum(month.letters for month in months) > 20
    assert len(table(months).splitlines()) == len(months) + 2


@QUICK
def test_a_worse_engine_is_found_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rounds, "recipients", lambda tiers, step: [])
    with pytest.raises(BrokenPropertyError, match="nobody was told"):
        simulate(services=5, days=60, seed=1)
