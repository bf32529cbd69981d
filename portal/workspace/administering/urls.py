"""Addresses of this room; portal.workspace.urls gathers them under its namespace."""

from django.urls import URLPattern, path

from portal.workspace.administering import partnership, views_case, views_duplicates, views_queue, views_review
from portal.workspace.administering.figures_urls import FIGURE_URLS
from portal.workspace.arriving import decisions

_CASE = "asia/<int:pk>/"
_REVIEW = "muutos/<int:pk>/"
_INSPECTION = "katselmus/<int:pk>/"
_TWO = "kaksoiskappaleet/<slug:kind>/<uuid:keep>/<uuid:drop>/"

QUEUE_URLS: list[URLPattern] = [
    path("jono/", views_queue.queue, name="queue"),
    path("jono/valitut/", views_queue.queue_bulk, name="queue_bulk"),
    path("jono/csv/", views_queue.queue_csv, name="queue_csv"),
    path(_CASE, views_case.case, name="case"),
    path(f"{_CASE}muistiinpano/", views_case.note, name="case_note"),
    path(f"{_CASE}kenelle/", views_case.assign, name="case_assign"),
    path(f"{_CASE}seuraa/", views_case.watch, name="case_watch"),
    path(f"{_CASE}sulje/", views_case.close, name="case_close"),
    path(f"{_CASE}vastaa/", views_case.answer, name="case_answer"),
    path(f"{_CASE}tarkistettu/", views_case.confirm, name="case_confirm"),
    path(f"{_CASE}paattyi/", views_case.end, name="case_end"),
    path(f"{_CASE}vastuuhenkilo/", views_case.keeper, name="case_keeper"),
    path(_REVIEW, views_review.review, name="review"),
    path(f"{_REVIEW}hyvaksy/", views_review.approve, name="review_approve"),
    path(f"{_REVIEW}palauta/", views_review.send_back, name="review_send_back"),
    path(_INSPECTION, views_review.inspection, name="inspection"),
    path(f"{_INSPECTION}valmis/", views_review.inspected, name="inspected"),
    path("luottamus/<slug:slug>/", views_review.trust, name="trust"),
    path("kaksoiskappaleet/", views_duplicates.duplicates, name="duplicates"),
    path("kaksoiskappaleet/csv/", views_duplicates.duplicates_csv, name="duplicates_csv"),
    path(_TWO, views_duplicates.merge, name="merge"),
    path(f"{_TWO}eri/", views_duplicates.not_duplicate, name="not_duplicate"),
]

urlpatterns: list[URLPattern] = [
    *QUEUE_URLS,
    *FIGURE_URLS,
    path("pyynnot/<int:pk>/", decisions.claim_decision, name="claim_decision"),
    path("kumppanuus/", partnership.partnership, name="partnership"),
    path("kumppanuus/<slug:code>/", partnership.partnership_area, name="partnership_area"),
    path("kumppanuus/<slug:code>.csv", partnership.partnership_csv, name="partnership_csv"),
    path("alueet/", decisions.area_roles, name="area_roles"),
]
