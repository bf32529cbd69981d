"""Panels for our own kinds of field, so that two versions can be compared in the admin. No domain words."""

from django.utils.safestring import SafeString
from wagtail.admin import compare
from wagtail.admin.panels import FieldPanel, Panel

from portal.base import languages
from portal.base.fields import MultilingualField


class BeforePublishingPanel(Panel):
    """What to look at before publishing: a tab of a page's editing form. What it says: portal.content.page_checks."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "base/before_publishing_panel.html"


class ChoiceSetComparison(compare.M2MFieldComparison):
    """Which choices came and which went, by their labels."""

    def get_item_display(self, item: str) -> str:
        return self.field.labels([item])[0]


class ChoiceSetPanel(FieldPanel):
    """FieldPanel for a ChoiceSetField: Wagtail's comparison of choices expects one choice, and fails on several."""

    def get_comparison_class(self) -> type[compare.FieldComparison]:
        return ChoiceSetComparison


class MultilingualComparison(compare.FieldComparison):
    """The texts of every language, each under its name."""

    def htmldiff(self) -> SafeString:
        before, after = (_told(value) for value in (self.val_a, self.val_b))
        return compare.diff_text(before, after).to_html()


def _told(texts: dict) -> str:
    return "\n".join(
        f"{language.endonym}: {text if isinstance(text, str) else ', '.join(text)}"
        for language in languages.ALL
        if (text := texts.get(language.code))
    )


compare.register_comparison_class(MultilingualField, comparison_class=MultilingualComparison)
