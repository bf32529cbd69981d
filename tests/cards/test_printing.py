"""What is printed and what never is: the document before it is drawn. Drawing it: test_printing_pdf.py."""

import datetime
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cards.printing import engine, making, markup
from cards.printing.composing import make_html
from cards.printing.history import changes_since_last_print
from cards.printing.selection import Layout, Selection, selection_of
from tests.cards.test_joined import pins
from tests.cards.test_pages import a_body_of_everything, body, criteria
from tests.factories.cards import (
    ActionCardPageFactory,
    HelpContactFactory,
    LawReferenceFactory,
    PracticeModelIndexPageFactory,
    PracticeModelPageFactory,
    QualityCriteriaPageFactory,
)
from tests.factories.content import HomePageFactory
from tests.factories.directory import ServiceFactory

TODAY = datetime.date(2026, 11, 22)
SECRET = "Kukaansaaeinähdätätä"


@pytest.fixture
def model(db: None):
    """A published practice model on a site of its own."""
    return PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=HomePageFactory()), letter="A")


def chosen(*pages: Any, layout: str = Layout.PAGES) -> Selection:
    """The selection of pages that can be printed."""
    selection = selection_of([page.pk for page in pages], layout)
    assert selection is not None
    return selection


def on_paper(*pages: Any) -> str:
    """The document of these pages."""
    return make_html(chosen(*pages), TODAY)


# --- What belongs to a print ------------------------------------------------------------------------------------------
def test_a_model_brings_its_cards_in_their_order_and_its_criteria_last(model):
    QualityCriteriaPageFactory(parent=model, title="Mittarit", themes=criteria())
    for title in ("Kysy", "Kuuntele"):
        ActionCardPageFactory(parent=model, title=title)
    html = on_paper(model)
    assert [page.title for page in chosen(model).pages] == [model.title, "Kysy", "Kuuntele", "Mittarit"]
    for page in chosen(model).pages:
        assert f'href="#page-{page.pk}"' in html
        assert f'id="page-{page.pk}"' in html
    assert "Minua kuunneltiin." in html


def test_chosen_cards_come_in_the_order_of_the_site(model):
    first, second, third = (ActionCardPageFactory(parent=model, title=title) for title in ("Yksi", "Kaksi", "Kolme"))
    assert [page.pk for page in chosen(third, first).pages] == [first.pk, third.pk]
    html = on_paper(third, first)
    assert f"page-{second.pk}" not in html


def test_one_card_has_no_cover_but_the_way_to_its_newest_version(model):
    card = ActionCardPageFactory(parent=model, title="Kysy")
    html = on_paper(card)
    assert 'class="cover"' not in html
    assert card.url in html
    assert "22.11.2026" in html
    assert 'class="qr"' in html


def test_every_part_of_a_card_can_be_printed(model):
    card = ActionCardPageFactory(parent=model, body=a_body_of_everything(HelpContactFactory(), LawReferenceFactory()))
    html = on_paper(card)
    for words in ("Ihminen edellä.", "Tee nyt", "Kolme tasoa", "Onko kiire?", "Varhainen tuki", "Hengitä."):
        assert words in html
    # Nothing is fetched when it is drawn, and every symbol is there.
    for asking in ("<script", "<link", "sprite.svg", "<img", "<use"):
        assert asking not in html


def test_a_live_search_is_printed_as_the_way_to_todays_options(model):
    ServiceFactory(title="Avoin olohuone", stages=["1"])
    card = ActionCardPageFactory(parent=model, body=body(("live_search", {"title": "Seuraa", "stages": ["1"]})))
    html = on_paper(card)
    assert "Avoin olohuone" not in html
    assert "Seuraa" in html
    assert "/hae/?stage=1" in html


def test_a_contact_is_printed_with_the_day_it_was_checked(model):
    contact = HelpContactFactory(checked_on=datetime.date(2026, 10, 5), needs_check=False)
    value = {"title": "", "contacts": [contact.pk]}
    assert "5.10.2026" in on_paper(ActionCardPageFactory(parent=model, body=body(("contacts", value))))


