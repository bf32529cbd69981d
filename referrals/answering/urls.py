"""Addresses of these pages; referrals.urls gathers them under its namespace."""

from django.urls import path

from referrals.answering import views

urlpatterns = [
    path("lahete/linkki/", views.link, name="link"),
    path("lahete/linkki/koodi/", views.link_code, name="link_code"),
    path("lahete/linkki/uusi/", views.new_link, name="new_link"),
    path("lahete/saapuneet/", views.inbox, name="inbox"),
    path("lahete/pyynto/<uuid:uuid>/", views.enquiry, name="enquiry"),
]
