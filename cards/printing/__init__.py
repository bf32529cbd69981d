"""Printing: pages as PDF. What is chosen → the document → the file; kept for a while, made again when a page changed.

Only what anybody may read is printed: never a draft, never a page with a restriction. Without WeasyPrint's own
libraries (Pango) there are no PDFs, and everything else works: the browser prints too.
"""
