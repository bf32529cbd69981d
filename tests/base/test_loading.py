"""The rule of the content loaders: what is created, what is updated, what is left alone; and reading data files."""

import textwrap
from pathlib import Path
from typing import Any

import pytest
from wagtail.models import Locale, Page

from portal.base.loading import ContentError, Entry, Folder, Loading, find_page, load_page, read, values_state
from portal.base.models import LoadedContent
from portal.content.models import TextPage


def folder(path: Path, **files: str) -> Folder:
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(textwrap.dedent(text), encoding="utf-8")
    return Folder("room", path)


# --- Reading ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text, value",
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("061", "061"),
        ("091", "091"),
        ("9:00", "9:00"),
        ("2026-11-22", "2026-11-22"),
        ('"2026-11-22"', "2026-11-22"),
        ("12", 12),
        ("-12", -12),
        ("0", 0),
        ("62.25", 62.25),
        ("1.2.3", "1.2.3"),
    ],
)
def test_scalars_are_what_people_mean(tmp_path: Path, text: str, value: Any):
    found = folder(tmp_path, a=f"key: {text}\n").read("a.yaml")["key"]
    assert found == value
    assert type(found) is type(value)


def test_yes_and_no_are_keys(tmp_path: Path):
    assert folder(tmp_path, a="yes: y\nno: n\n").read("a.yaml") == {"yes": "y", "no": "n"}


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: [1\n", "- a\nb: 1\n"])
def test_a_wrong_file_is_named(tmp_path: Path, text: str):
    folder(tmp_path, broken=text)
    with pytest.raises(ContentError, match=r"broken\.yaml"):
        read(tmp_path / "broken.yaml")


def test_a_list_needs_its_key_once(tmp_path: Path):
    where = folder(tmp_path, twice="- {key: a}\n- {key: a}\n", nameless="- {name: a}\n", single="key: a\n")
    for name, message in (("twice", "a stands twice"), ("nameless", "number 1 has no key"), ("single", "a list")):
        with pytest.raises(ContentError, match=message):
            where.entries(f"{name}.yaml")


def test_entries_say_what_is_missing_and_what_is_unknown():
    entry = Entry("room/a.yaml", {"title": "A", "colour": "red"})
    with pytest.raises(ContentError, match=r"^room/a\.yaml: missing slug$"):
        entry.expect(["title", "slug"])
    with pytest.raises(ContentError, match=r"^room/a\.yaml: unknown colour$"):
        entry.expect(["title"])
    with pytest.raises(ContentError, match="topic: unknown code 'x'"):
        entry.option("topic", "x", {})


def test_the_hash_follows_the_data_and_not_its_order():
    first, second = Entry("k", {"a": 1, "b": 2}), Entry("k", {"b": 2, "a": 1})
    assert first.source == second.source
    assert first.source != Entry("k", {"a": 1, "b": 3}).source


# --- The rule on plain rows ------------------------------------------------------------------------------------------
def load_locale(name: str, language: str) -> Loading:
    """Load one plain row; a Locale is the smallest there is."""
    loading = Loading()
    entry = Entry("room/locale", {"name": name})

    def write(row: Locale | None) -> Locale:
        row = row or Locale()
        row.language_code = name
        row.save()
        return row

    loading.load(
        entry, find=lambda: Locale.objects.filter(language_code=language).first(), write=write, state=values_state
    )
    loading.finish()
    return loading


@pytest.mark.django_db
def test_create_then_nothing_then_update():
    assert load_locale("sv", "sv").counts == {"created": 1}
    assert load_locale("sv", "sv").counts == {"unchanged": 1}
    assert load_locale("en", "sv").counts == {"updated": 1}
    assert LoadedContent.objects.count() == 1


@pytest.mark.django_db
def test_what_is_gone_or_changed_is_left_and_told():
    load_locale("sv", "sv")
    Locale.objects.filter(language_code="sv").delete()
    gone = load_locale("en", "sv")
    assert gone.left == ["room/locale: an editor has removed it"]
    assert not Locale.objects.filter(language_code="en").exists()


@pytest.mark.django_db
def test_what_was_there_before_is_nobodys_to_overwrite():
    Locale.objects.create(language_code="sv")
    assert load_locale("sv", "sv").left == ["room/locale: there was one already"]


@pytest.mark.django_db
def test_forgotten_means_never_loaded():
    load_locale("sv", "sv")
    Locale.objects.filter(language_code="sv").delete()
    loading = Loading()
    loading.forget(["room/locale", "room/never"])
    loading.finish()
    assert load_locale("sv", "sv").counts == {"created": 1}


# --- The rule on pages -----------------------------------------------------------------------------------------------
def load_pages(*names: str, lead: str = "Lead") -> Loading:
    """Load pages under a home, in this order."""
    loading = Loading()
    locale = Locale.objects.get(language_code="fi")
    entries = [Entry(f"room/{name}.yaml", {"slug": name, "lead": lead}) for name in names]
    siblings = [entry.uuid for entry in entries]
    for entry in entries:
        load_page(
            loading,
            entry,
            TextPage,
            parent=None,
            locale=locale,
            fields=lambda entry=entry: {"title": entry.data["slug"].title(), **entry.data},
            siblings=siblings,
        )
    loading.finish()
    return loading


def page(name: str) -> TextPage:
    found = find_page(Entry(f"room/{name}.yaml", {}).uuid, Locale.objects.get(language_code="fi"))
    assert found is not None
    return found


@pytest.mark.django_db
def test_a_page_is_published_with_a_revision():
    load_pages("one")
    one = page("one")
    assert one.live
    assert not one.has_unpublished_changes
    assert one.live_revision_id == one.latest_revision_id is not None


@pytest.mark.django_db
def test_an_untouched_page_follows_its_file():
    load_pages("one")
    assert load_pages("one", lead="Another").counts == {"updated": 1}
    assert page("one").lead == "Another"
    assert load_pages("one", lead="Another").counts == {"unchanged": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["draft", "unpublish", "lock"])
def test_an_editors_change_survives(change: str):
    load_pages("one")
    one = page("one")
    if change == "draft":
        one.title = "Mine"
        one.save_revision()
    elif change == "unpublish":
        one.unpublish()
    else:
        one.locked = True
        one.save()
    assert load_pages("one", lead="Another").left == ["room/one.yaml: an editor has changed it"]
    assert page("one").lead == "Lead"


@pytest.mark.django_db
def test_a_deleted_page_stays_deleted():
    load_pages("one")
    page("one").delete()
    assert load_pages("one").counts == {"unchanged": 1}
    assert load_pages("one", lead="Another").left == ["room/one.yaml: an editor has removed it"]


@pytest.mark.django_db
def test_a_page_that_was_moved_and_renamed_is_still_the_same():
    load_pages("one", "two")
    one = page("one")
    one.move(page("two"), pos="last-child")
    one.refresh_from_db()
    Page.objects.filter(pk=one.pk).update(slug="renamed")
    assert load_pages("one", "two", lead="Another").counts == {"updated": 2}


@pytest.mark.django_db
def test_a_new_page_takes_its_place_among_its_siblings():
    load_pages("b", "d")
    load_pages("a", "b", "c", "d", "e")
    slugs = list(TextPage.objects.order_by("path").values_list("slug", flat=True))
    assert slugs == ["a", "b", "c", "d", "e"]
    assert not any(Page.find_problems())


@pytest.mark.django_db
def test_a_page_that_an_editor_could_not_save_is_refused():
    with pytest.raises(ContentError, match=r"room/one\.yaml: lead: 301 characters"):
        load_pages("one", lead="x" * 301)


@pytest.mark.django_db
def test_an_address_is_taken_once():
    load_pages("one")
    LoadedContent.objects.all().delete()
    Page.objects.filter(slug="one").update(translation_key=Entry("room/other", {}).uuid)
    with pytest.raises(ContentError, match="another page has the address 'one'"):
        load_pages("one")
