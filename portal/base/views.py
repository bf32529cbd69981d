"""The style page: every component with all its states, on made-up data. No other view belongs here."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

TODAY = datetime.date(2026, 11, 22)

# The longest word anyone has asked for. It must break in every card and button at 320 px.
LONG_WORD = "Hyvinvointilähetepalveluohjaus"

STAGES: list[dict[str, Any]] = [
    {
        "number": 1,
        "label": "Omaa hyvinvointia",
        "words": "Haluan pitää itsestäni huolta ja tehdä jotain, millä on merkitystä.",
        "note": "34 palvelua",
        "url": "#stage-1",
    },
    {
        "number": 2,
        "label": "Joku, jolle puhua",
        "words": "Vointini askarruttaa. Kuka juttelisi kanssani?",
        "note": "21 palvelua",
        "url": "#stage-2",
    },
    {
        "number": 3,
        "label": "Selvyyttä tilanteeseen",
        "words": "Haluan katsoa asiaa jonkun kanssa, joka tietää.",
        "note": "18 palvelua",
        "url": "#stage-3",
        "is_current": True,
    },
    {
        "number": 4,
        "label": "Arvio ja suunnitelma",
        "words": "Tarvitsen ammattilaista. Onko muita samassa tilanteessa?",
        "note": "12 palvelua",
        "url": "#stage-4",
    },
    {
        "number": 5,
        "label": "Monta auttajaa yhdessä",
        "words": "Arki on raskasta, ja tarvitsen useampaa ihmistä avuksi.",
        "note": "9 palvelua",
        "url": "#stage-5",
    },
]

THEMES = [
    {"number": 1, "label": "Yhteydenotto ja viestintä"},
    {"number": 2, "label": "Arviointi, suunnittelu ja seuranta"},
    {"number": 3, "label": "Verkostotyön menetelmät"},
    {"number": 4, "label": "Asiointi"},
    {"number": 5, "label": "Apuvälineet"},
    {"number": 6, "label": "Tavoitetyöskentely"},
    {"number": 7, "label": "Palautteen antaminen ja yhteiskehittäminen"},
    {"number": 8, "label": "Tiedottaminen ja tilastotieto"},
]

CHANNELS = [
    {"code": "on_site", "label": "Paikan päällä"},
    {"code": "phone", "label": "Puhelimella"},
    {"code": "chat", "label": "Chatissa"},
    {"code": "remote", "label": "Etänä"},
    {"code": "home_visit", "label": "Kotona"},
    {"code": "web", "label": "Verkossa"},
]

SYMBOLS = [
    "search",
    "menu",
    "close",
    "arrow",
    "back",
    "down",
    "plus",
    "check",
    "warn",
    "info",
    "help",
    "print",
    "share",
    "list",
    "phone",
    "mail",
    "external",
    "place",
    "clock",
    "calendar",
    "exit",
    "people",
    "euro",
    "language",
    "accessible",
    "heart",
    "flag",
]

LISTINGS: list[dict[str, Any]] = [
    {
        "title": "Avoin kahvihuone Lähde",
        "url": "#listing",
        "organisation": "Esimerkkilän kohtaamispaikka ry",
        "kind": "Kohtaamispaikka",
        "summary": "Tule kahville ja juttelemaan. Ohjaaja on paikalla, eikä nimeäsi kysytä.",
        "for_whom": "kaikenikäisille, jotka kaipaavat seuraa",
        "place": "Jyväskylä",
        "distance": "2,4 km",
        "stages": [1, 2],
        "channels": CHANNELS[:1],
        "facts": ["Maksuton", "Nimettömästi", "Ilman ajanvarausta"],
        "capacity": "taking_people",
        "is_sample": True,
        "checked": {"on": datetime.date(2026, 11, 1), "by": "yhdistys", "state": "fresh", "today": TODAY},
    },
    {
        "title": f"{LONG_WORD} ja vertaistukiryhmä työttömäksi jääneille",
        "url": "#listing",
        "organisation": f"{LONG_WORD}yhdistys ry",
        "kind": "Vertaisryhmä",
        "summary": f"{LONG_WORD} kokoontuu joka toinen tiistai. Voit tulla mukaan myös etäyhteydellä.",
        "place": "Koko Suomi",
        "stages": [3, 4, 5],
        "channels": CHANNELS[3:5],
        "facts": ["Tulkki järjestyy"],
        "capacity": "full",
        "capacity_until": datetime.date(2026, 11, 30),
        "temporary_notice": "Tauolla 20.12.2026 asti.",
        "checked": {"on": datetime.date(2025, 6, 3), "by": "toimitus", "state": "overdue", "today": TODAY},
    },
]

BRANCHES: dict[str, Any] = {
    "light": {
        "situation": "Juttelu ja neuvo riittävät. Ihminen hoitaa asian itse eteenpäin.",
        "actions": ["Kuuntele ja kerro, mitä on tarjolla.", "Anna yhteystieto mukaan."],
        "responsibility": "Sinä, tämän tapaamisen ajan.",
        "recorded": "Ei kirjata, ellei ihminen niin halua.",
        "followed_up": "Ihminen palaa, jos tarvitsee.",
    },
    "wider": {
        "situation": "Voimia on, mutta asioita on monta ja ne pitää sovittaa yhteen.",
        "actions": [
            "Sopikaa, kuka hoitaa minkäkin asian.",
            "Tehkää yhdessä suunnitelma.",
            f"{LONG_WORD} käy läpi vaihtoehdot.",
        ],
        "responsibility": "Omatyöntekijä.",
        "recorded": "Suunnitelma ja sovitut askeleet.",
        "followed_up": "Tapaaminen kuukauden päästä.",
    },
    "complex": {
        "situation": "Auttajia on monta, tai tilanne muuttuu nopeasti.",
        "actions": [
            "Selvittäkää ensin, tarvitaanko lakisääteistä palvelua.",
            "Kutsu koolle ne, jotka ihminen haluaa mukaan.",
        ],
        "responsibility": "Sosiaalityöntekijä virkasuhteessa.",
        "recorded": "Arvio, suunnitelma ja suostumus.",
        "followed_up": "Viikoittain, kunnes tilanne rauhoittuu.",
    },
}


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label="Yhdistyksen nimi", help_text="Se nimi, jolla ihmiset teidät tuntevat.")
    summary = forms.CharField(
        label="Mitä teette, yhdellä lauseella?",
        max_length=150,
        widget=forms.Textarea,
        help_text="Näkyy hakutuloksissa.",
    )
    email = forms.EmailField(label="Sähköposti", required=False)
    kind = forms.ChoiceField(
        label="Millaista toimintaa tämä on?",
        choices=[("service", "Palvelu"), ("peer", "Vertaisryhmä"), ("long", LONG_WORD)],
        widget=forms.RadioSelect,
    )
    channels = forms.MultipleChoiceField(
        label="Miten mukaan pääsee?",
        choices=[(channel["code"], channel["label"]) for channel in CHANNELS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    municipality = forms.ChoiceField(label="Kunta", choices=[("", "Valitse kunta"), ("179", "Jyväskylä")])
    agreed = forms.BooleanField(label="Olen tarkistanut tiedot.", required=True)


FIGURE = """<svg viewBox="0 0 480 120" role="img" aria-labelledby="figure-t figure-d">
<title id="figure-t">Palveluja vaiheittain</title><desc id="figure-d">Vaiheessa 1 palveluja on eniten, 34.</desc>
<g fill="currentColor"><rect x="0" y="10" width="340" height="14"/><rect x="0" y="34" width="210" height="14"/>
<rect x="0" y="58" width="180" height="14"/><rect x="0" y="82" width="120" height="14"/>
<rect x="0" y="106" width="90" height="14"/></g></svg>"""


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component, for people who build pages. Mounted where the lead decides; holds no real data."""
    context = {
        "page_lang": "fi",
        "today": TODAY,
        "long_word": LONG_WORD,
        "stages": STAGES,
        "stages_plain": [{**stage, "words": "", "note": "", "is_current": False} for stage in STAGES],
        "themes": THEMES,
        "channels": CHANNELS,
        "symbols": SYMBOLS,
        "listings": LISTINGS,
        "branches": BRANCHES,
        "form": SampleForm(),
        "form_with_errors": SampleForm({"name": "", "summary": "Lyhyt", "email": "ei-osoite"}, prefix="bad"),
        "pages": Paginator(range(240), 20).page(5),
        "query": request.GET,
        "figure": FIGURE,
        "table_columns": ["Vaihe", "Palveluja"],
        "table_rows": [["Vaihe 1", 34], ["Vaihe 2", 21], ["Vaihe 3", 18], ["Vaihe 4", 12], ["Vaihe 5", 9]],
        **_plain_inputs(),
    }
    return render(request, "styleguide.html", context)


