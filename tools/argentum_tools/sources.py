# SPDX-License-Identifier: Apache-2.0
"""The files of the repository as tools/tidy.py sees them: kind, lines, C++ text without comments and strings."""

import functools
import os
import re

SKIPPED_FOLDERS = {".git", "build", "data", "__pycache__"}
SUFFIX_KINDS = {".cpp": "c++", ".hpp": "c++", ".proto": "proto", ".py": "python", ".sh": "shell", ".cmake": "cmake",
                ".toml": "toml", ".md": "text"}

# Comment, raw string, string or character: whatever braces and words must not be looked for in.
NO_CODE = re.compile(r"""//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|'(?:\\[^'\n]*|[^'\\\n])'""",
                     re.DOTALL)
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


class Source:
    """One file; `path` is relative to the repository, with slashes."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split("\n")
        self.kind = self._kind()
        self.stem, self.suffix = os.path.splitext(path)
        self.is_header = self.suffix == ".hpp"

    def _kind(self):
        name = os.path.basename(self.path)
        if name == "CMakeLists.txt":
            return "cmake"
        if "." in name:
            return SUFFIX_KINDS.get(os.path.splitext(name)[1])
        if self.lines[0].startswith("#!"):
            return "python" if "python" in self.lines[0] else "shell"
        return None

    @functools.cached_property
    def code(self):
        """The text with comments, strings and characters blanked; line numbers stay."""
        return NO_CODE.sub(lambda match: "\n" * match[0].count("\n") or " ", self.text)

    @functools.cached_property
    def includes(self):
        """(line number, in quotes?, path) of each #include."""
        found = []
        for number, line in enumerate(self.lines, 1):
            if match := INCLUDE.match(line):
                found.append((number, match[1] == '"', match[2]))
        return found


class Repository:
    def __init__(self, files):
        """`files`: {path: text}"""
        self.files = {}
        self.paths = set(files)
        for path, text in sorted(files.items()):
            source = Source(path, text)
            if source.kind:
                self.files[path] = source

    @classmethod
    def read(cls, root):
        files = {}
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
            for name in names:
                path = os.path.join(folder, name)
                try:
                    with open(path, encoding="utf-8") as file:
                        files[os.path.relpath(path, root)] = file.read()
                except (UnicodeDecodeError, FileNotFoundError):
                    continue  # no text, or gone meanwhile
        return cls(files)

    @functools.lru_cache(maxsize=None)
    def reaches(self, path, prefix):
        """Whether the file includes <prefix...>, itself or by way of others of ours."""
        seen, left = set(), [path]
        while left:
            source = self.files.get(left.pop())
            if source is None or source.path in seen:
                continue
            seen.add(source.path)
            for _, quoted, include in source.includes:
                if not quoted and include.startswith(prefix):
                    return True
                if quoted:
                    left.append(include)
        return False
