"""Writes what an import has planned: a row, its parts and its revision in a few statements, public or as a draft.

It leaves what directory.actions would leave, without what costs a hundred times as much for one row: checking each
reference, reading the row back, indexing it. What follows from a write (log, the admin's search, references, the public
index) is done by `settle`, for many rows at once, after their transactions.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, router, transaction
from django.db.models import Field, Model
from django.utils import timezone
from django.utils.text import slugify
from modelcluster.models import ClusterableModel, get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import ModelLogEntry, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backends

from directory.models import Organisation, Place, Service
from directory.signals import services_changed

# Services that the indexes are told of in one go.
MOST_KEYS = 500


class Writer:
    """Writes rows inside the caller's transactions, and settles what follows from it."""

    def __init__(self) -> None:
        # (row, whether it is new, its log entry)
        self._written: list[tuple[Any, bool, ModelLogEntry | None]] = []

    # --- one row ---
    def write(self, row: Organisation | Place | Service, *, live: bool = True) -> None:
        """Write a row with the parts that were set on it. live: public; else a draft, which only a new row can be.

        Raises ValidationError or DatabaseError; then nothing of it may stay, which is the transaction's matter.
        """
        is_new, now = row.pk is None, timezone.now()
        row.clean_fields(exclude=_relations(type(row)))
        if not is_new:
            # Of a new row the database's own constraints say the same, without a query.
            row.clean()
        if isinstance(row, Place):
            self._save(row, is_new)
            self._written.append((row, is_new, None))
            return
        row.updated_at = row.latest_revision_created_at = now
        row.live, row.has_unpublished_changes = live, not live
        if live:
            row.expired, row.last_published_at = False, now
            row.first_published_at = row.first_published_at or now
        if is_new:
            self._save(row, is_new)
        self._save_parts(row, is_new)
        revision = self._revision(row, now)
        row.latest_revision = revision
        if live:
            row.live_revision = revision
        if is_new:
            pointers = {"latest_revision": revision, "live_revision": revision if live else None}
            type(row)._base_manager.filter(pk=row.pk).update(**pointers)
        else:
            self._save(row, is_new)
        action = "wagtail.publish" if live else "wagtail.edit"
        self._written.append((row, is_new, self._log_entry(row, revision, action, now)))

    def _save(self, row: Model, is_new: bool) -> None:
        # Neither save() nor its signals: each would index and track this one row by itself.
        if is_new:
            _insert([row])
        else:
            columns = {field.attname: getattr(row, field.attname) for field in _columns(type(row))}
            type(row)._base_manager.filter(pk=row.pk).update(**columns)

    def _save_parts(self, row: ClusterableModel, is_new: bool) -> None:
        """The parts and the words that were set in memory. They stay there: the revision is made of them."""
        related = row.__dict__.setdefault("_cluster_related_objects", {})
        for relation in get_all_child_relations(row):
            name, field = relation.get_accessor_name(), relation.field
            if is_new:
                related.setdefault(name, [])
            elif name in related:
                field.model._base_manager.filter(**{field.name: row}).delete()
            if parts := related.get(name):
                for part in parts:
                    setattr(part, field.name, row)
                _insert(parts)
        for field in get_all_child_m2m_relations(row):
            through, source, target = field.remote_field.through, field.m2m_field_name(), field.m2m_reverse_field_name()
            if is_new:
                related.setdefault(field.name, [])
            elif field.name in related:
                through._base_manager.filter(**{source: row}).delete()
            if others := related.get(field.name):
                _insert([through(**{f"{source}_id": row.pk, f"{target}_id": other.pk}) for other in others])

    @staticmethod
    def _revision(row: Any, now: Any) -> Revision:
        content_type = ContentType.objects.get_for_model(row, for_concrete_model=False)
        revision = Revision(
            content_type=content_type,
            base_content_type=content_type,
            object_id=str(row.pk),
            created_at=now,
            object_str=str(row),
            content=row.serializable_data(),
        )
        _insert([revision])
        return revision

    @staticmethod
    def _log_entry(row: Any, revision: Revision, action: str, now: Any) -> ModelLogEntry:
        return ModelLogEntry(
            content_type=revision.content_type,
            object_id=str(row.pk),
            label=str(row),
            action=action,
            timestamp=now,
            revision=revision,
            content_changed=True,
        )

    # --- many rows ---
    def mark(self) -> int:
        """Where the rows of a transaction begin."""
        return len(self._written)

    def forget(self, mark: int) -> None:
        """The transaction that began at a mark came to nothing."""
        del self._written[mark:]

    def settle(self) -> None:
        """Do what follows from all that was written. Call it outside of the rows' own transactions."""
        written, self._written = self._written, []
        if not written:
            return
        keys = list(dict.fromkeys(_keys(written)))
        with transaction.atomic():
            ModelLogEntry.objects.bulk_create(entry for _row, _new, entry in written if entry)
            for model in (Organisation, Place, Service):
                # A row that several records told of is written several times, and followed up once.
                rows = list({row.pk: row for row, _new, _entry in written if isinstance(row, model)}.values())
                _track_references(model, rows)
                for backend in get_search_backends(with_auto_update=True):
                    backend.add_bulk(model, rows)
            for start in range(0, len(keys), MOST_KEYS):
                services_changed.send(sender=Service, keys=keys[start : start + MOST_KEYS])