def test_a_link_tells_its_site_on_paper():
    html = '<a href="https://www.kela.fi/etuudet?x=1">Etuudet</a> <a href="https://112.fi/">112.fi</a>'
    html += '<a href="https://palvelupolku.example/fi/">Täällä</a>'
    told = markup.with_addresses(html, "https://palvelupolku.example")
    assert told.count('class="address"') == 1
    assert 'Etuudet</a><span class="address"> (kela.fi)' in told


# --- What is never printed --------------------------------------------------------------------------------------------
def test_a_draft_and_an_unpublished_card_stay_unprinted(model):
    card = ActionCardPageFactory(parent=model, title="Kysy")
    card.lead = SECRET
    card.save_revision()
    hidden = ActionCardPageFactory(parent=model, title=SECRET, live=False)
    assert selection_of([hidden.pk]) is None
    assert SECRET not in on_paper(model)
    assert SECRET not in on_paper(card, hidden)


def test_a_page_with_a_restriction_stays_unprinted(model):
    card = ActionCardPageFactory(parent=model, title=SECRET)
    PageViewRestriction.objects.create(page=card, restriction_type=PageViewRestriction.LOGIN)
    assert selection_of([card.pk]) is None
    assert SECRET not in on_paper(model)


def test_what_was_hidden_after_the_asking_is_not_printed(model, monkeypatch: pytest.MonkeyPatch):
    kept, hidden = ActionCardPageFactory(parent=model, title="Kysy"), ActionCardPageFactory(parent=model, title=SECRET)
    printed = making.ask_for(chosen(kept, hidden), timezone.now())
    hidden.unpublish()
    drawn: list[str] = []
    monkeypatch.setattr(engine, "draw", lambda html, *rest: drawn.append(html) or b"%PDF")
    making.make(printed.pk, timezone.now())
    assert "Kysy" in drawn[0]
    assert SECRET not in drawn[0]
    printed.refresh_from_db()
    assert [page for page, _revision in printed.pages] == [kept.pk]


# --- What was public when it was printed ------------------------------------------------------------------------------
def hide(page: Any) -> None:
    """An editor gives the page a restriction."""
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


@pytest.mark.parametrize("gone", [hide, lambda page: page.unpublish(), lambda page: page.delete()])
def test_a_file_goes_with_a_page_that_is_taken_off(
    client: Client, model, quick_engine: list[str], gone: Any, django_capture_on_commit_callbacks: Any
):
    kept, hidden = ActionCardPageFactory(parent=model, title="Kysy"), ActionCardPageFactory(parent=model, title=SECRET)
    both, alone = making.ask_for(chosen(kept, hidden), timezone.now()), making.ask_for(chosen(hidden), timezone.now())
    making.make(both.pk, timezone.now())
    both.refresh_from_db()
    names = [both.file.name, alone.file.name]
    with django_capture_on_commit_callbacks(execute=True):
        gone(type(hidden).objects.get(pk=hidden.pk))
    assert not any(both.file.storage.exists(name) for name in names)
    where = [reverse(f"cards:{name}", args=[alone.pk]) for name in ("print_state", "print_file")]
    assert [client.get(path).status_code for path in where] == [404, 404]
    # What is left of the other can be printed again.
    assert client.get(reverse("cards:print_file", args=[both.pk])).status_code == 302
    client.post(reverse("cards:try_print_again", args=[both.pk]))
    making.make(both.pk, timezone.now())
    assert SECRET not in quick_engine[-1]
    assert client.get(reverse("cards:print_file", args=[both.pk])).status_code == 200


def test_what_is_taken_off_while_it_is_drawn_leaves_no_file(model, monkeypatch: pytest.MonkeyPatch):
    card = ActionCardPageFactory(parent=model)

    def draw(*given: Any) -> bytes:
        card.unpublish()
        return b"%PDF"

    monkeypatch.setattr(engine, "draw", draw)
    printed = making.ask_for(chosen(card), timezone.now())
    assert not printed.file


def test_a_picked_listing_that_is_hidden_is_on_no_later_paper(client: Client, model, quick_engine: list[str]):
    service = ServiceFactory(title=SECRET)
    card = ActionCardPageFactory(parent=model, body=pins(service))
    ask(client, card)
    assert SECRET in quick_engine[-1]
    service.is_hidden = True
    service.save()
    ask(client, card)
    assert len(quick_engine) == 2
    assert SECRET not in quick_engine[-1]


