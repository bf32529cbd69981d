"""Addresses of the step form of a service; portal.workspace.keeping.urls takes them up.

A step's code stands in the code, its Finnish word in the address.
"""

from django.urls import path, register_converter

from portal.workspace.keeping.form import send, views
from portal.workspace.keeping.form.steps import BY_ADDRESS, BY_CODE, SEND


class StepConverter:
    """`perustiedot` in the address, "basics" in the code."""

    regex = "|".join(BY_ADDRESS)

    def to_python(self, value: str) -> str:
        return BY_ADDRESS[value].code

    def to_url(self, value: str) -> str:
        try:
            return BY_CODE[value].address
        except KeyError:
            raise ValueError(f"no such step: {value}") from None


register_converter(StepConverter, "step")

_NEW = "organisaatio/<slug:slug>/uusi-palvelu/"
_FORM = "palvelu/<uuid:key>/<slug:language>/muokkaa/"

form_urls = [
    path(_NEW, views.service_new, name="service_new"),
    path("organisaatio/<slug:slug>/uusi-palvelu/talteen/", views.service_new_autosave, name="service_new_autosave"),
    path(_FORM, views.service_edit, name="service_edit"),
    path(f"{_FORM}{BY_CODE[SEND].address}/", send.service_send, name="service_send"),
    path(f"{_FORM}<step:step>/", views.service_step, name="service_step"),
    path(f"{_FORM}<step:step>/talteen/", views.service_autosave, name="service_autosave"),
    path(f"{_FORM}<step:step>/neuvot/", views.service_advice, name="service_advice"),
]
