"""Pages of the directory's own people: queue, reviews, freshness, coverage, campaigns."""