def test_a_thousand_pages_are_refused_before_they_are_read(model, django_assert_num_queries: Any):
    with django_assert_num_queries(0):
        assert selection_of(range(1, 1000)) is None


# --- The key ----------------------------------------------------------------------------------------------------------
def test_the_key_changes_with_what_is_printed(model):
    card = ActionCardPageFactory(parent=model, title="Kysy")
    contact = HelpContactFactory()
    keys = [chosen(card).key(TODAY), chosen(card).key(TODAY)]
    keys.append(chosen(model).key(TODAY))
    card.title = "Kysy taas"
    card.save_revision().publish()
    keys.append(chosen(card).key(TODAY))
    contact.phone = "112"
    contact.save()
    keys.append(chosen(card).key(TODAY))
    keys.append(chosen(card).key(TODAY + datetime.timedelta(days=1)))
    assert keys[0] == keys[1]
    assert len(set(keys)) == 5


# --- Asking -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def quick_engine(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An engine that draws nothing, and what it was given."""
    drawn: list[str] = []

    def draw(html: str, styles: list[str], on_step: Any = None) -> bytes:
        drawn.append(html)
        return b"%PDF-1.7"

    monkeypatch.setattr(engine, "draw", draw)
    monkeypatch.setattr(engine, "is_available", lambda: True)
    return drawn


def ask(client: Client, *pages: Any) -> Any:
    """Press the button."""
    return client.post(reverse("cards:make_print"), {"page": [page.pk for page in pages]})


def test_a_card_is_made_at_once_and_given_with_a_name(client: Client, model, quick_engine: list[str]):
    card = ActionCardPageFactory(parent=model, title="Kysy ja kiinnostu")
    response = client.get(ask(client, card).url)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="kysy-ja-kiinnostu.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    # A second asking gets the same file.
    ask(client, card)
    assert len(quick_engine) == 1


def test_a_model_waits_in_the_queue_and_tells_how_far_it_is(client: Client, model, quick_engine: list[str]):
    ActionCardPageFactory(parent=model)
    where = ask(client, model).url
    assert ask(client, model).url == where
    assert not quick_engine
    waiting = client.get(where)
    assert "no-cache" in waiting["Cache-Control"]
    assert b"<progress" in waiting.content
    assert b'http-equiv="refresh"' in waiting.content
    # The file's own address leads to the same page until there is a file.
    assert client.get(f"{where}pdf/").url == where
    making.make(where.split("/")[-2], timezone.now())
    assert b"<progress" not in client.get(where).content
    assert client.get(where, headers={"hx-request": "true"}).status_code == 286
    assert client.get(f"{where}pdf/")["Content-Type"] == "application/pdf"


def test_a_print_that_failed_says_so_and_can_be_tried_again(
    client: Client, model, quick_engine: list[str], monkeypatch: pytest.MonkeyPatch
):
    card = ActionCardPageFactory(parent=model)
    with monkeypatch.context() as broken:
        broken.setattr(engine, "draw", lambda *given: 1 / 0)
        where = ask(client, card).url
    again = reverse("cards:try_print_again", args=[where.split("/")[-2]])
    assert again in client.get(where).content.decode()
    assert client.post(again).url == where
    assert again not in client.get(where).content.decode()
    making.make(where.split("/")[-2], timezone.now())
    assert client.get(f"{where}pdf/")["Content-Type"] == "application/pdf"


def test_a_print_whose_maker_died_can_be_tried_again(model, quick_engine: list[str]):
    ActionCardPageFactory(parent=model)
    now = timezone.now()
    printed = making.ask_for(chosen(model), now)
    assert not making.has_failed(printed, now)
    assert not making.try_again(printed, now)
    later = now + making.STUCK_AFTER * 2
    assert making.has_failed(printed, later)
    assert making.try_again(printed, later)
    assert not making.try_again(printed, later)


@pytest.mark.parametrize("sent", [["999999"], ["0"], ["x"], ["1" * 30], ["-1"], ["²"]])
def test_what_cannot_be_printed_is_not_found(client: Client, model, quick_engine: list[str], sent: list[str]):
    response = client.post(reverse("cards:make_print"), {"page": sent})
    assert response.status_code in {302, 404}
    assert response.get("Location", reverse("cards:choose_pages")) == reverse("cards:choose_pages")


