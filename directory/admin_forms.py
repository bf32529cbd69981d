"""What the editing forms do beyond their fields: addresses made of names, long lists in an order people can read."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.forms import ModelMultipleChoiceField
from django.utils.translation import gettext
from wagtail.admin.forms import WagtailAdminModelForm

from directory.choices import Scheme
from directory.models import Organisation, Service, Term
from portal.base.slugs import free_slug

Choices = list[tuple[object, object]]


class ServiceForm(WagtailAdminModelForm):
    """Terms under their broader terms, places by their names."""

    TREES = {
        "topics": Scheme.TOPIC,
        "target_groups": Scheme.TARGET_GROUP,
        "life_events": Scheme.LIFE_EVENT,
        "service_classes": Scheme.SERVICE_CLASS,
    }
    BY_NAME = ("municipalities", "counties", "partners")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, scheme in self.TREES.items():
            if name in self.fields:
                self.fields[name].choices = list(_tree(scheme))
        for name in self.BY_NAME:
            if name in self.fields:
                self.fields[name].choices = _by_name(self.fields[name])
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """Without an address one is made of the name; a typed one must be free in this language.

        The database would refuse it too, but with an error page: the language is no field of the form.
        """
        slug = self.cleaned_data.get("slug") or ""
        if not slug:
            self.instance.title = self.cleaned_data.get("title") or self.instance.title
            return self.instance.free_slug()
        others = Service.objects.filter(slug=slug, locale=self.instance.locale_id).exclude(pk=self.instance.pk)
        if self.instance.locale_id and others.exists():
            raise ValidationError(
                gettext("Another service has this address already. Leave it empty to get a free one.")
            )
        return slug


class OrganisationForm(WagtailAdminModelForm):
    """Without an address one is made of the name."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("slug") and "slug" not in self.errors:
            others = Organisation.objects.exclude(pk=self.instance.pk)
            data["slug"] = free_slug(
                str(data.get("names") or ""),
                is_taken=lambda slug: others.filter(slug=slug).exists(),
                fallback="jarjesto",
            )
        return data


def _by_name(field: ModelMultipleChoiceField) -> Choices:
    return sorted(((each.pk, str(each)) for each in field.queryset or ()), key=lambda choice: choice[1].casefold())


def _tree(scheme: str) -> Iterator[tuple[object, object]]:
    """Terms without narrower ones by themselves, the others as a group that begins with the broader term itself."""
    terms = list(Term.objects.filter(scheme=scheme))
    children: dict[int | None, list[Term]] = {}
    for term in terms:
        children.setdefault(term.parent_id, []).append(term)

    def below(term: Term) -> Iterator[tuple[int, str]]:
        yield term.pk, str(term)
        for child in children.get(term.pk, []):
            yield from below(child)

    for root in children.get(None, []):
        yield (str(root), list(below(root))) if root.pk in children else (root.pk, str(root))
