"""The map of this room, below the language prefix. Nothing here is ever cached (referrals.access)."""

from referrals.answering.urls import urlpatterns as answering
from referrals.figures.urls import urlpatterns as figures
from referrals.notice.urls import urlpatterns as notice
from referrals.own.urls import urlpatterns as own
from referrals.sending.urls import urlpatterns as sending
from referrals.teams.urls import urlpatterns as teams

app_name = "referrals"
urlpatterns = [
    *sending,
    *answering,
    *own,
    *teams,
    *figures,
    *notice,
]