def _plain_inputs() -> dict[str, Any]:
    """Short lists that the template language cannot write itself."""
    return {
        "crumbs": [{"label": "Etusivu", "url": "/"}, {"label": "Toimintakortit", "url": "#"}, {"label": LONG_WORD}],
        "tabs": [
            {"label": "Kaikki", "url": "#", "count": 94, "is_current": True},
            {"label": "Omassa kunnassa", "url": "#", "count": 61},
            {"label": LONG_WORD, "url": "#", "count": 3},
        ],
        "steps": [
            {"label": "Kysy ja kiinnostu", "url": "#", "state": "done"},
            {"label": "Sanoittakaa yhdessä tuen tarve", "url": "#", "state": "current", "note": "Olet tässä kortissa."},
            {"label": "Selvittäkää kokonaistilanne", "url": "#"},
            {"label": LONG_WORD, "url": "#", "state": "todo"},
        ],
        "card_items": [
            {
                "title": "Kysy ja kiinnostu",
                "url": "#",
                "summary": "Avaa keskustelu niin, että ihminen haluaa jatkaa sitä.",
                "number": 1,
                "total": 5,
                "themes": THEMES[:2],
            },
            {"title": LONG_WORD, "url": "#", "summary": f"{LONG_WORD}: näin teet sen.", "number": 2, "total": 5},
            {
                "title": "Entä jos tämä ei toimi?",
                "url": "#",
                "summary": "Ristiriidat, oma jaksaminen ja se, milloin pyydät apua.",
                "kind": "continuous",
                "model": "Ennaltaehkäisevä palveluohjaus",
            },
        ],
        "tool_items": [
            {
                "title": "Omaolo",
                "url": "#",
                "summary": "Oirearviot ja hyvinvointitarkastus verkossa.",
                "theme": 4,
                "type": "Asiointipalvelu",
                "price": "Maksuton",
                "login": "Osa vaatii tunnistautumisen",
                "languages": "suomi, ruotsi, englanti",
                "status": "in_use",
            },
            {
                "title": LONG_WORD,
                "url": "#",
                "summary": f"{LONG_WORD} yhdellä sivulla.",
                "theme": 2,
                "type": "Menetelmä",
                "status": "renamed",
            },
            {"title": "Vanha sovellus", "url": "#", "theme": 6, "type": "Sovellus", "status": "ended"},
        ],
        "choices": [
            {"value": "self", "label": "Itselleni", "checked": True},
            {"value": "near", "label": "Läheiselleni", "hint": "Voit kysyä myös toisen puolesta."},
            {"value": "long", "label": LONG_WORD},
        ],
        "filter_choices": [
            {"value": "housing", "label": "Asuminen", "count": 12, "url": "?topic=housing"},
            {"value": "loneliness", "label": "Yksinäisyys", "count": 31, "checked": True, "url": "?"},
            {"value": "long", "label": LONG_WORD, "count": 2, "url": "?topic=long"},
            {"value": "debt", "label": "Velat", "count": 0, "url": "?topic=debt"},
        ],
        "hours": [
            {"day": "Maanantai", "times": "9–16"},
            {"day": "Tiistai", "times": "9–12, 13–18", "is_today": True},
            {"day": "Lauantai ja sunnuntai", "times": "suljettu"},
        ],
        "hours_now": {"is_open": True, "text": "Avoinna nyt, sulkeutuu klo 18"},
        "hours_closed": {"is_open": False, "text": "Suljettu, aukeaa huomenna klo 9"},
        "exceptions": [{"day": datetime.date(2026, 12, 6), "text": "suljettu, itsenäisyyspäivä"}],
        "facts": [
            {"term": "Kenelle", "text": "Yli 18-vuotiaille, jotka kaipaavat seuraa.", "icon": "people"},
            {"term": "Hinta", "text": "Maksuton", "icon": "euro"},
            {"term": LONG_WORD, "items_list": ["Soita ensin.", f"{LONG_WORD} tekee varauksen."]},
        ],
        "features": ["Sisään pääsee ilman portaita", "Esteetön wc", "Induktiosilmukka"],
        "two_paragraphs": "Tiedot menevät yhdistykselle.\n\nVoit perua lähettämisen, kunnes yhdistys on vastannut.",
        "ways": [
            {"label": "Poista rajaus: Etänä", "url": "#", "count": 7},
            {"label": "Hae koko Keski-Suomesta", "url": "#", "count": 15},
            {"label": "Kysy neuvontapuhelimesta", "url": "#"},
        ],
        "toasts": [
            {"level_tag": "success", "message": "Tallennettu klo 14.32"},
            {"level_tag": "warning", "message": "Yhteys katkesi. Kirjoittamasi on tallessa."},
            {"level_tag": "error", "message": "Tiedosto on liian suuri."},
        ],
        "tones": ["good", "warn", "stop", "info", "quiet"],
        "states": [
            "taking_people",
            "queue",
            "full",
            "unknown",
            "fresh",
            "due",
            "overdue",
            "in_use",
            "renamed",
            "ended",
            "draft",
            "waiting",
            "published",
            "sample",
        ],
    }
