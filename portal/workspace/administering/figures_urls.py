"""Addresses of figures, campaigns, letters to keepers and the daily run; the room's urls gather them."""

from django.urls import URLPattern, path

from portal.workspace.administering import campaigns, figures, mailing, runs

FIGURE_URLS: list[URLPattern] = [
    path("ajantasaisuus/", figures.freshness, name="freshness"),
    path("ajantasaisuus.csv", figures.freshness_csv, name="freshness_csv"),
    path("ajantasaisuus/palvelut/", figures.services, name="services"),
    path("ajantasaisuus/palvelut.csv", figures.services_csv, name="services_csv"),
    path("kattavuus/", figures.coverage, name="coverage"),
    path("kattavuus.csv", figures.coverage_csv, name="coverage_csv"),
    path("ilman-vastuuhenkiloa/", figures.orphans, name="orphans"),
    path("ilman-vastuuhenkiloa.csv", figures.orphans_csv, name="orphans_csv"),
    path("kampanjat/", campaigns.campaigns, name="campaigns"),
    path("kampanjat/uusi/", campaigns.campaign_new, name="campaign_new"),
    path("kampanjat/<int:pk>/", campaigns.campaign, name="campaign"),
    path("kampanjat/<int:pk>/paata/", campaigns.campaign_end, name="campaign_end"),
    path("viestit/", mailing.mailings, name="mailing"),
    path("viestit/uusi/", mailing.mailing_new, name="mailing_new"),
    path("viestit/<int:pk>/", mailing.mailing, name="mailing_one"),
    path("viestit/<int:pk>/muokkaa/", mailing.mailing_edit, name="mailing_edit"),
    path("viestit/<int:pk>/koe/", mailing.mailing_test, name="mailing_test"),
    path("viestit/<int:pk>/laheta/", mailing.mailing_send, name="mailing_send"),
    path("viestit/<int:pk>/poista/", mailing.mailing_delete, name="mailing_delete"),
    path("ajot/", runs.runs, name="runs"),
    path("ajot/<slug:name>/aja/", runs.run, name="run"),
    path("ajot/osoitteet/<int:pk>/", runs.trust_address, name="trust_address"),
]
