"""Letters for tests, written as the rooms above write them."""

from itertools import count

from portal.post import letters
from portal.post.composing import Button, Heading, Item, Message, Paragraph
from portal.post.models import Letter

_numbers = count(1)

# One of each block.
MESSAGE = Message(
    "Are these still right?",
    [
        Paragraph("Hello,\nthese three are yours to keep."),
        Button("All are still right", "https://example.org/all/"),
        Heading("One by one"),
        Item(
            "Crisis help <Kajo>",
            "Checked 3 March",
            [Button("Right", "https://example.org/1/?a=b&c=d"), Button("I will edit", "https://example.org/2/")],
        ),
        Item("Debt advice"),
    ],
)


def write_letter(key: str = "", to: str = "keeper@example.org", **fields: object) -> Letter:
    """A letter that waits in the queue."""
    return letters.queue_letter(
        **{"key": key or f"letter-{next(_numbers)}", "to": to, "message": MESSAGE, "language": "fi", **fields}
    )
