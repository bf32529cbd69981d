"""Search: one index over services, cards, tools and pages.

This room knows words, documents and engines. It does not know HTML or HTTP outside views.py, and only
search/engines/ knows how an index is kept.
"""
