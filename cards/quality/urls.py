"""Addresses of the rounds of self-assessment, below the language prefix."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
