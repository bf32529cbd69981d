"""Addresses of these pages; referrals.urls gathers them under its namespace."""

from django.urls import path

from referrals.answering import views, views_link

# The address of a letter's link stands in the letter, which does not tell what it is about: neither does the address.
urlpatterns = [
    path("viesti/", views_link.link, name="link"),
    path("viesti/koodi/", views_link.link_code, name="link_code"),
    path("viesti/uusi/", views_link.new_link, name="new_link"),
    path("lahete/saapuneet/", views.inbox, name="inbox"),
    path("lahete/pyynto/<uuid:uuid>/", views.enquiry, name="enquiry"),
]
