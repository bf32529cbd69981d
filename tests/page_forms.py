"""What the editing form of a page sends when nothing was changed, for Wagtail's own assertions about page types."""

from typing import Any

from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.test.utils import WagtailPageTestCase

from tests.editing import ADMINISTRATOR, BACKEND, filled_form, page_url, person, stream


class PageTypeTests(WagtailPageTestCase):
    """Each of `pages` can be opened, edited and previewed. A room's tests fill `pages` in setUpTestData."""

    __test__ = False
    databases = "__all__"
    pages: list[Page] = []

    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = person(ADMINISTRATOR)

    def form_of(self, page: Page) -> dict[str, Any]:
        """The editor builds the fields of blocks by script, so they are not in the page's HTML: they are sent empty."""
        self.client.force_login(self.editor, backend=BACKEND)
        sent: dict[str, Any] = filled_form(self.client.get(page_url(page)).content.decode())
        for field in page.specific_class._meta.fields:
            if isinstance(field, StreamField):
                sent |= stream(field.name)
        return sent

    def test_can_be_opened(self) -> None:
        for page in self.pages:
            with self.subTest(page.specific_class.__name__):
                self.assertPageIsRenderable(page)

    def test_can_be_edited(self) -> None:
        for page in self.pages:
            with self.subTest(page.specific_class.__name__):
                self.assertPageIsEditable(page, post_data=self.form_of(page), user=self.editor)

    def test_can_be_previewed(self) -> None:
        for page in self.pages:
            with self.subTest(page.specific_class.__name__):
                self.assertPageIsPreviewable(page, post_data=self.form_of(page), user=self.editor)
                assert page.make_preview_request(preview_mode=page.default_preview_mode).status_code == 200
