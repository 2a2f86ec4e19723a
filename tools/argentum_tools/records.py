# SPDX-License-Identifier: Apache-2.0
"""Readers of input: each yields (line number, key, value), or (line number, reason) for what can't be a record.

Memory stays bounded whatever the input holds: a line longer than the longest possible record is skipped in
pieces and reported.
"""

import itertools
import json

KEY_BYTES_MAX = 4 * 1024
VALUE_BYTES_MAX = 16 * 1024 * 1024
# JSON may write a byte as \\u00XX, six bytes.
LINE_BYTES_MAX = 6 * (KEY_BYTES_MAX + VALUE_BYTES_MAX) + 64


def lines(stream, bytes_max=LINE_BYTES_MAX):
    """(number, line without its newline, or None if it is too long)."""
    for number in itertools.count(1):
        line = stream.readline(bytes_max + 1)
        if not line:
            return
        if len(line) > bytes_max and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(bytes_max)
            yield number, None
        else:
            yield number, line.removesuffix(b"\n")


def checked(number, key, value):
    if len(key) > KEY_BYTES_MAX:
        return number, f"key of {len(key)} bytes is longer than {KEY_BYTES_MAX}"
    if len(value) > VALUE_BYTES_MAX:
        return number, f"value of {len(value)} bytes is longer than {VALUE_BYTES_MAX}"
    return number, key, value


def tab_record(number, line):
    key, tab, value = line.partition(b"\t")
    if not tab:
        return number, "no tab between key and value"
    if not key:
        return number, "empty key"
    return checked(number, key, value)


def json_record(number, line):
    try:
        record = json.loads(line)
        key, value = record["key"], record["value"]
        if not isinstance(key, str) or not isinstance(value, str):
            return number, "key and value must be JSON strings"
        return checked(number, key.encode(), value.encode())
    except KeyError as error:
        return number, f"member {error} is missing"
    except (ValueError, TypeError, RecursionError) as error:
        return number, f"not a JSON object of key and value: {error}"


def line_records(stream, form):
    """`form`: tsv, json, or auto: json if the first line starts with '{'. Empty lines are skipped."""
    for number, line in lines(stream):
        if line is None:
            yield number, f"longer than {LINE_BYTES_MAX} bytes"
            continue
        if not line:
            continue
        if form == "auto":
            form = "json" if line.startswith(b"{") else "tsv"
        yield json_record(number, line) if form == "json" else tab_record(number, line)


def stanza_record(number, fields):
    if "Package" not in fields:
        return number, "stanza without a Package field"
    return checked(number, fields["Package"].encode(), json.dumps(fields, separators=(",", ":")).encode())


def debian_records(stream):
    """Stanzas of a Debian package index: name -> JSON of the fields. The number is that of the first line."""
    fields, begin, last = {}, 0, None
    for number, line in lines(stream):
        if line is None:
            yield number, f"longer than {LINE_BYTES_MAX} bytes"
            continue
        text = line.decode(errors="replace")
        if not text:
            if fields:
                yield stanza_record(begin, fields)
            fields, last = {}, None
        elif text[0] in " \t" and last:
            fields[last] += "\n" + text[1:]
        else:
            begin = begin if fields else number
            last, colon, value = text.partition(":")
            if not colon:
                yield number, "neither a field nor the continuation of one"
                last = None
            else:
                fields[last] = value.strip()
    if fields:
        yield stanza_record(begin, fields)
