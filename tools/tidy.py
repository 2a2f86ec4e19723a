#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the repository against the hard rules of CONTRIBUTING.md; run by ctest. Prints `file:line: rule: text`
for each finding; exit code 1 if there is one."""

import os
import sys

from argentum_tools import sources, tidy_includes, tidy_text

RULES = tidy_text.RULES | tidy_includes.RULES
FOLDERS_WITH_README = ("actors", "apps", "messages", "storage", "tests", "tools")


def findings(repository):
    """(path, line number, rule, text) in the order of the paths."""
    for source in repository.files.values():
        for rule, check in RULES.items():
            for number, text in check(source, repository):
                yield source.path, number, rule, text
    for folder in FOLDERS_WITH_README:
        has_files = any(path.startswith(folder + "/") for path in repository.files)
        if has_files and f"{folder}/README.md" not in repository.files:
            yield folder, 1, "readme", "a folder of the first level needs a README.md"


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    count = 0
    for count, (path, number, rule, text) in enumerate(findings(sources.Repository.read(root)), 1):
        print(f"{path}:{number}: {rule}: {text}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
