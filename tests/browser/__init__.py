"""Journeys in a real Chromium: every test here drives a page of the whole, loaded site as a person would."""
