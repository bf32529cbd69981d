"""Two kinds of model field the whole site needs: a text in every language, and a set of choices. No domain words."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import Lookup
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.base import languages

SEPARATOR = "|"


# --- A text in every language --------------------------------------------------------------------------------------
class Multilingual(dict):
    """Language code → text. `str()` is the text for the language of the moment, falling back as languages.py says."""

    def in_language(self, code: str | None) -> str:
        """The text for a reader of `code`, or "" when there is none in any language."""
        return next((self[each] for each in languages.reading_order(code or "") if self.get(each)), "")

    def language_of(self, code: str | None) -> str:
        """The code of the language `in_language` answers in (for `lang=`), or ""."""
        return next((each for each in languages.reading_order(code or "") if self.get(each)), "")

    def __str__(self) -> str:
        text = self.in_language(get_language())
        # Lists of words (MultilingualListField) read as a row of words.
        return text if isinstance(text, str) else ", ".join(text)


class MultilingualWidget(forms.MultiWidget):
    """One labelled input for each language of the site."""

    template_name = "components/multilingual_widget.html"

    class Media:
        css = {"all": ["portal/admin/forms.css"]}

    def __init__(self, long: bool = False, attrs: dict | None = None) -> None:
        widget = forms.Textarea if long else forms.TextInput
        self.codes = languages.CODES
        super().__init__(
            {
                code.replace("-", "_"): widget(
                    {"lang": code, "aria-label": languages.BY_CODE[code].endonym} | ({"rows": 3} if long else {})
                )
                for code in self.codes
            },
            attrs,
        )

    def decompress(self, value: Mapping[str, str] | None) -> list[str]:
        return [(value or {}).get(code, "") for code in self.codes]

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        for code, sub in zip(self.codes, context["widget"]["subwidgets"], strict=True):
            sub["language_name"] = languages.BY_CODE[code].endonym
        return context


class MultilingualFormField(forms.MultiValueField):
    """Reads the widget into a dictionary without empty texts."""

    def __init__(self, *, long: bool = False, **kwargs) -> None:
        kwargs.pop("max_length", None)
        kwargs["widget"] = MultilingualWidget(long=long)
        fields = [forms.CharField(required=False) for _code in languages.CODES]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> Multilingual:
        return Multilingual({code: text for code, text in zip(languages.CODES, data_list, strict=False) if text})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.clean_quietly(data) != dict(initial or {})

    def clean_quietly(self, data: Any) -> dict:
        try:
            return dict(self.clean(data))
        except ValidationError:
            return {}


class MultilingualField(models.JSONField):
    """A short text kept in every language of the site; the value is a `Multilingual`.

    long: whether editors get text areas.
    """

    def __init__(self, *args, long: bool = False, **kwargs) -> None:
        self.long = long
        kwargs.setdefault("default", Multilingual)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if self.long:
            kwargs["long"] = True
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return Multilingual(super().from_db_value(value, expression, connection) or {})

    def to_python(self, value):
        return Multilingual(value or {})

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        unknown = set(value) - set(languages.CODES)
        if unknown:
            raise ValidationError(_("Unknown language: %(codes)s"), params={"codes": ", ".join(sorted(unknown))})
        if not all(self.is_text(text) for text in value.values()):
            raise ValidationError(_("Each language holds a text."))

    def is_text(self, value: Any) -> bool:
        """Whether one language's value is what the field keeps."""
        return isinstance(value, str)

    def formfield(self, **kwargs):
        kwargs = {key: kwargs[key] for key in ("required", "label", "help_text", "initial") if key in kwargs}
        return MultilingualFormField(
            **{
                "required": not self.blank,
                "label": capfirst(self.verbose_name),
                "help_text": self.help_text,
                "long": self.long,
                **kwargs,
            }
        )


