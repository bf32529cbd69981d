"""An address leads where Wagtail's own way, level by level, would lead: the front page's short cut opens no door."""

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from wagtail.models import Page, PageViewRestriction

from tests.factories.cards import ActionCardPageFactory, PracticeModelIndexPageFactory, PracticeModelPageFactory
from tests.factories.content import HomePageFactory, TextPageFactory, translated_page

pytestmark = pytest.mark.django_db


def where(page: Page, path: str, *, by_levels: bool) -> int | None:
    """The page that an address below this one leads to, or None."""
    request = RequestFactory().get(f"/{path}")
    parts = [part for part in path.split("/") if part]
    try:
        found = Page.route(page, request, parts) if by_levels else page.route(request, parts)
    except Http404:
        return None
    return found.page.pk


def test_the_short_cut_leads_where_the_long_way_leads(client: Client):
    home = HomePageFactory()
    swedish = translated_page(home, "sv", home.get_parent())
    open_text = TextPageFactory(parent=home, slug="avoin")
    below = TextPageFactory(parent=open_text, slug="alla")
    draft = TextPageFactory(parent=home, slug="luonnos", live=False)
    under_draft = TextPageFactory(parent=draft, slug="alla")
    hidden = TextPageFactory(parent=open_text, slug="piilossa", live=False)
    restricted = TextPageFactory(parent=home, slug="rajattu")
    under_restricted = TextPageFactory(parent=restricted, slug="alla")
    PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.LOGIN)
    in_swedish = TextPageFactory(parent=swedish, slug="oppen", language="sv")
    model = PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=home))
    card = ActionCardPageFactory(parent=model)
    own = [page.url_path.removeprefix(home.url_path) for page in (open_text, below, draft, under_draft, hidden)]
    own += [page.url_path.removeprefix(home.url_path) for page in (restricted, under_restricted, model, card)]
    strange = ["avoin/alla/alla", "avoin/ALLA", "Avoin/alla", "avoin//alla", "avoin/%2e%2e/rajattu", "avoin/../rajattu"]
    strange += ["alla", "avoin/oppen", in_swedish.url_path, "oppen/x", "avoin/al_a", "avoin/%", "luonnos/piilossa", ""]
    # As they come from the database: these do not know of children that came after them.
    for front in (type(home).objects.get(pk=each.pk) for each in (home, swedish)):
        for path in [*own, *strange]:
            assert where(front, path, by_levels=False) == where(front, path, by_levels=True), path
    # Something was found both ways, and a page above that is closed closes those below it.
    assert where(home, "avoin/alla", by_levels=False) == below.pk
    answers = {page.slug: client.get(page.url) for page in (restricted, under_restricted)}
    assert {answer.status_code for answer in answers.values()} == {302}
    assert client.get("/sv/avoin/alla/").status_code == client.get("/fi/luonnos/").status_code == 404
