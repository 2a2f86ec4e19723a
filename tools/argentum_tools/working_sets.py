# SPDX-License-Identifier: Apache-2.0
"""Working sets as dictionaries, one for each node and instance, from a node or from ClickHouse; and as text.

Their form is that of an instance in /working_set.json, with the name of the node.
"""

import http.client
import json
import math
import urllib.error
import urllib.parse
import urllib.request

from argentum_tools import reuse

TIMEOUT_SECONDS = 60
ROWS_MAX = 500_000  # of one curve: some seconds of work
HASH_MAX = 2 ** 64 - 1
BAR_WIDTH = 40


class SourceError(Exception):
    """A text for people."""


def get(address, path):
    connection = http.client.HTTPConnection(address, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode()
    except (OSError, http.client.HTTPException) as error:
        raise SourceError(f"{address}: {error}") from None
    finally:
        connection.close()
    if answer.status != 200:
        raise SourceError(f"{address}{path}: {text.strip()}")
    return json.loads(text)


def of_node(address):
    answer = get(address, "/working_set.json")
    return [{"node": answer["node"], **instance} for instance in answer["instances"]]


def key_counts(address):
    """{instance: number of keys} of a node."""
    return {each["name"]: each["keys"] for each in get(address, "/status.json")["instances"]}


class ClickHouse:
    def __init__(self, url, database, table, user, password):
        self.url = url
        self.table = f"`{database}`.`{table}`"
        self.headers = {"X-ClickHouse-User": user, **({"X-ClickHouse-Key": password} if password else {})}

    def rows(self, query):
        request = urllib.request.Request(self.url, query.encode(), self.headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                return [json.loads(line) for line in answer.read().splitlines()]
        except urllib.error.HTTPError as error:
            raise SourceError(f"{self.url}: {error.read().decode(errors='replace').strip()}") from None
        except OSError as error:
            raise SourceError(f"{self.url}: {getattr(error, 'reason', error)}") from None

    def sources(self, hours):
        """(node, instance, one_key_in) for all that have rows; keys that only a wider sample had are left out."""
        found = self.rows(f"SELECT node, instance, max(one_key_in) AS one_in, "
                          f"sum(reads) AS reads, max(at_us) - min(at_us) AS us FROM {self.table} "
                          f"WHERE at > now() - {hours * 3600} GROUP BY node, instance ORDER BY node, instance "
                          "FORMAT JSONEachRow")
        return [(each["node"], each["instance"], int(each["one_in"]), int(each["reads"]), int(each["us"]))
                for each in found]

    def where(self, node, instance, one_key_in, hours):
        def quote(text):
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return (f"WHERE node = {quote(node)} AND instance = {quote(instance)} "
                f"AND hash <= {HASH_MAX // one_key_in} AND at > now() - {hours * 3600}")

    def window(self, node, instance, one_key_in, hours):
        row, = self.rows("SELECT count() AS keys, sum(most) AS bytes, countIf(most > 0) AS known FROM "
                         f"(SELECT hash, max(bytes) AS most FROM {self.table} "
                         f"{self.where(node, instance, one_key_in, hours)} GROUP BY hash) FORMAT JSONEachRow")
        keys, size, known = int(row["keys"]), int(row["bytes"] or 0), int(row["known"])
        return {"span_s": hours * 3600, "keys": keys * one_key_in,
                "bytes": round(keys * one_key_in * size / known) if known else 0,
                "error": math.sqrt((1 - 1 / one_key_in) / keys) if keys else 0}

    def curve(self, node, instance, one_key_in, hours):
        newest = self.rows(f"SELECT hash, bytes, reads FROM {self.table} "
                           f"{self.where(node, instance, one_key_in, hours)} ORDER BY at_us DESC LIMIT {ROWS_MAX} "
                           "FORMAT JSONEachRow")
        samples = [(int(each["hash"]), each["bytes"], each["reads"]) for each in reversed(newest)]
        points = [{"cache_bytes": round(size), "hit_rate": rate}
                  for size, rate in reuse.curve(samples, one_key_in)]
        return {"samples": len(samples), "curve": points, "curve_keys": len({each[0] for each in samples})}


def spans(hours):
    """From one hour on, each twice as long, up to all: as the node does."""
    span = 1
    while span < hours:
        yield span
        span *= 2
    yield hours


def of_clickhouse(source, hours, keys_of):
    """`keys_of`: number of all keys by instance, as far as it is known."""
    return [{"node": node, "name": instance, "keys": keys_of.get(instance), "one_key_in": one_in, "reads": reads,
             "watched_s": us // 1_000_000,
             "windows": [source.window(node, instance, one_in, span) for span in spans(hours)],
             **source.curve(node, instance, one_in, hours)}
            for node, instance, one_in, reads, us in source.sources(hours)]


def size_text(count):
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


def window_line(window, keys):
    share = f"{min(window['keys'] / keys, 1):.1%}" if keys else "-"
    hours, size = window["span_s"] / 3600, size_text(window["bytes"])
    return f"  {hours:>5g} h  {window['keys']:>14,}  {share:>7}  {size:>10}  {window['error']:>5.1%}"


def text(working_set):
    """Lines for people."""
    keys = working_set.get("keys")
    yield (f"node {working_set['node']}, instance {working_set['name']}: "
           f"{'unknown number of' if keys is None else f'{keys:,}'} keys")
    if not working_set.get("windows"):
        yield "  no key in the sample was read yet"
        return
    yield (f"  {working_set['samples']:,} samples of one key in {working_set['one_key_in']:,} stand for "
           f"{working_set['reads']:,} reads in {working_set['watched_s'] / 3600:.2f} h")
    yield "     last       keys read   of all       bytes     +/-"
    for window in working_set["windows"]:
        yield window_line(window, keys)
    if working_set["curve"]:
        yield f"  hit rate by size of a least-recently-used cache, from {working_set['curve_keys']:,} keys"
    for point in working_set["curve"]:
        if math.log2(point["cache_bytes"]).is_integer() or point is working_set["curve"][-1]:
            bar = "#" * round(point["hit_rate"] * BAR_WIDTH)
            yield f"  {size_text(point['cache_bytes']):>10}  {point['hit_rate']:>6.1%}  {bar}"
