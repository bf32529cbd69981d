"""The cards' objects: practice models, action cards, tools, contacts and laws. Pages need a `parent`."""

import factory
from factory.django import DjangoModelFactory

from cards.models import (
    ActionCardPage,
    DigitalToolPage,
    HelpContact,
    LawReference,
    PracticeModelIndexPage,
    PracticeModelPage,
    QualityCriteriaPage,
    ToolCataloguePage,
    ToolThemePage,
)
from tests.factories.content import SitePageFactory


class PracticeModelIndexPageFactory(SitePageFactory):
    class Meta:
        model = PracticeModelIndexPage

    title = "Toimintakortit"
    slug = "toimintakortit"


class PracticeModelPageFactory(SitePageFactory):
    class Meta:
        model = PracticeModelPage

    title = "Asiakkaan kanssa"
    letter = "A"


class ActionCardPageFactory(SitePageFactory):
    class Meta:
        model = ActionCardPage

    role = "step"


class QualityCriteriaPageFactory(SitePageFactory):
    class Meta:
        model = QualityCriteriaPage

    title = "Laatukriteerit"
    slug = "laatukriteerit"


class ToolCataloguePageFactory(SitePageFactory):
    class Meta:
        model = ToolCataloguePage

    title = "Digiratkaisut"
    slug = "digiratkaisut"


class ToolThemePageFactory(SitePageFactory):
    class Meta:
        model = ToolThemePage

    number = "1"


class DigitalToolPageFactory(SitePageFactory):
    class Meta:
        model = DigitalToolPage

    purpose = "Yhteydenpitoon."
    themes = ["1"]
    tool_type = "app"


class HelpContactFactory(DjangoModelFactory):
    """A contact that anybody may see."""

    class Meta:
        model = HelpContact

    key = factory.Sequence(lambda n: f"linja-{n}")
    group = "crisis"
    name = factory.LazyAttribute(lambda contact: {"fi": f"Auttava {contact.key}"})
    phone = "012 345 6789"
    live = True


class LawReferenceFactory(DjangoModelFactory):
    """A law that anybody may see."""

    class Meta:
        model = LawReference

    key = factory.Sequence(lambda n: f"laki-{n}")
    name = "Sosiaalihuoltolaki"
    number = "1301/2014"
    section = "35 §"
    says = "Kun huomaat, että ihminen tarvitsee tukea, auta hänet avun luo."
    live = True
