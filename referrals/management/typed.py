"""What somebody types for a command: asked for at a terminal, else read from standard input. Never an argument."""

import getpass
import sys


def typed(question: str, *, hidden: bool = False) -> str:
    """One line. hidden: it does not show on the screen either."""
    if hidden and sys.stdin.isatty():
        return getpass.getpass(question).strip()
    if sys.stdin.isatty():
        return input(question).strip()
    return sys.stdin.readline().strip()
