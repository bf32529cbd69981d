"""Exchange with other catalogues: outside formats in, our model out. Knows no page, no template, no search."""
