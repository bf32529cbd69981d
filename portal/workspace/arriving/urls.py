"""Addresses of this room; portal.workspace.urls gathers them under its namespace."""

from django.urls import URLPattern, path

from portal.workspace.arriving import team, views

urlpatterns: list[URLPattern] = [
    path("liity/", views.arrive, name="arrive"),
    path("liity/uusi/", views.propose, name="propose"),
    path("liity/jarjesto/<slug:slug>/", views.claim, name="claim"),
    path("liity/pyynto/<int:pk>/", views.claim_state, name="claim_state"),
    path("kutsu/<str:token>/", views.invitation, name="invitation"),
    path("ihmiset/<slug:slug>/", team.people, name="team"),
    path("ihmiset/<slug:slug>/kutsu/", team.invite, name="invite"),
    path("ihmiset/<slug:slug>/kutsu/<int:pk>/peru/", team.cancel_invitation, name="cancel_invitation"),
    path("ihmiset/<slug:slug>/luovuta/", team.hand_over, name="hand_over"),
    path("ihmiset/<slug:slug>/<int:pk>/", team.member, name="member"),
    path("ihmiset/<slug:slug>/<int:pk>/poista/", team.remove, name="remove_member"),
    path("vastuu/<uuid:key>/", team.keepers, name="keepers"),
]
