"""What the accounts tell rooms above them, which they do not know."""

from django.dispatch import Signal

# `user` will not sign in any more: closed the account, was put out of use by an administrator, or is removed. Sent
# inside the transaction, while name and address are still there: what they took care of needs somebody else.
account_closed = Signal()
