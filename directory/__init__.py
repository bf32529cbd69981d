"""Organisations, services, places, vocabulary, freshness and exchange."""
