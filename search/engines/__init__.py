"""Search engines behind one port (base.py). Nothing outside this package knows how an index is kept."""
