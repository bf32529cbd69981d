"""Finding an organisation as people call it, and those that look like one that is about to be made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.models import Organisation, OrganisationContact
from directory.organisation_finder import (
    Likeness,
    MailHint,
    as_business_id,
    find_organisations,
    fold,
    found_in,
    host_of,
    lookalikes,
    mail_hint,
)
from tests.factories.directory import MunicipalityFactory, OrganisationFactory

NAMES = ["Lyhtypolun Mielituki ry", "Lyktstigens Sinnesstöd rf", "Lyhtypolku"]


@pytest.mark.parametrize(
    "asked",
    [
        "lyhtypolun mielituki",
        "MIELITUKI lyhtypolun r.y.",
        "lyhtypolku",
        "mielituki",
        "mieli",
        "lyhtypolun mielitiki",
        "sinnesstod",
        "lyktstigens",
    ],
)
def test_a_name_is_found_as_people_write_it(asked: str):
    assert found_in(asked, NAMES)


@pytest.mark.parametrize("asked", ["", "ry", "  ", "!", "siltaranta", "mielituki siltaranta", "polku x"])
def test_other_words_find_nothing(asked: str):
    assert not found_in(asked, NAMES)


def test_the_whole_name_goes_before_a_longer_one():
    assert found_in("mielituki", ["Mielituki ry"]) > found_in("mielituki", ["Pohjolan mielituki ja toivo"])


@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=4))
def test_no_text_breaks_it(asked: str, names: list[str]):
    assert 0 <= found_in(asked, names) <= 100
    assert fold(fold(asked)) == fold(asked)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1572860-0", "1572860-0"),
        ("15728600", "1572860-0"),
        (" 1572860-0 ", "1572860-0"),
        ("1572860-1", ""),
        ("apua", ""),
    ],
)
def test_a_business_id_is_known_in_any_writing(text: str, number: str):
    assert as_business_id(text) == number


@pytest.mark.parametrize(
    ("website", "host"),
    [
        ("https://www.talo.fi/yhteys", "talo.fi"),
        ("talo.fi", "talo.fi"),
        ("https://www.facebook.com/talo", ""),
        ("https://talo.yhdistysavain.fi/", ""),
        ("", ""),
        ("https://[x", ""),
    ],
)
def test_a_shared_host_says_nothing(website: str, host: str):
    assert host_of(website) == host


@pytest.mark.django_db
def test_only_public_ones_are_found_the_likeliest_first():
    OrganisationFactory(names={"fi": "Kodin ja talon tuki ry"})
    first = OrganisationFactory(names={"fi": "Talon tuki ry"})
    OrganisationFactory(names={"fi": "Talon tuki ry"}, is_hidden=True)
    OrganisationFactory(names={"fi": "Talon tuki ry"}, live=False)
    found = find_organisations("talon tuki")
    assert [str(each) for each in found] == ["Talon tuki ry", "Kodin ja talon tuki ry"]
    assert found[0] == first


@pytest.mark.django_db
def test_a_number_finds_its_organisation():
    one = OrganisationFactory(business_id="1572860-0")
    OrganisationFactory()
    assert find_organisations("15728600") == [one]


# --- lookalikes ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_looks_alike_is_told_with_the_reason():
    here = MunicipalityFactory()
    by_number = OrganisationFactory(names={"fi": "Aivan toinen"}, business_id="1572860-0")
    by_name = OrganisationFactory(names={"fi": "Mielituki Lyhtypolun ry"})
    near = OrganisationFactory(names={"fi": "Lyhtypolun mielentuki"}, home_municipality=here)
    by_website = OrganisationFactory(names={"fi": "Jokin muu"}, website="http://www.lyhty.fi/info")
    OrganisationFactory(names={"fi": "Siltarannan yhdessä ry"}, home_municipality=here)
    new = Organisation(
        names={"fi": "Lyhtypolun Mielituki"},
        business_id="1572860-0",
        website="https://lyhty.fi",
        home_municipality=here,
    )
    found = {match.organisation: match.likenesses for match in lookalikes(new)}
    assert found == {
        by_number: (Likeness.BUSINESS_ID,),
        by_name: (Likeness.NAME,),
        near: (Likeness.NAME,),
        by_website: (Likeness.WEBSITE,),
    }


@pytest.mark.django_db
def test_a_common_mail_service_makes_nobody_alike():
    OrganisationFactory(names={"fi": "Jokin muu"}, email="joku@gmail.com")
    new = Organisation(names={"fi": "Lyhtypolun Mielituki"})
    assert lookalikes(new, email="toinen@gmail.com") == []
    assert lookalikes(Organisation(names={"fi": "Ihan muuta"}, website="https://facebook.com/x")) == []


@pytest.mark.django_db
def test_an_organisation_is_not_like_itself():
    assert lookalikes(OrganisationFactory()) == []


# --- proof by mail ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_a_mail_address_says():
    one = OrganisationFactory(website="https://www.talo.fi/", email="talo@gmail.com")
    assert mail_hint("Aino@Talo.fi", one) == MailHint.SAME_DOMAIN
    assert mail_hint("aino@muu.fi", one) == MailHint.OTHER_DOMAIN
    assert mail_hint("aino@eitalo.fi", one) == MailHint.OTHER_DOMAIN
    assert mail_hint("aino@gmail.com", one) == MailHint.FREE_MAIL
    OrganisationContact.objects.create(organisation=one, kind="email", value="x@muu.fi")
    assert mail_hint("aino@muu.fi", one) == MailHint.SAME_DOMAIN
