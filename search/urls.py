"""Addresses of search, below the language prefix."""

from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("hae/", views.search, name="search"),
    path("hae/ehdotukset/", views.suggest, name="suggest"),
]