def test_nobody_makes_prints_without_end(
    client: Client, model, quick_engine: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("cards.printing.views.PRINTS_PER_HOUR", 1)
    cards = [ActionCardPageFactory(parent=model) for _number in range(2)]
    assert [ask(client, card).status_code for card in (*cards, cards[0])] == [302, 429, 302]


# --- Choosing ---------------------------------------------------------------------------------------------------------
def test_cards_are_chosen_by_ticking(client: Client, model, quick_engine: list[str]):
    first, second = ActionCardPageFactory(parent=model), ActionCardPageFactory(parent=model)
    hidden = ActionCardPageFactory(parent=model, title=SECRET, live=False)
    text = client.get(reverse("cards:choose_pages"), {"page": [first.pk, "x"], "model": "A"}).content.decode()
    assert f'value="{first.pk}" id="card-{first.pk}" checked' in text
    assert f'value="{second.pk}" id="card-{second.pk}">' in text
    assert str(hidden.title) not in text
    assert client.post(reverse("cards:make_print"), {}).url == reverse("cards:choose_pages")


def test_without_the_library_pages_work_and_offer_no_pdf(client: Client, model, monkeypatch: pytest.MonkeyPatch):
    """As when Pango is missing: importing WeasyPrint fails with an OSError."""
    card = ActionCardPageFactory(parent=model)

    def missing(name: str) -> None:
        raise OSError("cannot load library 'libgobject-2.0-0'")

    engine._weasyprint.cache_clear()
    monkeypatch.setattr(engine, "import_module", missing)
    try:
        for page in (card, model):
            response = client.get(page.url)
            assert response.status_code == 200
            assert reverse("cards:make_print") not in response.content.decode()
        assert 'type="submit"' not in client.get(reverse("cards:choose_pages")).content.decode().split("<main")[1]
        assert ask(client, card).status_code == 404
    finally:
        engine._weasyprint.cache_clear()


# --- Afterwards -------------------------------------------------------------------------------------------------------
def test_old_files_go_and_editors_still_see_what_changed(model, quick_engine: list[str]):
    card = ActionCardPageFactory(parent=model, title="Kysy")
    assert changes_since_last_print(card) is None
    card.save_revision().publish()
    card.refresh_from_db()
    first = making.ask_for(chosen(card), timezone.now())
    found = changes_since_last_print(card)
    assert found is not None
    assert (found.has_changed, found.compare_url) == (False, "")

    card.title = "Kysy ja kuuntele"
    card.save_revision().publish()
    card.refresh_from_db()
    found = changes_since_last_print(card)
    assert found is not None
    assert found.has_changed
    assert f"/{found.printed_revision}...{found.current_revision}/" in found.compare_url

    storage, name = first.file.storage, first.file.name
    assert making.remove_old(timezone.now()) == 0
    assert making.remove_old(timezone.now() + datetime.timedelta(days=31)) == 1
    assert not storage.exists(name)
    assert changes_since_last_print(card) == found


def test_a_removed_file_can_be_made_again(client: Client, model, quick_engine: list[str]):
    printed = making.ask_for(chosen(ActionCardPageFactory(parent=model)), timezone.now())
    making.remove_old(timezone.now() + datetime.timedelta(days=31))
    where = reverse("cards:print_state", args=[printed.pk])
    assert client.get(reverse("cards:print_file", args=[printed.pk])).url == where
    again = reverse("cards:try_print_again", args=[printed.pk])
    assert again in client.get(where).content.decode()
    client.post(again)
    making.make(printed.pk, timezone.now())
    printed.refresh_from_db()
    assert printed.file.storage.exists(printed.file.name)


def test_prints_that_hold_nothing_new_are_removed_whole(model, quick_engine: list[str]):
    card = ActionCardPageFactory(parent=model)
    old = making.ask_for(chosen(card), timezone.now() - datetime.timedelta(days=1))
    new = making.ask_for(chosen(card), timezone.now())
    assert old.pk != new.pk
    type(old).objects.filter(pk=old.pk).update(asked_at=timezone.now() - datetime.timedelta(days=1))
    making.remove_old(timezone.now() + datetime.timedelta(days=31))
    assert json.loads(json.dumps(new.pages)) == type(old).objects.get().pages
