"""Addresses of these pages; referrals.urls gathers them under its namespace."""

from django.urls import path

from referrals.answering import views, views_link

urlpatterns = [
    path("lahete/linkki/", views_link.link, name="link"),
    path("lahete/linkki/koodi/", views_link.link_code, name="link_code"),
    path("lahete/linkki/uusi/", views_link.new_link, name="new_link"),
    path("lahete/saapuneet/", views.inbox, name="inbox"),
    path("lahete/pyynto/<uuid:uuid>/", views.enquiry, name="enquiry"),
]
