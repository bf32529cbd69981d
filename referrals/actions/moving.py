"""What the directory does to organisations that were asked: two become one."""

from django.db import transaction

from directory.models import Organisation
from referrals.models import Enquiry, Tally, Team


@transaction.atomic
def move_to_organisation(drop: Organisation, keep: Organisation) -> None:
    """Enquiries, what is counted of them, and teams go to the organisation that is kept, as its services and people
    do: somebody waits for an answer, and the people who could give it are there now. Again: nothing happens."""
    Team.objects.filter(organisation=drop).update(organisation=keep)
    Enquiry.objects.filter(organisation=drop).update(organisation=keep)
    Tally.objects.filter(organisation=drop).update(organisation=keep, county=keep.county_id or "")
