"""Addresses of these pages; referrals.urls gathers them under its namespace."""

from django.urls import path

from referrals.sending import beginning, printing, views

urlpatterns = [
    path("lahete/", views.home, name="home"),
    path("lahete/uusi/", beginning.new, name="new"),
    path("lahete/uusi/<slug:step>/", beginning.new_step, name="new_step"),
    path("lahete/<uuid:uuid>/", views.referral, name="referral"),
    path("lahete/<uuid:uuid>/pyynto/<uuid:enquiry>/", views.act, name="act"),
    path("lahete/<uuid:uuid>/otan/", views.take_over, name="take_over"),
    path("lahete/<uuid:uuid>/peru/", views.withdraw, name="withdraw"),
    path("lahete/<uuid:uuid>/paperi/", printing.paper, name="paper"),
    path("lahete/<uuid:uuid>/koodi/", views.new_code, name="new_code"),
    path("lahete/<uuid:uuid>/suunnitelmaan/", printing.plan, name="plan"),
    path("lahete/<uuid:uuid>/loki/", printing.log, name="log"),
    path("lahete/<uuid:uuid>/lisaa/", beginning.more, name="more"),
]
