"""Addresses of the editorial site that are no pages, below the language prefix."""

from django.urls import path

from portal.content import views

app_name = "content"
urlpatterns = [
    path("apua-heti/", views.help_now, name="help_now"),
]
