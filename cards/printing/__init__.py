"""Cards, models, chosen sets and posters as PDF: what belongs to a print, making it, fetching it."""
