"""What the sign-in pages need of Python: allauth's forms without the grey words inside their fields."""

from django import forms, template

register = template.Library()


@register.filter
def plain(form: forms.BaseForm) -> forms.BaseForm:
    """The form without placeholders: they repeat the label, vanish while one writes, and are hard to read."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form
