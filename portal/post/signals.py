"""What the post tells the rooms above it."""

from django.dispatch import Signal

# letter: the Letter that did not arrive. Sent once for each letter, in the transaction that marks it.
letter_bounced = Signal()
