"""The periods and the pace of freshness as the settings give them (FRESHNESS_…). The rules are directory.freshness'."""

from django.conf import settings

from directory.freshness import Pace, Periods


def periods_of(kind: str) -> Periods:
    """The periods that hold for a kind of listing."""
    table = settings.FRESHNESS_PERIODS
    return Periods(**table.get(kind, table[""]))


def periods_by_kind() -> dict[str, Periods]:
    """The periods of the kinds that have their own; under "" those of all others."""
    return {kind: Periods(**days) for kind, days in settings.FRESHNESS_PERIODS.items()}


def pace() -> Pace:
    """How the questions are spaced."""
    return Pace(
        gap=settings.FRESHNESS_GAP_DAYS,
        last_call=settings.FRESHNESS_LAST_CALL_DAYS,
        editing=settings.FRESHNESS_EDITING_DAYS,
        together=settings.FRESHNESS_TOGETHER_DAYS,
    )
