"""Signed-in rooms of organisations. The first page only; the rooms are furnished later."""
