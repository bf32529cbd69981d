"""The letters of coming and going: invitation, claim, roles, handing over. Texts alone; when: receivers.py."""

from collections.abc import Sequence
from uuid import uuid4

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from directory.choices import ClaimState, Role
from directory.models import Claim, Invitation, Organisation, Service
from portal.accounts.models import User
from portal.post.composing import Button, Message, Paragraph
from portal.post.letters import queue_letter
from portal.workspace.arriving.links import token_of, whole_address


def _send(key: str, user: User, message: Message) -> None:
    if user.is_active:
        queue_letter(key=key, to=user.email, message=message, language=user.language, user=user)


def _to_organisation(organisation: Organisation, user: User) -> Button:
    address = whole_address("workspace:organisation", user.language, slug=organisation.slug)
    return Button(_("Open my organisation"), address)


def _once() -> str:
    """For what can happen to one person again and again."""
    return uuid4().hex


def invitation_letter(invitation: Invitation) -> None:
    """To the invited address: in the language of whoever has an account with it, else in the inviter's."""
    known = User.objects.filter(email__iexact=invitation.email, is_active=True).first()
    inviter = invitation.invited_by
    language = (known or inviter or User()).language
    with translation.override(language):
        named = {"name": inviter or "", "organisation": invitation.organisation}
        words = (
            _("%(name)s asks you to take over their part in keeping the listings of %(organisation)s up to date.")
            if invitation.hands_over
            else _("%(name)s asks you to help in keeping the listings of %(organisation)s up to date.")
        )
        message = Message(
            _("Come and keep the listings of %(organisation)s") % named,
            [
                Paragraph(_("Hello!")),
                Paragraph(words % named),
                Paragraph(role_words(invitation.role)),
                Button(
                    _("See the invitation"), whole_address("workspace:invitation", language, token=token_of(invitation))
                ),
                Paragraph(
                    _("The invitation is open until %(day)s. You need no password: we send a code to your e-mail.")
                    % {"day": date_format(invitation.expires_at, "SHORT_DATE_FORMAT")}
                ),
            ],
            why=_("You get this letter because somebody invited you. Do you not know them? Then do nothing."),
        )
    queue_letter(
        key=f"invitation-{invitation.key}", to=invitation.email, message=message, language=language, user=known
    )


def role_words(role: str) -> str:
    """What a role means, said to the person."""
    return {
        Role.OWNER: _("As an owner you keep the listings and say who else does."),
        Role.DEPUTY: _("As a deputy you keep the listings and the organisation's own details."),
        Role.WRITER: _("As a writer you keep the listings."),
    }[Role(role)]


def claim_received(claim: Claim) -> None:
    """Thanks: a person looks at it."""
    with translation.override(claim.user.language):
        message = Message(
            _("We have your request: %(organisation)s") % {"organisation": _name_of(claim)},
            [
                Paragraph(_("Hello!")),
                Paragraph(
                    _(
                        "You asked to keep the listings of %(organisation)s. A person of the directory makes sure that "
                        "you may, and writes to you. We may call the organisation's known number."
                    )
                    % {"organisation": _name_of(claim)}
                ),
                Button(_("See your request"), whole_address("workspace:claim_state", claim.user.language, pk=claim.pk)),
            ],
        )
    _send(f"claim-received-{claim.pk}", claim.user, message)


def claim_decided(claim: Claim) -> None:
    """Yes, with the way in; or no, with the reason."""
    with translation.override(claim.user.language):
        named = {"organisation": _name_of(claim)}
        own_words = [Paragraph(claim.words)] if claim.words else []
        if claim.state == ClaimState.APPROVED and claim.organisation:
            message = Message(
                _("Welcome: you now keep the listings of %(organisation)s") % named,
                [
                    Paragraph(_("Hello!")),
                    Paragraph(_("You may now keep the listings of %(organisation)s.") % named),
                    *own_words,
                    _to_organisation(claim.organisation, claim.user),
                ],
            )
        else:
            message = Message(
                _("Your request about %(organisation)s") % named,
                [
                    Paragraph(_("Hello!")),
                    Paragraph(_("We could not give you the listings of %(organisation)s to keep.") % named),
                    *own_words,
                    Paragraph(_("Did we get something wrong? Answer this letter: a person reads it.")),
                ],
            )
    _send(f"claim-decided-{claim.pk}", claim.user, message)


def _name_of(claim: Claim) -> str:
    return str(claim.organisation or claim.proposed_name)


def joined(organisation: Organisation, newcomer: User, owner: User) -> None:
    """To an owner: somebody has joined. Whoever got in wrongly is seen at once."""
    with translation.override(owner.language):
        named = {"name": newcomer, "organisation": organisation}
        message = Message(
            _("%(name)s joined %(organisation)s") % named,
            [
                Paragraph(_("Hello!")),
                Paragraph(_("%(name)s now keeps the listings of %(organisation)s with you.") % named),
                Button(
                    _("See who is in the team"), whole_address("workspace:team", owner.language, slug=organisation.slug)
                ),
            ],
        )
    _send(f"joined-{organisation.pk}-{newcomer.pk}-{owner.pk}-{_once()}", owner, message)


def role_changed(organisation: Organisation, user: User, role: str) -> None:
    """Your part is another now."""
    with translation.override(user.language):
        named = {"organisation": organisation}
        message = Message(
            _("Your part in %(organisation)s has changed") % named,
            [
                Paragraph(_("Hello!")),
                Paragraph(role_words(role)),
                _to_organisation(organisation, user),
            ],
        )
    _send(f"role-{organisation.pk}-{user.pk}-{_once()}", user, message)


def removed(organisation: Organisation, user: User) -> None:
    """You are in the team no more."""
    with translation.override(user.language):
        named = {"organisation": organisation}
        message = Message(
            _("You no longer keep the listings of %(organisation)s") % named,
            [
                Paragraph(_("Hello!")),
                Paragraph(_("You were taken off the people who keep the listings of %(organisation)s.") % named),
                Paragraph(_("Thank you for your work. Was this a mistake? Ask the organisation to invite you again.")),
            ],
        )
    _send(f"removed-{organisation.pk}-{user.pk}-{_once()}", user, message)


def took_over(organisation: Organisation, user: User, services: Sequence[Service], by: User | None) -> None:
    """Somebody's part is yours now, with these services."""
    with translation.override(user.language):
        named = {"name": by or "", "organisation": organisation}
        titles = "\n".join(f"• {service.title}" for service in services)
        message = Message(
            _("You now take care of a part of %(organisation)s") % named,
            [
                Paragraph(_("Hello!")),
                Paragraph(_("%(name)s handed a part in %(organisation)s over to you.") % named),
                *([Paragraph(_("These are now yours to keep:")), Paragraph(titles)] if titles else []),
                _to_organisation(organisation, user),
            ],
        )
    _send(f"took-over-{organisation.pk}-{user.pk}-{_once()}", user, message)
