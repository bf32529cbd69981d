"""Loads the synonyms that the project ships into the table that editors keep.

The rule that spares editors' work is portal.base.loading's; what the files may hold is search.vocabulary's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

import yaml

from portal.base.loading import ContentError, Entry, Loading, validate, values_state
from search.models import Synonym
from search.vocabulary import load_synonyms, look_again

PREFIX = "search/synonyms#"


def load_vocabulary(loading: Loading) -> None:
    """Put in what is new in the files, renew what has changed there, take out what is there no more.

    A row is known by its language and first phrase.
    """
    entries = _entries()
    unsettled = loading.unsettled(list(entries.values()))
    withdrawn = [key for key in loading.records if key.startswith(PREFIX) and key not in entries]
    if not unsettled and not withdrawn:
        return
    rows = {row.key: row for row in Synonym.objects.exclude(key=None)}
    new = [entry for entry in unsettled if entry.key not in loading.records]
    changed = [entry for entry in unsettled if entry.key in loading.records]
    _withdraw(loading, withdrawn, rows)
    for entry in changed:
        loading.load(
            entry,
            find=lambda entry=entry: rows.get(entry.key),
            write=lambda row, entry=entry: _save(_filled(entry, row)),
            state=values_state,
        )
    _create(loading, new)
    look_again()


def _entries() -> dict[str, Entry]:
    try:
        rows = load_synonyms()
    except (ValueError, yaml.YAMLError) as error:
        raise ContentError(f"search/data/synonyms: {error}") from error
    found: dict[str, Entry] = {}
    for row in rows:
        entry = Entry(f"{PREFIX}{row.language}:{row.sources[0]}", asdict(row))
        if entry.key in found:
            raise entry.fault("two rows begin with this phrase")
        found[entry.key] = entry
    return found


def _withdraw(loading: Loading, keys: Iterable[str], rows: Mapping[str, Synonym]) -> None:
    """Take out the rows that no file has any more, unless an editor has changed them."""
    untouched = [rows[key] for key in keys if key in rows and values_state(rows[key]) == loading.records[key].state]
    Synonym.objects.filter(pk__in=[row.pk for row in untouched]).delete()
    loading.counts["removed"] += len(untouched)
    loading.forget(keys)


def _create(loading: Loading, entries: Iterable[Entry]) -> None:
    """Put in many rows at once. A phrase that stands in an editor's row already is not said twice."""
    taken = {(row.language, phrase) for row in Synonym.objects.all() for phrase in row.row.sources}
    rows: dict[str, Synonym] = {}
    by_key: dict[str, Entry] = {}
    for entry in entries:
        if any((entry.data["language"], phrase) in taken for phrase in entry.data["sources"]):
            loading.leave(entry, "another row has a phrase of it")
            continue
        rows[entry.key], by_key[entry.key] = _filled(entry), entry
    for row in Synonym.objects.bulk_create(rows.values(), batch_size=200):
        loading.remember(row.key, by_key[row.key].source, values_state(row))
    loading.counts["created"] += len(rows)


def _filled(entry: Entry, row: Synonym | None = None) -> Synonym:
    row = row or Synonym(key=entry.key)
    row.phrases = "\n".join(entry.data["sources"])
    row.targets = "\n".join(entry.data["targets"])
    row.kind, row.language, row.note = entry.data["kind"], entry.data["language"], entry.data["note"]
    # Keys are told apart above; asking the database for each row would take longer than all the rest.
    validate(entry, row, exclude=["key"])
    return row


def _save(row: Synonym) -> Synonym:
    row.save()
    return row
