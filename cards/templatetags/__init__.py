"""Template tags of the cards."""
