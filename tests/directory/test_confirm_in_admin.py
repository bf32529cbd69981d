"""An editor records in the admin that a listing has been checked; nobody else can, and a look changes nothing."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from directory.models import Service
from portal.accounts.models import User
from tests.factories.directory import ServiceFactory

pytestmark = pytest.mark.django_db


def person(*permissions: str) -> User:
    user = User.objects.create_user("editor@example.org")
    group = Group.objects.create(name="people")
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    group.permissions.add(*Permission.objects.filter(codename__in=permissions))
    user.groups.add(group)
    return user


def test_a_press_moves_the_date_and_a_look_does_not(client):
    service = ServiceFactory(checked_on=None)
    client.force_login(editor := person("change_service"))
    address = reverse("directory_confirm_service", args=[service.pk])
    assert client.get(address).status_code == 200
    assert Service.objects.get(pk=service.pk).checked_on is None
    assert client.post(address, {"how": "call"}).status_code == 302
    service.refresh_from_db()
    assert (service.checked_on, service.checked_how, service.checked_by) == (timezone.localdate(), "call", editor)


def test_without_telling_how_nothing_is_noted(client):
    service = ServiceFactory(checked_on=None)
    client.force_login(person("change_service"))
    response = client.post(reverse("directory_confirm_service", args=[service.pk]), {"how": "guess"})
    assert response.status_code == 200
    assert Service.objects.get(pk=service.pk).checked_on is None


def test_who_may_not_change_services_may_not_confirm_them(client):
    service = ServiceFactory(checked_on=None)
    client.force_login(person("view_service"))
    response = client.post(reverse("directory_confirm_service", args=[service.pk]), {"how": "call"})
    assert response.status_code in (302, 403)
    assert Service.objects.get(pk=service.pk).checked_on is None


def test_an_unknown_listing_is_not_found(client):
    client.force_login(person("change_service"))
    assert client.get(reverse("directory_confirm_service", args=[987_654])).status_code == 404


def test_the_list_of_services_offers_it(client):
    service = ServiceFactory()
    client.force_login(User.objects.create_superuser("chief@example.org"))
    listing = client.get(reverse(service.snippet_viewset.get_url_name("list"))).content.decode()
    assert reverse("directory_confirm_service", args=[service.pk]) in listing
