"""Who acts on a referral, as the actions and the log need to know it. Pure: no database, no HTTP."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from referrals.choices import Party


@dataclass(frozen=True)
class Actor:
    """Somebody who acts. user: an account; link: an opened link instead of one. in_name_of: team or organisation."""

    party: Party
    user: Any = None
    link: UUID | None = None
    in_name_of: str = ""

    def parties(self, *, is_own: bool) -> Set[Party]:
        """What the actor counts as. is_own: of a referral that the person sent, the person is the sender too."""
        if self.party is Party.PERSON and is_own:
            return frozenset({Party.PERSON, Party.SENDER})
        return frozenset({self.party})


SITE = Actor(Party.SITE)
PERSON = Actor(Party.PERSON)
