"""Print the lower bound of every runtime and test dependency as a pip constraint (`name==version`).

Lives here: reading them from pyproject.toml. Not here: installing them (.ci/run does).
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)>=([0-9][0-9A-Za-z.]*)$")


def main() -> int:
    """Print the constraints; refuse a dependency without a plain lower bound."""
    file = Path(__file__).resolve().parents[1] / "pyproject.toml"
    project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
    wrong = []
    for requirement in project["dependencies"] + project["optional-dependencies"]["test"]:
        match = REQUIREMENT.match(requirement)
        if match is None:
            wrong.append(requirement)
        else:
            print(f"{match[1]}=={match[2]}")
    for requirement in wrong:
        print(f"pyproject.toml: {requirement!r} is not `name>=version`", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
