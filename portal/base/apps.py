"""App configuration of the shared base."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "portal.base"
    label = "base"
    verbose_name = "Base"
