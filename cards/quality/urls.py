"""Addresses of the rounds of self-assessment, below the language prefix. The keys come in the query string."""

from django.urls import path

from cards.quality import keeping, views

urlpatterns = [
    path("laatu/uusi/<int:pk>/", views.open_round, name="quality_open"),
    path("laatu/vastaa/", views.choose_group, name="quality_answer"),
    path("laatu/vastaa/kiitos/", views.thanks, name="quality_thanks"),
    path("laatu/vastaa/<slug:group>/", views.answer, name="quality_answer_as"),
    path("laatu/kierros/", keeping.keep, name="quality_round"),
    path("laatu/kierros/sulje/", keeping.close, name="quality_close"),
    path("laatu/kierros/tavoitteet/", keeping.write_goals, name="quality_goals"),
    path("laatu/kierros/seuraava/", keeping.begin_next, name="quality_next"),
    path("laatu/kierros/poista/", keeping.delete, name="quality_delete"),
    path("laatu/kierros/tulokset.csv", keeping.as_csv, name="quality_csv"),
    path("laatu/kierros/tulokset.pdf", keeping.as_pdf, name="quality_pdf"),
]
