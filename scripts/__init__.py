"""Programs behind the Makefile's words, run as `python -m scripts.NAME`. The site itself imports nothing from here."""
