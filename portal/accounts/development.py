"""Sample people for a machine of one's own. The authentication backend refuses them outside debug mode."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group

from portal.accounts.models import User

PASSWORD = "palvelupolku-kehitys"  # noqa: S105 it opens nothing outside debug mode
# (address, first name, last name, groups, administrator)
PEOPLE = (
    ("yllapito@example.org", "Aino", "Ylläpito", (), True),
    ("toimittaja@example.org", "Elias", "Toimittaja", ("Editors",), False),
    ("hyvaksyja@example.org", "Helmi", "Hyväksyjä", ("Moderators",), False),
    ("alue@example.org", "Raili", "Alueylläpitäjä", ("Regional administrators",), False),
    # Of organisations; which, is said where memberships are made.
    ("omistaja@example.org", "Orvokki", "Omistaja", (), False),
    ("varahenkilo@example.org", "Veikko", "Varahenkilö", (), False),
    ("kirjoittaja@example.org", "Kaisa", "Kirjoittaja", (), False),
    ("uusi@example.org", "Ulla", "Uusi", (), False),
    # Workers who send referrals; in which team, is said where teams are made.
    ("ohjaaja@example.org", "Outi", "Ohjaaja", (), False),
    ("tyokaveri@example.org", "Tuomo", "Työkaveri", (), False),
    ("pyytaja@example.org", "Päivi", "Pyytäjä", (), False),
)


def ensure_people() -> list[User]:
    """Make the sample people who are missing. Nothing at all outside debug mode."""
    if not settings.DEBUG:
        return []
    people = []
    for email, first_name, last_name, groups, is_administrator in PEOPLE:
        user = User.objects.filter(email=email).first()
        if user is None:
            make = User.objects.create_superuser if is_administrator else User.objects.create_user
            user = make(email, PASSWORD, first_name=first_name, last_name=last_name, is_development=True)
        # Each time: a group may be younger than the person.
        user.groups.add(*Group.objects.filter(name__in=groups))
        EmailAddress.objects.filter(user=user, email=email).update(verified=True, primary=True)
        people.append(user)
    return people
