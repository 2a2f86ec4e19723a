# SPDX-License-Identifier: Apache-2.0
"""tools/load: the readers alone, and the whole against a real Redis server (redis-tools brings its binary along
as redis-check-rdb, which is the server when called by that name)."""

import io
import json
import os
import pty
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(REPOSITORY, "tools"))
from argentum_tools import loader, records, resp  # noqa: E402

LOAD = os.path.join(REPOSITORY, "tools", "load")


def read(data, form="auto"):
    return list(records.line_records(io.BytesIO(data), form))


class RecordsTest(unittest.TestCase):
    def test_tab_lines_keep_every_byte_but_the_newline(self):
        self.assertEqual(read(b"a\t1\tx\r\n\nb\t\n\xff\0\t\xfe"),
                         [(1, b"a", b"1\tx\r"), (3, b"b", b""), (4, b"\xff\0", b"\xfe")])

    def test_json_lines(self):
        self.assertEqual(read(b'{"key":"k","value":"\\u00e9\\n"}\n'), [(1, b"k", "é\n".encode())])

    def test_what_is_no_record_is_named_with_its_line(self):
        for line in (b'{"key":"k"}', b'{"key":"k","value":1}', b'{"key":', b'{"key":"\\ud800","value":""}', b"[]",
                     b"[" * 100_000):
            (number, reason), = read(line, "json")
            self.assertEqual((number, type(reason)), (1, str))
        self.assertEqual(read(b"no tab\n\tno key\n")[0], (1, "no tab between key and value"))
        self.assertEqual(read(b"no tab\n\tno key\n")[1], (2, "empty key"))
        self.assertIn("longer than 4096", read(b"k" * 4097 + b"\tv")[0][1])

    def test_a_line_without_end_is_skipped_in_pieces(self):
        self.assertEqual(list(records.lines(io.BytesIO(b"x" * 25 + b"\nab\n" + b"y" * 10 + b"\n"), 10)),
                         [(1, None), (2, b"ab"), (3, b"y" * 10)])

    def test_stanzas(self):
        text = b"Package: a\nTag: x,\n y\n .\n\n\nbad\nPackage: b\n\nVersion: 1\n"
        result = list(records.debian_records(io.BytesIO(text)))
        self.assertEqual(result[0][:2], (1, b"a"))
        self.assertEqual(json.loads(result[0][2]), {"Package": "a", "Tag": "x,\ny\n."})
        self.assertEqual(result[1], (7, "neither a field nor the continuation of one"))
        self.assertEqual(result[2][:2], (8, b"b"))
        self.assertEqual(result[3], (10, "stanza without a Package field"))


class BarTest(unittest.TestCase):
    def test_share_rate_and_time_left(self):
        self.assertEqual(loader.Bar(None, 200, lambda: 50).text(1000, 2),
                         "[######..................]  25%  1,000 records, 500/s, 6 s left")
        self.assertEqual(loader.Bar(None, 0, None).text(1000, 2), "1,000 records, 500/s")


class LoadTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.mkdtemp(prefix="argentum-load-")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            cls.port = probe.getsockname()[1]
        cls.server = subprocess.Popen(["redis-server", "--port", str(cls.port), "--save", "", "--dir", cls.dir,
                                       "--daemonize", "no"], executable="/usr/bin/redis-check-rdb",
                                      stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        while b"Ready to accept" not in (line := cls.server.stdout.readline()):
            assert line, "redis-server ended"

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()
        cls.server.communicate()
        shutil.rmtree(cls.dir)

    def setUp(self):
        self.redis = resp.Connection("127.0.0.1", self.port)
        self.addCleanup(self.redis.close)
        self.redis.command("FLUSHALL")
        self.redis.command("CONFIG", "SET", "maxmemory", "0")

    def load(self, data, *arguments):
        return subprocess.run([LOAD, "--port", str(self.port), *arguments], input=data, check=False,
                              capture_output=True, timeout=120)

    def test_a_long_stream_through_the_pipeline(self):
        data = b"".join(b"key-%d\t%s\n" % (i, b"v" * (i % 1500)) for i in range(10_000))
        result = self.load(data, "-")
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertRegex(result.stdout.decode(), r"^10,000 records, .* bytes in .* 0 rejected\n$")
        self.assertEqual(self.redis.command("DBSIZE"), 10_000)
        self.assertEqual(self.redis.command("GET", "key-9999"), b"v" * (9999 % 1500))

    def test_values_of_16_mib(self):
        data = b"".join(b"big-%d\t%s\n" % (i, b"x" * (16 << 20)) for i in range(3))
        self.assertEqual(self.load(data).returncode, 0)
        self.assertEqual(self.redis.command("STRLEN", "big-2"), 16 << 20)

    def test_rejected_records_are_named_and_the_others_stored(self):
        result = self.load(b"a\t1\nnothing\nb\t2\n")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr, b"line 2: no tab between key and value\n")
        self.assertEqual(self.redis.command("DBSIZE"), 2)
        self.redis.command("CONFIG", "SET", "maxmemory", "1")
        result = self.load(b"a\t1\nb\t2\n")
        self.assertRegex(result.stderr.decode(), r"^line 1: OOM .*\nline 2: OOM .*\n$")
        self.assertIn(b"0 records, 0 bytes", result.stdout)

    def test_file_instance_and_wrong_arguments(self):
        path = os.path.join(self.dir, "input.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            file.write('{"key":"j","value":"1"}\n')
        self.assertEqual(self.load(b"", "--file", path, "--instance", "3").returncode, 0)
        self.redis.command("SELECT", 3)
        self.assertEqual(self.redis.command("GET", "j"), b"1")
        self.assertEqual(self.load(b"", path).returncode, 0)
        for arguments, text in ((["/nowhere"], b"load: /nowhere: No such file"), (["--debian", "x"], b"no FILE"),
                                (["--instance", "x"], b"load: ERR"),
                                ([path, "--port", "1"], b"Connection refused")):
            result = self.load(b"", *arguments)
            self.assertNotEqual(result.returncode, 0)
            self.assertIn(text, result.stderr.splitlines()[-1])

    def test_a_node_that_takes_no_writes_ends_the_load(self):
        self.redis.command("REPLICAOF", "127.0.0.1", "1")
        self.addCleanup(lambda: self.redis.command("REPLICAOF", "NO", "ONE"))
        result = self.load(b"a\t1\n" * 5000)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr.decode(), r"^load: the node takes no writes: READONLY .*\n$")

    def test_a_progress_bar_on_a_terminal_only(self):
        ours, theirs = pty.openpty()
        path = os.path.join(self.dir, "bar.tsv")
        with open(path, "wb") as file:
            file.write(b"k\tv\n" * 5000)
        subprocess.run([LOAD, path, "--port", str(self.port)], check=True, stdout=subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        shown = os.read(ours, 1 << 16).decode()
        os.close(ours)
        self.assertRegex(shown, r"\r\[[#.]{24}\] +\d+%  .* records, .*/s, .* s left")


if __name__ == "__main__":
    unittest.main()
