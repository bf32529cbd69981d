"""Tests of the whole site: its frame, its security, its settings."""
