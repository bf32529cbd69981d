"""What the templates of the step form need Python for."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def of(found: dict[str, Any], name: str) -> Any:
    """What a dictionary has under a name, or None."""
    return found.get(name)
