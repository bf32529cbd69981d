"""What a person does in the admin, by HTTP: opens a form, changes what it holds, presses a button.

For tests of every room. The forms are read from the page as it is served, so a field that is missing there, or a
widget that does not come back, fails the test.
"""

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from portal.accounts.models import User
from portal.base.loading import Loading
from portal.content.loading import load_workflow
from portal.content.roles import load_roles

BACKEND = "portal.accounts.backends.AuthenticationBackend"
ADMINISTRATOR, EDITOR, MODERATOR, NOBODY = "", "Editors", "Moderators", "-"

# The buttons of an editing form, by what they send.
SAVE: dict[str, str] = {}
PUBLISH = {"action-publish": "action-publish"}
SUBMIT = {"action-submit": "action-submit"}


def person(group: str = ADMINISTRATOR, email: str = "") -> User:
    """Somebody of a group, with the rights the site gives it; of no group by default, an administrator."""
    email = email or f"{(group or 'admin').strip('-').lower() or 'nobody'}@example.org"
    if group == ADMINISTRATOR:
        return User.objects.create_superuser(email)
    user = User.objects.create_user(email)
    if group != NOBODY:
        load_roles(Loading())
        user.groups.add(Group.objects.get(name=group))
    return user


def client_of(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def with_approval() -> None:
    """Set up the approval by moderators, as loading the content does."""
    load_workflow(Loading())


def filled_form(html: str) -> dict[str, list[str]]:
    """What the editing form on a page would send if nothing was changed."""
    form = _form(html)
    data: dict[str, list[str]] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name = field.get("name")
        if not name or "__prefix__" in name or field.get("disabled") is not None:
            continue
        if field.name == "textarea":
            # Browsers drop the line break that Django writes before the text.
            data.setdefault(name, []).append(field.get_text().removeprefix("\n"))
        elif field.name == "select":
            data.setdefault(name, []).extend(each.get("value", "") for each in field.find_all("option", selected=True))
        elif field.get("type") in ("checkbox", "radio"):
            if field.get("checked") is not None:
                data.setdefault(name, []).append(field.get("value", "on"))
        elif field.get("type") not in ("submit", "search", "button"):
            data.setdefault(name, []).append(field.get("value", ""))
    data.pop("csrfmiddlewaretoken", None)
    return data


def _form(html: str) -> Tag:
    """The editing form: the largest of the page's forms (others search, or unlock)."""
    return max(BeautifulSoup(html, "html.parser").find_all("form", method="POST"), key=lambda form: len(str(form)))


def stream(name: str, *blocks: tuple[str, Any]) -> dict[str, Any]:
    """What a field of blocks sends; the editor builds it by script, so it is not in the page's HTML."""
    return nested_form_data({name: streamfield(list(blocks))})


def in_languages(name: str, **texts: str) -> dict[str, str]:
    """What a field of texts in every language sends: `in_languages("names", fi="Talo")`."""
    return {f"{name}_{code}": texts.get(code, "") for code in ("fi", "sv", "en", "fi_simple")}


def rows(prefix: str, *forms: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    """What a list of parts sends."""
    data: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": len(forms),
        f"{prefix}-INITIAL_FORMS": initial,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, form in enumerate(forms):
        values = {"id": "", "ORDER": number + 1, "DELETE": "", **form}
        data |= {f"{prefix}-{number}-{key}": value for key, value in values.items()}
    return data


def send(client: Client, url: str, *, button: dict[str, str] | None = None, **changes: Any) -> Any:
    """Open a form, change what is named, press a button. Fails with the form's own words when it comes back."""
    page = client.get(url)
    assert page.status_code == 200, (url, page.status_code, getattr(page, "url", ""))
    data = {**filled_form(page.content.decode()), **changes, **(button or SAVE)}
    answer = client.post(
        _form(page.content.decode()).get("action") or url,
        {key: value for key, value in data.items() if value is not None},
    )
    assert answer.status_code == 302, errors(answer)
    return answer


def errors(answer: Any) -> Any:
    """What a form that came back complains of."""
    if answer.status_code != 200:
        return answer.status_code
    form = answer.context and answer.context.get("form")
    if form is None:
        return "the page came back without a form"
    found: dict[str, Any] = {name: [_in_full(error) for error in each.as_data()] for name, each in form.errors.items()}
    for name, formset in getattr(form, "formsets", {}).items():
        if any(formset.errors) or formset.non_form_errors():
            found[name] = [formset.errors, formset.non_form_errors()]
    return found


def _in_full(error: Any) -> Any:
    """What a field of blocks complains of, block by block."""
    blocks = getattr(error, "block_errors", None)
    if blocks is None:
        return getattr(error, "messages", error)
    pairs = blocks.items() if isinstance(blocks, dict) else enumerate(blocks)
    return {key: _in_full(each) for key, each in pairs if each}


def url_of(thing: Any, view: str) -> str:
    """The address of one of the admin's views of a snippet (an object, or its class for `add` and `list`)."""
    if isinstance(thing, type):
        return reverse(thing.snippet_viewset.get_url_name(view))
    return reverse(type(thing).snippet_viewset.get_url_name(view), args=[thing.pk])


def page_url(page: Page, view: str = "edit") -> str:
    """The address of one of the admin's views of a page."""
    return reverse(f"wagtailadmin_pages:{view}", args=[page.pk])


def add_page_url(model: type[Page], parent: Page) -> str:
    """The address where a page of a type is begun below another."""
    return reverse("wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, parent.pk])
