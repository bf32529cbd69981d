"""The user and what signing in needs. Refers to nothing of Wagtail's, so that migrations stay acyclic."""
