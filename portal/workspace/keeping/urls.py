"""Addresses of this room; portal.workspace.urls gathers them under its namespace."""

from django.urls import URLPattern, path

from portal.workspace.keeping import views, views_history, views_organisation, views_quick, views_service
from portal.workspace.keeping.form.urls import form_urls

_SERVICE = "palvelu/<uuid:key>/"
_ROW = f"{_SERVICE}<slug:language>/"

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("oikein/", views.all_still_right, name="all_still_right"),
    path("luettu/<int:pk>/", views.review_seen, name="review_seen"),
    path("organisaatio/<slug:slug>/", views.organisation, name="organisation"),
    path("organisaatio/<slug:slug>/tiedot/", views_organisation.edit_organisation, name="organisation_edit"),
    path("organisaatio/<slug:slug>/peru/", views_organisation.withdraw_organisation, name="organisation_withdraw"),
    path(_SERVICE, views_service.service, name="service"),
    path(f"{_SERVICE}oikein/", views.still_right, name="still_right"),
    path(f"{_SERVICE}loytyyko/", views_service.service_findability, name="service_findability"),
    path(f"{_SERVICE}kopioi/", views_service.copy, name="service_copy"),
    path(f"{_SERVICE}lopeta/", views_service.end, name="service_end"),
    path(f"{_SERVICE}kieli/", views_service.begin_language, name="service_language"),
    path(f"{_SERVICE}nyt/", views_quick.quick, name="quick"),
    path(f"{_SERVICE}nyt/pois/", views_quick.clear, name="quick_clear"),
    path("ilmoitus/<int:pk>/vastaa/", views_service.answer, name="report_answer"),
    path(f"{_ROW}peru/", views_service.withdraw, name="service_withdraw"),
    path(f"{_ROW}esikatselu/", views_service.preview, name="service_preview"),
    path(f"{_ROW}historia/", views_history.history, name="service_history"),
    path(f"{_ROW}historia/<int:number>/", views_history.version, name="service_version"),
    path(f"{_ROW}historia/<int:number>/palauta/", views_history.restore, name="service_restore"),
    *form_urls,
]
