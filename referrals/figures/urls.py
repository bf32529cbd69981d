"""Addresses of these pages; referrals.urls gathers them under its namespace."""

from django.urls import path

from referrals.figures import views

urlpatterns = [
    path("yllapito/lahetteet/", views.figures, name="figures"),
    path("yllapito/lahetteet/csv/", views.figures_csv, name="figures_csv"),
]
