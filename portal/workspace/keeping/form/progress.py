"""How far a service's form is: the state of each step, and what a public listing still lacks. Reads contents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from directory.choices import DATED_KINDS
from directory.models import Service
from portal.workspace.keeping.form.steps import SEND, STEPS, step_of
from portal.workspace.keeping.form.values import is_filled


@dataclass(frozen=True, slots=True)
class Lack:
    """What a public listing cannot be without, and the step where it is told."""

    field: str
    words: str
    step: str


def lacking(content: Mapping[str, Any]) -> list[Lack]:
    """What is missing before the listing can be sent."""
    found = []
    if not is_filled(content.get("title")):
        found.append(("title", _("The name")))
    if not is_filled(content.get("summary")):
        found.append(("summary", _("One sentence that tells what it is")))
    if not is_filled(content.get("how_to_join")) and not content.get("contact_ways"):
        found.append(("how_to_join", _("How to join, or a contact way")))
    if content.get("kind") in DATED_KINDS and not content.get("ends_at"):
        found.append(("ends_at", _("The day when it ends")))
    return [Lack(field, words, step_of(field)) for field, words in found]


def progress(service: Service | None, content: Mapping[str, Any], current: str) -> list[dict[str, Any]]:
    """The steps as the component step_list shows them. Of a service that is not there yet only the first is open."""
    lacks = {lack.step for lack in lacking(content)}
    steps = []
    for step in STEPS:
        is_done = step.code not in lacks and any(is_filled(content.get(name)) for name in step.fields)
        state = "current" if step.code == current else "done" if is_done else "todo"
        note = _("Something is missing") if service and step.code in lacks and step.code != current else ""
        steps.append({"label": step.label, "url": step_url(service, step.code), "state": state, "note": note})
    return steps


def step_url(service: Service | None, step: str) -> str:
    """The address of a step, or ""."""
    if service is None:
        return ""
    values = {"key": service.translation_key, "language": service.language}
    if step == SEND:
        return reverse("workspace:service_send", kwargs=values)
    return reverse("workspace:service_step", kwargs={**values, "step": step})
