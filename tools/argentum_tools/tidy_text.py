# SPDX-License-Identifier: Apache-2.0
"""Rules over the text of a file. Each yields (line number, what is wrong)."""

import ast
import posixpath
import re

FILE_LINES_MAX = 400
LINE_CHARACTERS_MAX = 116
FUNCTION_LINES_MAX = 70
README_LINES_MAX = 150

LICENSE = "SPDX-License-Identifier: Apache-2.0"
LICENSE_LINES = {"c++": "// ", "proto": "// ", "python": "# ", "shell": "# ", "cmake": "# ", "toml": "# "}
SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep)\s*\(|\btime\.sleep\b|^\s*sleep\s+[\d.$]")
# The helpers that wait for a condition with a deadline; they alone may let time pass.
WAIT_HELPERS = {"tests/system/support.py", "tests/support/wait_until.hpp"}
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
CLOCKS = re.compile(r"\b(system_clock|steady_clock|high_resolution_clock)::now\b|\brandom_device\b|\bthis_thread\b")
QUOTATION = re.compile(r"^```cpp (\S+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(((?!\w+:|#)[^)#\s]+)[)#]")
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$")


def license_line(source, _repository):
    if prefix := LICENSE_LINES.get(source.kind):
        number = 2 if source.lines[0].startswith("#!") else 1
        if source.lines[number - 1:number] != [prefix + LICENSE]:
            yield number, f"the line '{prefix}{LICENSE}' is missing"


def file_length(source, _repository):
    if source.kind != "text" and len(source.lines) - 1 > FILE_LINES_MAX:
        yield len(source.lines) - 1, f"more than {FILE_LINES_MAX} lines: divide it by concern"
    if source.path == "README.md" and len(source.lines) - 1 > README_LINES_MAX:
        yield len(source.lines) - 1, f"the first document has at most {README_LINES_MAX} lines"


def line_length(source, _repository):
    if source.kind == "text":
        return
    for number, line in enumerate(source.lines, 1):
        if len(line) > LINE_CHARACTERS_MAX:
            yield number, f"{len(line)} characters, at most {LINE_CHARACTERS_MAX}"


def white_space(source, _repository):
    for number, line in enumerate(source.lines, 1):
        if line != line.rstrip():
            yield number, "white space at the end of the line"
        if "\t" in line:
            yield number, "tab"
    if source.lines[-1] != "" or source.lines[-2:] == ["", ""]:
        yield len(source.lines), "the file must end with exactly one newline"


def no_sleep(source, _repository):
    if source.kind not in ("c++", "python", "shell") or source.path in WAIT_HELPERS:
        return
    if not source.path.startswith(("tests/", "messages/", "storage/", "actors/")):
        return
    for number, line in enumerate(code_lines(source), 1):
        if SLEEP.search(line):
            yield number, "sleep: wait for a condition with a deadline instead"


def no_clock(source, _repository):
    if source.kind == "c++" and source.path.startswith(("actors/", "messages/")):
        for number, line in enumerate(code_lines(source), 1):
            if CLOCKS.search(line):
                yield number, "clock, randomness or thread of its own: take it from node_env or the actor"


def finished(source, _repository):
    for number, line in enumerate(source.lines, 1):
        if UNFINISHED.search(line):
            yield number, "unfinished: do it, or write it down where plans are kept"


def pragma_once(source, _repository):
    if source.is_header and not re.match(r"\s*#pragma once\n", source.code):
        yield 1, "#pragma once must be the first line after the comment"


def code_lines(source):
    return (source.code if source.kind == "c++" else source.text).split("\n")


def cpp_functions(code):
    """(first line, last line) of each outermost block that is no namespace, type or initialiser list."""
    stack, line, begin, head = [], 1, 0, ""
    for char in code:
        if char == "\n":
            line += 1
        if char == "{":
            is_body = not SCOPE.search(head) and ")" in head
            if is_body and True not in stack:
                begin = line
            stack.append(is_body)
        elif char == "}" and stack:
            if stack.pop() and True not in stack:
                yield begin, line
        head = "" if char in "{};" else head + char


def function_length(source, _repository):
    if source.kind == "c++":
        found = cpp_functions(source.code)
    elif source.kind == "python":
        nodes = ast.walk(ast.parse(source.text))
        found = ((node.lineno, node.end_lineno) for node in nodes if isinstance(node, ast.FunctionDef))
    else:
        return
    for begin, end in found:
        if end - begin + 1 > FUNCTION_LINES_MAX:
            yield begin, f"function of {end - begin + 1} lines, at most {FUNCTION_LINES_MAX}"


def quotations(source, repository):
    """A block that opens with ```cpp PATH is quoted from that file; a line of three dots leaves something out."""
    if source.kind != "text":
        return
    for match in QUOTATION.finditer(source.text):
        number = source.text.count("\n", 0, match.start()) + 1
        quoted = repository.files.get(match[1])
        for part in match[2].split("\n...\n"):
            if quoted is None or part.strip("\n") not in quoted.text:
                yield number, f"{match[1]} does not say that (any more)"
                break


def links(source, repository):
    """Relative links of documents lead to files of the repository."""
    if source.kind != "text":
        return
    for number, line in enumerate(source.lines, 1):
        for target in LINK.findall(line):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), target))
            if path not in repository.paths:
                yield number, f"link to {target}, which is not there"


RULES = {"license": license_line, "file-length": file_length, "line-length": line_length,
         "white-space": white_space, "no-sleep": no_sleep, "no-clock": no_clock, "finished": finished,
         "pragma-once": pragma_once, "function-length": function_length, "quotation": quotations,
         "link": links}
