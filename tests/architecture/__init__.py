"""Tests about the source itself: each finds what a reader would have to look for by eye, and can really fail."""
