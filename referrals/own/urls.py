"""Addresses of these pages; referrals.urls gathers them under its namespace."""

from django.urls import path

from referrals.own import asking, views

urlpatterns = [
    path("oma-lahete/", views.own, name="own"),
    path("oma-lahete/nyt/", views.own_view, name="own_view"),
    path("oma-lahete/nyt/loki/", views.own_log, name="own_log"),
    path("oma-lahete/nyt/peru/", views.own_withdraw, name="own_withdraw"),
    path("oma-lahete/nyt/pyynto/<uuid:enquiry>/", views.own_act, name="own_act"),
    path("oma-lahete/nyt/arvio/<uuid:enquiry>/", views.own_rate, name="own_rate"),
    path("oma-lahete/nyt/paperi/", views.own_plan, name="own_plan"),
    path("oma-lahete/sulje/", views.own_leave, name="own_leave"),
    path("lahete/itse/<slug:slug>/", asking.self_referral, name="self_referral"),
    path("lahete/itse/<slug:slug>/lahetetty/", asking.self_sent, name="self_sent"),
]
