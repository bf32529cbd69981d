""".env.example explains exactly the variables that the settings read."""

import ast
import re

from scripts.check_repository import ROOT


def names_read(source: str) -> set[str]:
    """The first argument of every `env.type("NAME", …)` and `env("NAME", …)`."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args)
    names = set()
    for call in calls:
        reader = call.func.value if isinstance(call.func, ast.Attribute) else call.func
        name = call.args[0].value if isinstance(call.args[0], ast.Constant) else ""
        if isinstance(reader, ast.Name) and reader.id == "env" and name.isupper():
            names.add(name)
    return names


def names_explained(example: str) -> set[str]:
    """`NAME=…` and `# NAME=…`."""
    return set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE))


def test_example_names_what_the_settings_read():
    read = names_read((ROOT / "portal/settings.py").read_text())
    explained = names_explained((ROOT / ".env.example").read_text())

    assert read, "no variable was found in portal/settings.py: does this test still know how they are read?"
    assert explained - read == set(), "explained, but read by nobody"
    assert read - explained == set(), "read, but not explained"


def test_names_are_found_as_they_are_written():
    assert names_read('A = env.bool("DEBUG", default=False)\nB = env("KEY")\nenv.read_env("file")') == {"DEBUG", "KEY"}
    assert names_explained("# Words about A=b\n# DEBUG=false\nKEY=\n") == {"DEBUG", "KEY"}
