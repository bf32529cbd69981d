"""Drawing PDFs: tagged, with bookmarks, and asking nothing of the network or of other files. Needs Pango."""

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from cards.models import Print
from cards.printing import engine, making
from cards.printing.composing import make_pdf, parts_of
from tests.cards.pdf_files import in_utf16, objects_of, pages_of, pango  # noqa: F401 a fixture
from tests.cards.test_pages import a_body_of_everything, body
from tests.cards.test_printing import TODAY, chosen, model  # noqa: F401 a fixture
from tests.factories.cards import (
    ActionCardPageFactory,
    HelpContactFactory,
    LawReferenceFactory,
    PracticeModelIndexPageFactory,
    PracticeModelPageFactory,
)
from tests.factories.content import HomePageFactory

pytestmark = pytest.mark.usefixtures("pango")

PLANTED = ["http://10.0.0.1/look.png", "https://example.org/look.png", "file:///etc/passwd", "ftp://example.org/x"]


def test_a_model_is_tagged_with_contents_and_bookmarks(model):  # noqa: F811
    full = a_body_of_everything(HelpContactFactory(), LawReferenceFactory())
    for title in ("Kysy ääneen", "Kuuntele"):
        ActionCardPageFactory(parent=model, title=title, body=full)
    heard: list[int] = []
    selection = chosen(model)
    pdf = make_pdf(selection, TODAY, heard.append)
    objects = objects_of(pdf)
    for part in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang (fi)", b"/Outlines", b"pdfuaid:part"):
        assert part.replace(b" ", b"") in objects.replace(b" ", b"")
    assert in_utf16("Kysy ääneen") in objects.lower() or "Kysy ääneen".encode("utf-16-be") in objects
    assert pages_of(pdf) >= 4
    # Letters that are not English, and those that draw symbols, are in the fonts that travel with the file.
    assert b"/FontFile2" in objects or b"/FontFile3" in objects
    assert heard == sorted(heard)
    assert heard[-1] < parts_of(selection)


def test_nothing_is_fetched(model, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    """An address planted in a text is asked of our own fetcher alone, which refuses it; loopback_only stands behind."""
    refused: list[str] = []
    fetch = engine.fetch

    def watched(url: str) -> Any:
        try:
            return fetch(url)
        except engine.RefusedError:
            refused.append(url)
            raise

    monkeypatch.setattr(engine, "fetch", watched)
    pictures = "".join(f'<img alt="" src="{url}">' for url in PLANTED)
    style = (
        '<p style="background: url(http://10.0.0.1/style.png)">x</p><style>@import url("http://10.0.0.1/a.css")</style>'
    )
    card = ActionCardPageFactory(parent=model, body=body(("text", f"<p>Teksti</p>{pictures}{style}")))
    assert make_pdf(chosen(card), TODAY).startswith(b"%PDF")
    assert set(PLANTED) <= set(refused)


@pytest.mark.parametrize(
    "path",
    [
        "media/prints/x.pdf",
        "media/documents/x.pdf",
        "media/images/../site.sqlite3",
        "media/images/%2e%2e/secret.png",
        "static/../manage.py",
        "static/%2e%2e/%2e%2e/manage.py",
        "fi/",
    ],
)
def test_only_pictures_and_static_files_are_read(tmp_path: Path, path: str):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MEDIA_ROOT", tmp_path)
        for name in ("prints/x.pdf", "documents/x.pdf", "secret.png", "site.sqlite3", "images/seen.png"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(b"x")
        assert engine.fetch(f"{settings.SITE_URL}/media/images/seen.png").read() == b"x"
        with pytest.raises(engine.RefusedError):
            engine.fetch(f"{settings.SITE_URL}/{path}")


def test_a_page_with_a_blueprint_is_one_wide_sheet(model):  # noqa: F811
    row = {"title": "Ihmisen polku", "before": "Miettii.\nKysyy.", "during": "Kertoo.", "after": "Muistaa."}
    rows = [row] * 14
    card = ActionCardPageFactory(
        parent=model, body=body(("text", "<p>Ensin.</p>"), ("blueprint", {"title": "Kuvaus", "rows": rows}))
    )
    pdf = make_pdf(chosen(card), TODAY)
    assert pages_of(pdf) == 1
    assert re.search(rb"/MediaBox\s*\[\s*0\s+0\s+1190[\d.]*\s+841", objects_of(pdf))


def test_two_who_ask_at_once_get_one_file(committed_db):
    card = ActionCardPageFactory(
        parent=PracticeModelPageFactory(parent=PracticeModelIndexPageFactory(parent=HomePageFactory()), letter="A")
    )
    selection, start, got = chosen(card), threading.Barrier(3), []

    def ask() -> None:
        from django.db import connection

        start.wait()
        try:
            got.append(making.ask_for(selection, timezone.now()).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    printed = Print.objects.get()
    assert set(got) == {printed.pk}
    assert printed.file.storage.exists(printed.file.name)
    folder, name = printed.file.name.split("/")
    assert [each for each in printed.file.storage.listdir(folder)[1] if str(printed.pk) in each] == [name]