class MultilingualListField(MultilingualField):
    """Several words in every language: code → list of words. Editors write one on each line."""

    def is_text(self, value: Any) -> bool:
        return isinstance(value, list) and all(isinstance(word, str) for word in value)

    def formfield(self, **kwargs):
        field = super().formfield(**kwargs)
        field.widget = MultilingualListWidget()
        field.compress = lambda data: Multilingual(  # type: ignore[method-assign]
            {
                code: [line.strip() for line in text.splitlines() if line.strip()]
                for code, text in zip(languages.CODES, data, strict=False)
                if text and text.strip()
            }
        )
        return field


class MultilingualListWidget(MultilingualWidget):
    """A text area for each language, one word or phrase on a line."""

    def __init__(self) -> None:
        super().__init__(long=True)

    def decompress(self, value: Mapping[str, list[str]] | None) -> list[str]:
        return ["\n".join((value or {}).get(code, [])) for code in self.codes]


# --- A set of choices ----------------------------------------------------------------------------------------------
class ChoiceSetFormField(forms.TypedMultipleChoiceField):
    """Checkboxes; the value is a list of codes."""

    widget = forms.CheckboxSelectMultiple

    def has_changed(self, initial, data) -> bool:
        return set(initial or []) != set(data or [])


class ChoiceSetField(models.Field):
    """Several of a fixed set of short codes, stored as `|a|b|`; the value is a list of codes in the set's order.

    A plain column instead of a table: it needs no join, works alike on SQLite and PostgreSQL, and is copied to
    translations like any other field. `filter(stages__has="1")` finds the rows that hold a code.
    """

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("max_length", 400)
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "CharField"

    def _in_order(self, codes) -> list[str]:
        wanted = {str(code) for code in codes}
        known = [str(code) for code, _label in self.flatchoices]
        return [code for code in known if code in wanted] + sorted(wanted - set(known))

    def from_db_value(self, value, expression, connection) -> list[str]:
        return [code for code in (value or "").split(SEPARATOR) if code]

    def to_python(self, value) -> list[str]:
        if isinstance(value, str):
            value = [code for code in value.split(SEPARATOR) if code]
        return self._in_order(value or [])

    def get_prep_value(self, value) -> str:
        codes = self.to_python(value)
        return f"{SEPARATOR}{SEPARATOR.join(codes)}{SEPARATOR}" if codes else ""

    def value_to_string(self, obj) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value, model_instance) -> None:
        unknown = set(value) - {str(code) for code, _label in self.flatchoices}
        if unknown:
            raise ValidationError(_("Unknown choice: %(codes)s"), params={"codes": ", ".join(sorted(unknown))})
        if not self.blank and not value:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def formfield(self, **kwargs):
        kwargs = {key: kwargs[key] for key in ("required", "label", "help_text", "initial") if key in kwargs}
        return ChoiceSetFormField(
            **{
                "required": not self.blank,
                "label": capfirst(self.verbose_name),
                "help_text": self.help_text,
                "choices": self.flatchoices,
                **kwargs,
            }
        )

    def contribute_to_class(self, cls, name, private_only=False):
        super().contribute_to_class(cls, name, private_only)
        # Django would give the label of a single value; ours are several.
        setattr(cls, f"get_{name}_display", lambda instance: self.labels(getattr(instance, name)))

    def labels(self, codes: list[str]) -> list[str]:
        """The labels of some codes, in the language of the moment."""
        names = {str(code): label for code, label in self.flatchoices}
        return [str(names.get(code, code)) for code in codes]


@ChoiceSetField.register_lookup
class Has(Lookup):
    """`field__has="code"`: the set holds the code. Exact: neither wildcards nor other cases of letters match."""

    lookup_name = "has"
    prepare_rhs = False

    def as_sql(self, compiler, connection, function: str = "INSTR"):
        lhs, params = self.process_lhs(compiler, connection)
        return f"{function}({lhs}, %s) > 0", [*params, f"{SEPARATOR}{self.rhs}{SEPARATOR}"]

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, function="STRPOS")
