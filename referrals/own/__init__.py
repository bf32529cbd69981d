"""The person's pages: opening by code, what was sent and to whom, withdrawing; sending without a worker."""
