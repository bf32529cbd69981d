"""Tests mirror the rooms; browser/ drives a real Chromium, architecture/ keeps the house as it was drawn."""
