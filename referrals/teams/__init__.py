"""Workers' teams: asking for one, approving, members."""
