"""Addresses of the directory, below the language prefix."""

from django.urls import path

from directory import views

app_name = "directory"
urlpatterns = [
    path("palvelut/<slug:slug>/", views.service_page, name="service"),
    path("palvelut/<slug:slug>/virhe/", views.report_mistake, name="report"),
    path("palvelut/<slug:slug>/virhe/kiitos/", views.report_sent, name="report_sent"),
    path("jarjestot/<slug:slug>/", views.organisation_page, name="organisation"),
    path("lista/", views.my_list, name="my_list"),
    path("lista/vertaa/", views.compare, name="compare"),
    path("lista/vaihda/", views.toggle_in_list, name="toggle_in_list"),
    path("lista/tyhjenna/", views.clear_list, name="clear_list"),
    path("lista/jaettu/<str:token>/", views.shared_list, name="shared_list"),
    path("lista/jaettu/<str:token>/vertaa/", views.compare_shared, name="compare_shared"),
    path("lista/jaettu/<str:token>/omaksi/", views.take_shared_list, name="take_shared_list"),
]
