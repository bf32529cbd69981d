"""What the sign-in pages need of Python: allauth's forms without the grey words inside their fields."""

from typing import Any

from django import forms, template
from django.conf import settings

from portal.accounts.access import needs_second_factor

register = template.Library()


@register.filter
def plain(form: forms.BaseForm) -> forms.BaseForm:
    """The form without placeholders: they repeat the label, vanish while one writes, and are hard to read."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.filter
def must_have_second_factor(user: Any) -> bool:
    """Whether the administration stays closed to this person without a second factor."""
    return settings.REQUIRE_SECOND_FACTOR and needs_second_factor(user)