def _insert(rows: list[Any]) -> None:
    """INSERT rows of one model, and give them their keys.

    bulk_create compiles its statement anew each time: for a few rows that costs many times what the database does.
    """
    statement, fields = _insertion(type(rows[0]))
    connection = connections[router.db_for_write(type(rows[0]))]
    with connection.cursor() as cursor:
        for row in rows:
            values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
            cursor.execute(statement, values)
            row.pk, row._state.adding, row._state.db = cursor.fetchone()[0], False, connection.alias


@cache
def _insertion(model: type[Model]) -> tuple[str, list[Field]]:
    """(the statement, the fields whose values it takes)."""
    quote = connections[router.db_for_write(model)].ops.quote_name
    fields = _columns(model)
    names = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    return f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING {key}", fields  # noqa: S608 (no outer text)


def _keys(written: list[tuple[Any, bool, Any]]) -> Iterator[Any]:
    """The services that were written, and those that show a body or place that was changed."""
    yield from (row.translation_key for row, _new, _entry in written if isinstance(row, Service))
    for model, path in ((Organisation, "organisation__in"), (Place, "service_places__place__in")):
        if changed := [row.pk for row, is_new, _entry in written if isinstance(row, model) and not is_new]:
            found = Service.objects.filter(**{path: changed}).order_by()
            yield from found.values_list("translation_key", flat=True).distinct()


def _track_references(model: type[Model], rows: list[Any]) -> None:
    """Write anew what rows refer to: what ReferenceIndex.create_or_update_for_object does for one row, for many."""
    content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
    ReferenceIndex.objects.filter(base_content_type=content_type, object_id__in=[str(row.pk) for row in rows]).delete()
    ReferenceIndex.objects.bulk_create(
        ReferenceIndex(
            content_type=content_type,
            base_content_type=content_type,
            object_id=row.pk,
            to_content_type_id=to_type,
            to_object_id=to_object,
            model_path=model_path,
            content_path=content_path,
            content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
        )
        for row in rows
        for to_type, to_object, model_path, content_path in set(ReferenceIndex._extract_references_from_object(row))
    )


@cache
def _relations(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields() if field.is_relation}


@cache
def _columns(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


class Slugs:
    """Addresses of pages that no row of a model has."""

    def __init__(self, model: type[Organisation] | type[Service], fallback: str, most: int) -> None:
        self._model, self._fallback, self._most = model, fallback, most
        self._asked: set[str] = set()
        self._taken: set[str] = set()

    def prepare(self, texts: Iterable[str]) -> None:
        """Ask about the addresses that rows with these titles would have first."""
        self._asked.clear()
        self._taken.clear()
        self._ask({name for text in texts for name in self._names(text, 1, 3)})

    def free(self, text: str) -> str:
        """An address made of a text. It counts as taken from now on."""
        number, many = 1, 3
        while True:
            names = self._names(text, number, many)
            if not self._asked.issuperset(names):
                self._ask(names)
            if name := next((each for each in names if each not in self._taken), ""):
                self._taken.add(name)
                return name
            number, many = number + many, many * 10

    def _names(self, text: str, first: int, many: int) -> list[str]:
        base = slugify(text)[: self._most] or self._fallback
        return [base if number == 1 else f"{base}-{number}" for number in range(first, first + many)]

    def _ask(self, names: Iterable[str]) -> None:
        names = set(names) - self._asked
        self._asked |= names
        self._taken.update(self._model._base_manager.filter(slug__in=names).values_list("slug", flat=True))
