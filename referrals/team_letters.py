"""Letters about teams and places in them: to those who decide, and to the worker. Not a word of any referral.

Called by referrals.actions.teams in the transaction of what they tell of.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from directory.models import Organisation
from directory.permissions import central_people
from portal.accounts.models import User
from portal.post.composing import Block, Button, Message, Paragraph
from portal.post.letters import queue_letter
from referrals.choices import MemberState, TeamRole
from referrals.models import Team, TeamMember


def deciders_of(organisation: Organisation) -> list[User]:
    """Whom a letter about a new team goes to: the area's administrators; where there are none, the central people."""
    area = (
        User.objects.filter(area_roles__county=organisation.county_id, is_active=True) if organisation.county_id else ()
    )
    return list(area) or list(central_people())


def team_asked(team: Team) -> None:
    """To those who decide: a new team waits."""
    for user in deciders_of(team.organisation):
        with translation.override(user.language):
            message = Message(
                _("A team asks to send referrals: %(organisation)s") % {"organisation": team.organisation},
                [
                    Paragraph(_("Hello!")),
                    Paragraph(
                        _("%(organisation)s: the team «%(team)s» asks for leave to send wellbeing referrals.")
                        % {"organisation": team.organisation, "team": team.name}
                    ),
                    Paragraph(_("Make sure who asks, for instance by calling the organisation's known number.")),
                    Button(_("Look at it and decide"), _address("referrals:team_decide", team.pk)),
                ],
            )
        _send(f"team-asked:{team.pk}:{user.pk}", user, message)


def place_asked(member: TeamMember) -> None:
    """To the leads, or where there are none to those who decide on the team: a worker wants to join."""
    team = member.team
    leads = [each.user for each in team.members.active().filter(role=TeamRole.LEAD).select_related("user")]
    for user in leads or deciders_of(team.organisation):
        with translation.override(user.language):
            message = Message(
                _("A worker asks to join your team") if user in leads else _("A worker asks to join a team"),
                [
                    Paragraph(_("Hello!")),
                    Paragraph(_("%(name)s asks to join the team «%(team)s».") % {"name": member.user, "team": team}),
                    Paragraph(_("Whoever is in the team sees its referrals. Take in only people you know.")),
                    Button(_("Look at it and decide"), _address("referrals:team", team.pk)),
                ],
            )
        _send(f"place-asked:{member.pk}:{member.asked_at.timestamp()}:{user.pk}", user, message)


def decided(member: TeamMember) -> None:
    """To the worker: in, or not."""
    user, named = member.user, {"team": member.team}
    with translation.override(user.language):
        if member.state == MemberState.ACTIVE:
            subject = _("You are in the team: %(team)s") % named
            blocks: list[Block] = [
                Paragraph(_("Hello!")),
                Paragraph(
                    _("You are now in the team «%(team)s», and can send wellbeing referrals in its name.") % named
                ),
                *_on_second_factor(),
                Button(_("Open the team"), _address("referrals:team", member.team_id)),
            ]
        else:
            subject = _("Your request: %(team)s") % named
            blocks = [
                Paragraph(_("Hello!")),
                Paragraph(_("You were not taken into the team «%(team)s».") % named),
                Paragraph(_("Did we get something wrong? Answer this letter: a person reads it.")),
            ]
        message = Message(subject, blocks)
    moment = member.decided_at.timestamp() if member.decided_at else 0
    _send(f"place-decided:{member.pk}:{moment}", user, message)


def taken_in(member: TeamMember, by: User) -> None:
    """To the leads: somebody who keeps the site, and not they, has taken a worker into their team."""
    team = member.team
    for lead in team.members.active().filter(role=TeamRole.LEAD).exclude(user=member.user).select_related("user"):
        user = lead.user
        with translation.override(user.language):
            message = Message(
                _("A worker was taken into your team: %(team)s") % {"team": team},
                [
                    Paragraph(_("Hello!")),
                    Paragraph(
                        _("%(by)s, who decides on teams, took %(name)s into the team «%(team)s».")
                        % {"by": by, "name": member.user, "team": team}
                    ),
                    Paragraph(
                        _("Whoever is in the team sees its referrals. Do you not know the person? End the place.")
                    ),
                    Button(_("Open the team"), _address("referrals:team", team.pk)),
                ],
            )
        moment = member.decided_at.timestamp() if member.decided_at else 0
        _send(f"place-given:{member.pk}:{moment}:{user.pk}", user, message)


def ended(member: TeamMember) -> None:
    """To the worker: somebody has ended the place."""
    user, named = member.user, {"team": member.team}
    with translation.override(user.language):
        message = Message(
            _("You are no longer in the team: %(team)s") % named,
            [
                Paragraph(_("Hello!")),
                Paragraph(
                    _("Your place in the team «%(team)s» has ended. You do not see its referrals any more.") % named
                ),
                Paragraph(_("Was this a mistake? Ask whoever leads the team.")),
            ],
        )
    moment = member.decided_at.timestamp() if member.decided_at else 0
    _send(f"place-ended:{member.pk}:{moment}", user, message)


def _on_second_factor() -> list[Block]:
    if not settings.REQUIRE_SECOND_FACTOR:
        return []
    words = _("Before the first time you take a passkey or an authenticator app into use. The page leads you there.")
    return [Paragraph(words)]


def _address(name: str, pk: int) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, kwargs={"pk": pk})


def _send(key: str, user: User, message: Message) -> None:
    if user.is_active:
        queue_letter(key=f"referral-{key}", to=user.email, message=message, language=user.language, user=user)
