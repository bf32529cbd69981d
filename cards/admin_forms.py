"""What the forms of contacts and laws do beyond their fields: a key made of the name."""

from django.db.models import Model
from wagtail.admin.forms import WagtailAdminModelForm

from portal.base.slugs import free_slug


class ReferenceForm(WagtailAdminModelForm):
    """Without a key one is made of what the record is called: editors need not know what keys are for."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"].required = False

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("key") and "key" not in self.errors:
            model: type[Model] = type(self.instance)
            others = model._default_manager.exclude(pk=self.instance.pk)
            parts = (data.get("name"), data.get("number"), data.get("section"))
            data["key"] = free_slug(
                " ".join(str(part) for part in parts if part),
                is_taken=lambda key: others.filter(key=key).exists(),
                fallback="tieto",
                length=70,
            )
        return data
