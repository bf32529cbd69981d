"""The documents name what exists: files, commands, decisions, settings; and their links lead somewhere."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from scripts.check_repository import ROOT, committed_files
from tests.architecture.sources import shown
from tests.architecture.test_env_example import names_explained

README = ROOT / "README.md"
ADRS = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
# Two documents tell of the whole house, each with a tree.
HOUSE = (README, ROOT / "docs/architecture.md")
PARTS_OF_A_DECISION = ("Date: ", "Status: ", "## Context", "## Decision", "## Consequences")
LONGEST_DECISION = 500

TREE = re.compile(r"^```tree\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# In code only: "make sure" is not a target.
TARGET = re.compile(r"(?:^|`|\s)make ([a-z-]+)\b")
COMMAND = re.compile(r"manage\.py ([a-z_]+)")


def documents() -> list[Path]:
    """Every document of ours, wherever it lies."""
    return [path for path in committed_files() if path.suffix == ".md"]


# --- What a text names ------------------------------------------------------------------------------------------------
def paths_in_trees(text: str) -> Iterator[str]:
    """The path of every line of a tree: its first word, below the folders it is indented under."""
    for tree in TREE.findall(text):
        above: list[tuple[int, str]] = []
        for line in tree.splitlines():
            name = line.strip().split(maxsplit=1)[0]
            depth = len(line) - len(line.lstrip())
            above = [(at, folder) for at, folder in above if at < depth]
            yield "".join(folder for _at, folder in above) + name
            if name.endswith("/"):
                above.append((depth, name))


def modules_beside(text: str) -> Iterator[str]:
    """Further files a tree's line tells of: `models/   service.py · parts.py`."""
    for tree in TREE.findall(text):
        folder = ""
        for line in tree.splitlines():
            name, _gap, words = line.strip().partition(" ")
            if line == line.lstrip() and name.endswith("/"):
                folder = name
            elif name.endswith("/"):
                yield from (folder + name + each for each in re.findall(r"\b[a-z_]+\.(?:py|yaml|md)\b", words))


def paths_in_code(text: str) -> Iterator[str]:
    """What stands in code marks and looks like a path in the project."""
    tops = {path.relative_to(ROOT).parts[0] for path in committed_files()}
    for word in CODE.findall(FENCE.sub("", text)):
        top, slash, _rest = word.partition("/")
        if slash and top in tops and re.fullmatch(r"[\w./-]+", word):
            yield word


def missing_paths(text: str) -> list[str]:
    """Paths that a text names and the project has not."""
    named = (*paths_in_trees(text), *modules_beside(text), *paths_in_code(text))
    return sorted({name for name in named if not exists(name)})


def exists(name: str) -> bool:
    """Whether a file is there, or a folder when the name ends with a slash."""
    path = ROOT / name
    return path.is_dir() if name.endswith("/") else path.exists()


def code_of(text: str) -> str:
    """Everything in a text that is code: blocks and marked words."""
    return "\n".join([*FENCE.findall(text), *(f"`{word}`" for word in CODE.findall(FENCE.sub("", text)))])


def unknown_targets(text: str, makefile: str) -> set[str]:
    """Words of `make` that the Makefile does not know."""
    return set(TARGET.findall(code_of(text))) - set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def unknown_commands(text: str, known: Iterable[str]) -> set[str]:
    """Commands of manage.py that there are not."""
    return set(COMMAND.findall(code_of(text))) - set(known)


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in HEADING.findall(text)}


def dead_links(path: Path, text: str) -> list[str]:
    """Links of a document that lead to no file or no heading. Links to the outside are not followed."""
    dead = []
    for target in LINK.findall(FENCE.sub("", text)):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _hash, anchor = target.partition("#")
        found = path.parent / name if name else path
        if not found.exists() or (anchor and anchor not in anchors(found.read_text())):
            dead.append(target)
    return dead


# --- The documents ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", documents(), ids=shown)
def test_named_files_exist(path: Path):
    assert missing_paths(path.read_text()) == []


@pytest.mark.parametrize("path", documents(), ids=shown)
def test_links_lead_somewhere(path: Path):
    assert dead_links(path, path.read_text()) == []


