"""Addresses of prints, below the language prefix."""

from django.urls import path

from cards.printing import views

urlpatterns = [
    path("tulosta/", views.choose_pages, name="choose_pages"),
    path("tulosta/tee/", views.make_print, name="make_print"),
    path("tulosta/<uuid:key>/", views.print_state, name="print_state"),
    path("tulosta/<uuid:key>/uudelleen/", views.try_print_again, name="try_print_again"),
    path("tulosta/<uuid:key>/pdf/", views.print_file, name="print_file"),
]
