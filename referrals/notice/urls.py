"""Addresses of these pages; referrals.urls gathers them under its namespace."""

from django.urls import path

from referrals.notice import views

urlpatterns = [
    path("lahete/tietosuoja/", views.privacy, name="privacy"),
    path("yllapito/lahetteet/seloste/", views.record, name="record"),
]
