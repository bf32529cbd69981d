"""Who may do what in the admin: one table, added to Wagtail's own groups.

Wagtail's migrations give both groups the admin, pages from the root down, images and documents. The table adds what is
ours. Rights are only ever added, and a row is applied once: what an administrator takes away stays away until the row
changes. What people may do with data about clients is not an admin matter and not here.
"""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from portal.base.loading import Entry, Loading

EDITORS, MODERATORS = "Editors", "Moderators"

WRITE = ("add", "change", "view")
DELETE = ("delete",)
# Wagtail asks for these where a record has drafts, and for locks where it can be locked.
PUBLISH = ("publish",)
LOCK = ("lock", "unlock")

# Group → what → the kinds of permission it gets.
RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    EDITORS: {
        "directory.service": WRITE,
        "directory.organisation": WRITE,
        "directory.place": WRITE,
        "directory.term": ("view",),
        "directory.partnershipitem": ("view", "change"),
        "directory.factreport": ("view", "change"),
        "cards.helpcontact": WRITE,
        "cards.lawreference": WRITE,
        "search.synonym": WRITE,
        "search.deadend": ("view", "change"),
    },
    MODERATORS: {
        "directory.service": (*WRITE, *DELETE, *PUBLISH, *LOCK),
        "directory.organisation": (*WRITE, *DELETE, *PUBLISH, *LOCK),
        "directory.place": (*WRITE, *DELETE),
        "directory.term": (*WRITE, *DELETE),
        # To delete an item is to delete what every area has answered to it.
        "directory.partnershipitem": WRITE,
        "directory.factreport": ("view", "change", "delete"),
        "cards.helpcontact": (*WRITE, *DELETE, *PUBLISH),
        "cards.lawreference": (*WRITE, *DELETE, *PUBLISH),
        "search.synonym": (*WRITE, *DELETE),
        "search.deadend": ("view", "change"),
        "wagtailcore.page": ("bulk_delete",),
    },
}


def load_roles(loading: Loading) -> None:
    """Give the groups what the table says, where the table is new or has changed."""
    for name, rights in RIGHTS.items():
        entry = Entry(f"content/roles#{name}", rights)
        if loading.is_settled(entry):
            loading.counts["unchanged"] += 1
            continue
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*(_permission(entry, model, verb) for model, verbs in rights.items() for verb in verbs))
        loading.counts["updated" if entry.key in loading.records else "created"] += 1
        loading.remember(entry.key, entry.source, "")


def _permission(entry: Entry, model: str, verb: str) -> Permission:
    app, name = model.split(".")
    found = Permission.objects.filter(Q(content_type__app_label=app), codename=f"{verb}_{name}").first()
    if found is None:
        raise entry.fault(f"there is no permission {app}.{verb}_{name}; `manage.py migrate` makes it")
    return found
