"""App configuration."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "portal.workspace"
    label = "workspace"

    def ready(self) -> None:
        from portal.workspace.answering import letters as questions  # noqa: F401
        from portal.workspace.arriving import receivers  # noqa: F401
        from portal.workspace.keeping import letters  # noqa: F401
