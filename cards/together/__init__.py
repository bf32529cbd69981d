"""The rules of the tools used together: pure modules, no database. The pages: cards.models.together."""
