"""Widgets of the admin's forms that Wagtail has none for. No domain words."""

from django import forms


class LongChoiceList(forms.CheckboxSelectMultiple):
    """Checkboxes for tens or hundreds of choices: in columns, scrolling, with a field that narrows the list.

    Groups of choices come out under their headings. Without the script it is a plain list of checkboxes.
    """

    template_name = "components/long_choice_list.html"

    class Media:
        css = {"all": ["portal/admin/forms.css"]}
        js = ["portal/admin/long-choice-list.js"]
