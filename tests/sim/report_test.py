# SPDX-License-Identifier: Apache-2.0
"""argentum-sim from outside: its report read as other programs read it, and many seeds at a time."""

import json
import os
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
BINARY = os.environ.get("ARGENTUM_SIM", os.path.join(REPOSITORY, "build", "release", "bin", "argentum-sim"))
HTML = "{http://www.w3.org/1999/xhtml}"

SCENARIO = """
[run]
description = "</p><script src='http://example.org/'>&amp; \\"\\u0001 é"
until = "10s"
[[node]]
name = "root"
kind = "root"
[[node]]
name = "mid"
kind = "intermediate"
count = 2
upstreams = ["root"]
[[node]]
name = "proxy"
kind = "proxy"
count = 2
upstreams = ["mid"]
replicas = ["mid"]
[faults]
kill = "2s"
"""


def simulate(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, check=False)


class ReportTest(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)
        self.scenario = os.path.join(self.dir.name, "hostile.toml")
        with open(self.scenario, "w", encoding="utf-8") as file:
            file.write(SCENARIO)

    def report(self):
        out = os.path.join(self.dir.name, "a", "b")
        done = simulate("run", self.scenario, "--seed", "5", "--report", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")  # no progress where nobody looks
        with open(os.path.join(out, "report.html"), encoding="utf-8") as file:
            page = file.read()
        with open(os.path.join(out, "report.json"), encoding="utf-8") as file:
            return done.stdout, page, json.load(file)

    def test_the_page_is_well_formed_and_complete(self):
        _, text, numbers = self.report()
        page = xml.etree.ElementTree.fromstring(text)
        titles = [each.text for each in page.iter(HTML + "h2")]
        for title in ("Propagation by depth", "Lag in entries", "Lag in seconds", "Hit rate of proxies",
                      "Disk of a node", "Traffic by kind of link", "The tree at the end"):
            self.assertIn(title, titles)
        self.assertGreaterEqual(len(list(page.iter(HTML + "svg"))), 7)
        tables = list(page.iter(HTML + "table"))
        self.assertGreaterEqual(len(tables), 7)
        self.assertTrue(all(table.find(f"{HTML}tbody/{HTML}tr") is not None for table in tables))
        self.assertIn(numbers["run"]["trace_hash"], text)

    def test_the_page_needs_nothing_else(self):
        _, text, _ = self.report()
        page = xml.etree.ElementTree.fromstring(text)
        names = {each.tag.removeprefix(HTML) for each in page.iter()}
        self.assertFalse(names & {"script", "link", "img", "iframe", "object", "image", "use", "a"})
        for each in page.iter():
            self.assertFalse({"src", "href", "onload", "onclick"} & set(each.attrib), each.tag)
        self.assertNotRegex(page.find(f".//{HTML}style").text, r"url\(|@import")

    def test_text_and_json_agree(self):
        out, _, numbers = self.report()
        self.assertIn(f"{numbers['run']['entries']:,} entries", out)
        self.assertIn(f"{numbers['run']['answers']['judged']:,} judged", out)
        self.assertIn(numbers["run"]["trace_hash"], out)
        self.assertIn(numbers["run"]["replay"], f"argentum-sim replay {self.scenario} --seed 5")
        self.assertEqual([row["depth"] for row in numbers["propagation"]], [1, 2])

    def test_a_directory_that_takes_no_files_is_an_error(self):
        done = simulate("run", self.scenario, "--report", self.scenario)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_jobs_change_nothing_but_the_time(self):
        def lines(jobs):
            done = simulate("run", self.scenario, "--seeds", "3..12", "--jobs", jobs)
            self.assertEqual(done.returncode, 0, done.stderr)
            return [re.sub(r"in [\d.]+ s( \(\d+ x\))?", "", line) for line in done.stdout.splitlines()]
        one = lines("1")
        self.assertEqual(one, lines("3"))
        self.assertEqual(len(one), 11)
        self.assertTrue(one[-1].startswith("10 of 10 seeds clean: "))

    def test_the_first_broken_seed_ends_it(self):
        with open(self.scenario, "a", encoding="utf-8") as file:
            file.write('[[event]]\nat = "5s"\ndo = "read"\nnode = "mid-1"\nkey = "none"\nvalue = "some"\n')
        done = simulate("run", self.scenario, "--seeds", "3..12", "--jobs", "3")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("BROKEN: script", done.stdout)
        self.assertIn(f"again: argentum-sim replay {self.scenario} --seed 3", done.stdout)
        self.assertIn("0 of 10 seeds clean", done.stdout.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()
