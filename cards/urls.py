"""Addresses of the cards' room that are no pages, below the language prefix."""

from django.urls import include, path

app_name = "cards"
urlpatterns = [
    path("", include("cards.quality.urls")),
    path("", include("cards.printing.urls")),
]
