"""Practice models, action cards, digital tools and quality criteria: all editable pages."""
