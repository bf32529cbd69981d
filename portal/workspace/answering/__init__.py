"""Pages behind the links in letters: shown on GET, acting on POST, without signing in."""
