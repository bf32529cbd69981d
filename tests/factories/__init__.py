"""Objects for tests, one module for each room. Everything is made the way the site makes it: published means published."""
