"""The sample directory: marked as such, dated from the day of loading, removed whole, and brought back when asked."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from wagtail.models import ReferenceIndex, Revision, WorkflowState

from directory import sample
from directory.choices import DATED_KINDS, Capacity, Kind
from directory.freshness import Freshness
from directory.models import Organisation, Place, Service
from portal.base.loading import Entry, Folder
from portal.base.models import LoadedContent
from tests.search.index import indexed, settle


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_sample_shows_what_the_directory_can(site: None):
    public = Service.objects.public()
    assert set(public.values_list("is_sample", "source")) == {(True, "sample")}
    assert set(public.values_list("kind", flat=True)) == set(Kind.values)
    assert set(public.values_list("locale__language_code", flat=True)) == {"fi", "sv", "en"}
    assert Organisation.objects.filter(is_sample=True).count() >= 30
    assert Place.objects.filter(is_secret=True, is_sample=True).exists()
    assert public.filter(capacity=Capacity.FULL).exists()
    assert {service.freshness() for service in public} >= {Freshness.FRESH, Freshness.DUE, Freshness.OVERDUE}
    assert public.filter(checked_on=None).exists()


def test_translations_share_facts_and_not_texts(site: None):
    rows = {
        row.locale.language_code: row
        for row in Service.objects.filter(source_id="siltaranta-olohuone").select_related("locale")
    }
    finnish, swedish = rows["fi"], rows["sv"]
    assert finnish.translation_key == swedish.translation_key
    assert finnish.slug == swedish.slug
    assert finnish.title != swedish.title
    assert set(finnish.topics.all()) == set(swedish.topics.all())
    assert finnish.opening_hours.count() == swedish.opening_hours.count() > 0
    assert [place.name for place in finnish.public_places] == [place.name for place in swedish.public_places]


def test_days_count_from_the_day_of_loading(site: None):
    today = timezone.localdate()
    for service in Service.objects.filter(kind__in=DATED_KINDS):
        starts, ends = timezone.localtime(service.starts_at), timezone.localtime(service.ends_at)
        assert today < starts.date() <= ends.date()
        assert starts < ends
        assert service.enrol_by is None or service.enrol_by <= starts.date()
        for hours in service.opening_hours.all():
            assert hours.holds_on(starts.date())
            assert not hours.holds_on(ends.date() + datetime.timedelta(days=1))
    market = Service.objects.get(source_id="mantyvirta-jarjestotori", locale__language_code="fi")
    assert timezone.localtime(market.starts_at).isoweekday() == 6
    assert not Service.objects.filter(checked_on__gt=today).exists()


def test_a_later_load_only_adds_what_is_missing(site: None):
    edited = Service.objects.get(source_id="siltaranta-kavelykaveri", locale__language_code="fi")
    Service.objects.filter(pk=edited.pk).update(title="Oma")
    Service.objects.filter(source_id="siltaranta-olohuone").delete()
    LoadedContent.objects.filter(key="directory/sample/services.yaml#newbridge-desk").delete()
    Service.objects.filter(source_id="newbridge-desk").delete()
    run("load_content")
    edited.refresh_from_db()
    assert edited.title == "Oma"
    assert not Service.objects.filter(source_id="siltaranta-olohuone").exists()
    assert Service.objects.filter(source_id="newbridge-desk").exists()


class FewServices(Folder):
    """The room's files with the first services only: loading all of them takes its time."""

    def entries(self, name: str, by: str = "key") -> list[Entry]:
        found = super().entries(name, by)
        return found[:3] if name.endswith("services.yaml") else found


def test_removal_takes_all_and_loading_brings_it_back(site: None, monkeypatch: pytest.MonkeyPatch):
    before = sample.counts()
    said = run("remove_sample", "--yes")
    for kind, number in before.items():
        assert f"{number} {kind}" in said
    assert not any(sample.counts().values())
    models = [Service, Organisation]
    for related in (Revision, WorkflowState):
        found = related.objects.filter(content_type__app_label="directory")
        assert not found.filter(content_type__model__in=[model._meta.model_name for model in models]).exists()
    assert not ReferenceIndex.objects.filter(content_type__model="service").exists()
    settle()
    assert not [each for each in indexed() if each.startswith("service")]

    assert "no sample data left" in run("remove_sample", "--yes")
    assert "created" not in run("load_content")
    assert not any(sample.counts().values())

    monkeypatch.setattr(sample, "CONTENT", FewServices(sample.CONTENT.room, sample.CONTENT.path))
    assert "created" in run("load_content", "--sample")
    assert sample.counts()["organisations"] == before["organisations"]
    assert sample.counts()["places"] == before["places"]
    keys = {entry.data["key"] for entry in sample.CONTENT.entries("sample/services.yaml")}
    assert set(Service.objects.public().values_list("source_id", flat=True)) == keys
    settle()
    assert len([each for each in indexed() if each.startswith("service")]) == len(keys)
    assert "created" not in run("load_content")


def test_removal_spares_what_somebody_else_needs(site: None):
    service = Service.objects.filter(is_sample=True).first()
    Service.objects.filter(pk=service.pk).update(is_sample=False, source="own", source_id="")
    said = run("remove_sample", "--yes")
    assert f"kept, because a listing of yours needs it: {service.organisation}" in said
    assert list(Organisation.objects.filter(is_sample=True)) == [service.organisation]
    assert Service.objects.get().pk == service.pk


def test_removal_asks_first(site: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("builtins.input", lambda _question: "")
    with pytest.raises(CommandError, match="Nothing was removed"):
        run("remove_sample")
    assert any(sample.counts().values())
