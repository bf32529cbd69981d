"""Objects for tests, one module for each room, made the way the site makes them: published means published."""
