"""Registers the search room in the admin. Nothing else."""

from wagtail import hooks

from search.viewsets import SearchGroup


@hooks.register("register_admin_viewset")
def register_viewsets() -> SearchGroup:
    return SearchGroup()
