"""Swedish as written in Finland: 1.11.2026, not Sweden's 2026-11-01."""

SHORT_DATE_FORMAT = "j.n.Y"
SHORT_DATETIME_FORMAT = "j.n.Y H.i"
TIME_FORMAT = "H.i"
FIRST_DAY_OF_WEEK = 1
