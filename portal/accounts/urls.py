"""One's own account: `accounts:…`. Signing in itself is allauth's."""

from django.urls import path

from portal.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.home, name="home"),
    path("close/", views.close, name="close"),
    path("closed/", views.closed, name="closed"),
]
