"""Search: words, plans, and the engines behind one port."""
