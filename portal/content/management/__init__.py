"""Commands of the editorial site."""
