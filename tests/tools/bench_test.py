# SPDX-License-Identifier: Apache-2.0
"""argentum-bench: every benchmark runs on tiny data and reports what it should; wrong flags; nothing is left
behind. How fast anything is, is not judged here."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
BINARY = os.environ.get("ARGENTUM_BENCH", os.path.join(REPOSITORY, "build", "release", "bin", "argentum-bench"))
TINY = ("--keys", "500", "--value", "40", "--connections", "4", "--rounds", "1", "--seconds", "0.05",
        "--entries", "2000", "--clients", "20", "--rate", "1000", "--pipeline", "1,4")


def processes_in(directory):
    """Command lines of processes that name the directory."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                found.append(file.read())
        except OSError:
            pass
    return [words for words in found if directory.encode() in words and b"argentum-bench\0" not in words]


class BenchTest(unittest.TestCase):
    def setUp(self):
        self.dir = os.path.realpath(tempfile.mkdtemp(prefix="bench-test-"))
        self.addCleanup(shutil.rmtree, self.dir)

    def start(self, *arguments):
        return subprocess.Popen([BINARY, "--dir", self.dir, *arguments], text=True, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run_bench(self, *arguments):
        process = self.start(*arguments)
        out, err = process.communicate(timeout=250)
        return process.returncode, out, err

    def test_all_of_them_on_tiny_data(self):
        path = os.path.join(self.dir, "figures.json")
        code, out, err = self.run_bench("all", *TINY, "--json", path)
        self.assertEqual(code, 0, err)
        with open(path, encoding="utf-8") as file:
            result = json.load(file)
        self.assertIn("argentum-bench --dir", result["command"])
        self.assertGreater(result["seconds"], 0)
        self.assertEqual(set(result["load_average"]), {"before", "after"})
        figures = {figure["name"]: figure for figure in result["figures"]}
        self.assertEqual({name.split(":")[0] for name in figures},
                         {"view", "get", "set", "propagate", "catch-up", "bootstrap", "idle", "abuse", "proxy",
                          "evict", "admission"})
        for name, figure in figures.items():
            self.assertIn(name, out)
            self.assertIsInstance(figure["value"], (int, float), name)
            if "peer" in figure:
                self.assertAlmostEqual(figure["ratio"], figure["value"] / figure["peer"]["value"], msg=name)
            if "bar" in figure:
                self.assertIn("passed", figure["bar"], name)
        hit = figures["get: hit, pipeline 4"]
        self.assertEqual(hit["bar"], {"of": "ratio", "at_least": 1, "passed": hit["ratio"] >= 1})
        self.assertEqual(set(hit["latency"]), {"p50_us", "p99_us", "p999_us"})
        self.assertEqual(hit["peer"]["name"], "redis")
        negatives, = (figure for name, figure in figures.items() if name.startswith("proxy: lookups for"))
        self.assertEqual(negatives["value"], 0, "negatives must not leave the proxy")
        self.assertEqual(result["notes"], [], "a run that measured something else than it says")
        self.assertEqual(os.listdir(self.dir), ["figures.json"])
        self.assertEqual(processes_in(self.dir), [])

    def test_an_interrupted_run_leaves_nothing(self):
        process = self.start("get", "--keys", "500", "--rounds", "1000")
        while "hit" not in (line := process.stderr.readline()):
            self.assertTrue(line, "it ended by itself")
        self.assertNotEqual(processes_in(self.dir), [])
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 128 + signal.SIGINT)
        self.assertIn("interrupted", err)
        self.assertEqual(os.listdir(self.dir), [])
        self.assertEqual(processes_in(self.dir), [])

    def test_wrong_arguments_get_one_clear_line(self):
        for arguments, code, text in (((), 2, "subcommand"), (("get", "--bogus"), 2, "--bogus"),
                                      (("get", "--keys", "none"), 2, "--keys"),
                                      (("get", "--rounds", "0"), 2, "--rounds"),
                                      (("idle", "--keys", "5"), 2, "--keys"), (("fly",), 2, "subcommand"),
                                      (("idle", "--node", "/nowhere"), 1, "no argentum-node at /nowhere"),
                                      (("idle", "--json", "/nowhere/x"), 1, "cannot write /nowhere/x"),
                                      (("idle", "--dir", "/nowhere"), 1, "cannot make a directory in /nowhere")):
            with self.subTest(arguments):
                result = subprocess.run([BINARY, *arguments], capture_output=True, text=True, check=False)
                self.assertEqual(result.returncode, code, result.stderr)
                line, = result.stderr.splitlines()
                self.assertRegex(line, "^argentum-bench: ")
                self.assertIn(text, line)


if __name__ == "__main__":
    unittest.main()
