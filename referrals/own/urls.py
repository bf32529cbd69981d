"""Addresses of these pages; referrals.urls gathers them under its namespace."""

from django.urls import path

from referrals.own import asking, views

# The address of the person's own pages is on a paper that somebody else may see: it does not tell what they are.
urlpatterns = [
    path("oma/", views.own, name="own"),
    path("oma/nyt/", views.own_view, name="own_view"),
    path("oma/nyt/loki/", views.own_log, name="own_log"),
    path("oma/nyt/peru/", views.own_withdraw, name="own_withdraw"),
    path("oma/nyt/pyynto/<uuid:enquiry>/", views.own_act, name="own_act"),
    path("oma/nyt/arvio/<uuid:enquiry>/", views.own_rate, name="own_rate"),
    path("oma/nyt/paperi/", views.own_plan, name="own_plan"),
    path("oma/sulje/", views.own_leave, name="own_leave"),
    path("oma/poistu/", views.own_exit, name="own_exit"),
    path("lahete/itse/<slug:slug>/", asking.self_referral, name="self_referral"),
    path("lahete/itse/<slug:slug>/lahetetty/", asking.self_sent, name="self_sent"),
]
