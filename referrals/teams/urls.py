"""Addresses of these pages; referrals.urls gathers them under its namespace."""

from django.urls import path

from referrals.teams import views

urlpatterns = [
    path("lahete/tiimit/", views.teams, name="teams"),
    path("lahete/tiimit/uusi/", views.team_new, name="team_new"),
    path("lahete/tiimit/<int:pk>/", views.team, name="team"),
    path("lahete/tiimit/<int:pk>/liity/", views.team_join, name="team_join"),
    path("lahete/tiimit/<int:pk>/paatos/", views.team_decide, name="team_decide"),
    path("lahete/tiimit/<int:pk>/sulje/", views.team_close, name="team_close"),
    path("lahete/tiimit/jasen/<int:pk>/paatos/", views.member_decide, name="member_decide"),
    path("lahete/tiimit/jasen/<int:pk>/rooli/", views.member_role, name="member_role"),
    path("lahete/tiimit/jasen/<int:pk>/lopeta/", views.member_end, name="member_end"),
    path("yllapito/lahetteet/tiimit/", views.teams_waiting, name="teams_waiting"),
]
