"""Addresses of this room; portal.workspace.urls gathers them under its namespace."""

from django.urls import URLPattern, path

from portal.workspace.answering import views

urlpatterns: list[URLPattern] = [
    path("<str:token>/", views.answer, name="answer"),
    path("<str:token>/uusi-linkki/", views.new_link, name="answer_new_link"),
    path("<str:token>/<int:pk>/<str:answer>/", views.answer, name="answer_one"),
]
