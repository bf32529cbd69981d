"""The editorial site: content, pages, roles."""
