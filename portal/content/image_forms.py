"""The form of a picture in the admin, with help for the words that stand in for it."""

from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm


class ImageForm(BaseImageForm):
    """Tells what the title and the description are for."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "title" in self.fields:
            self.fields["title"].help_text = _("For editors: by this name you find the picture again.")
        if "description" in self.fields:
            self.fields["description"].help_text = _(
                "What does the picture tell? It is read to those who cannot see it. You can change it where you use it."
            )