@pytest.mark.parametrize("path", documents(), ids=shown)
def test_named_commands_exist(path: Path):
    text = path.read_text()

    assert unknown_targets(text, (ROOT / "Makefile").read_text()) == set()
    assert unknown_commands(text, get_commands()) == set()


@pytest.mark.parametrize("path", HOUSE, ids=shown)
def test_the_house_has_a_tree_with_every_room(path: Path):
    named = set(paths_in_trees(path.read_text()))

    assert {"portal/", "referrals/", "search/", "cards/", "directory/"} <= named


def test_every_module_of_the_rooms_is_in_the_tree():
    """A newcomer guesses the file from the sentence: a module that the tree does not tell of cannot be guessed."""
    text = (ROOT / "docs/architecture.md").read_text()
    named = {*paths_in_trees(text), *modules_beside(text)}
    without_a_line = {"__init__.py", "apps.py", "urls.py", "wsgi.py", "tasks.py", "wagtail_hooks.py"}

    rooms_of_referrals = sorted(shown(views.parent) for views in (ROOT / "referrals").glob("*/views.py"))

    missing = [
        name
        for room in ("directory", "cards", "search", "portal", "portal/base", "referrals", *rooms_of_referrals)
        for path in sorted((ROOT / room).glob("*.py"))
        if path.name not in without_a_line and (name := shown(path)) not in named
    ]

    assert missing == []


def test_every_setting_is_documented():
    table = (ROOT / "docs/development.md").read_text()

    missing = {name for name in names_explained((ROOT / ".env.example").read_text()) if f"| `{name}` |" not in table}

    assert missing == set()


def test_every_make_target_is_documented():
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert targets - set(TARGET.findall((ROOT / "docs/development.md").read_text())) == set()


# --- Decisions --------------------------------------------------------------------------------------------------------
def test_decisions_are_numbered_without_a_gap():
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("path", ADRS, ids=shown)
def test_a_decision_has_its_parts_on_one_page(path: Path):
    text = path.read_text()

    assert text.startswith(f"# {path.name[:4]} ")
    assert [part for part in PARTS_OF_A_DECISION if part not in text] == []
    assert len(text.split()) <= LONGEST_DECISION


@pytest.mark.parametrize("path", ADRS, ids=shown)
def test_a_decision_is_linked(path: Path):
    assert f"({path.name})" in (ROOT / "docs/adr/README.md").read_text()
    assert f"(adr/{path.name})" in (ROOT / "docs/architecture.md").read_text()


def test_decisions_that_the_source_names_exist():
    numbers = {path.name[:4] for path in ADRS}
    sources = (path for path in committed_files() if path.suffix in {".py", ".toml", ".html", ".css", ".js"})

    named = {number for path in sources for number in re.findall(r"docs/adr/(\d{4})", path.read_text())}

    assert named - numbers == set()


# --- Bad documents are seen -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "```tree\ndirectory/\n  no_such_module.py   rules\n```\n",
        "```tree\nno_such_room/   nothing\n```\n",
        "```tree\ndirectory/\n  models/   service.py · no_such_part.py\n```\n",
        "See `directory/no_such_module.py`.",
        "See `docs/no-such-folder/`.",
    ],
)
def test_a_missing_file_is_seen(text: str):
    assert missing_paths(text)


@pytest.mark.parametrize(
    "text",
    [
        "```tree\ndirectory/\n  models/   service.py · parts.py\n  filters.py   a value\nsearch/\n```\n",
        "`/api/v1/search`, `and/or`, `GET /x`, `directory/models/`, `{% include … %}`, `manage.py`",
    ],
)
def test_what_exists_passes(text: str):
    assert missing_paths(text) == []


def test_unknown_words_are_seen():
    assert unknown_targets("`make run`, `make sandwich`; make sure", "run: x\n") == {"sandwich"}
    assert unknown_commands("```sh\nmanage.py migrate\nmanage.py fly --high\n```\n", ["migrate"]) == {"fly"}


def test_a_dead_link_is_seen(tmp_path: Path):
    path = tmp_path / "page.md"
    path.write_text(
        "[a](page.md) [b](none.md) [c](#it-is-here) [d](page.md#nowhere) [e](https://example.org/)\n## It is: here\n"
    )

    assert dead_links(path, path.read_text()) == ["none.md", "page.md#nowhere"]
