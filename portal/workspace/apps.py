"""App configuration."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "portal.workspace"
    label = "workspace"
