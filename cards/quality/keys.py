"""The secrets of a round: the keeper's key and, made of it, the key of those who answer. No database.

Only hashes are stored. The answering key follows from the keeper's, so that the keeper's page can always show the link
to share; the keeper's cannot be worked out from it. They travel in the query string, which no log of ours keeps
(portal.base.logging), never in a path, which Django writes down with every 4xx.
"""

import hashlib
import hmac
import secrets

_BYTES = 24


def new_key() -> str:
    """A keeper's key, fit for an address."""
    return secrets.token_urlsafe(_BYTES)


def answering_key(keeper_key: str) -> str:
    """The key of those who answer the same round."""
    return hmac.new(keeper_key.encode(), b"cards.quality.answer", hashlib.sha256).hexdigest()[: 2 * _BYTES]


def hash_of(key: str) -> str:
    """What is stored of a key. No salt: a key is random and long, so nobody can try them all."""
    return hashlib.sha256(key.encode()).hexdigest()
