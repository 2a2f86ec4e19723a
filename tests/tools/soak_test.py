# SPDX-License-Identifier: Apache-2.0
"""tools/soak with a stand-in for argentum-sim that fails for even seeds."""

import os
import subprocess
import sys
import tempfile
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
SOAK = os.path.join(REPOSITORY, "tools", "soak")

STAND_IN = f"""#!{sys.executable}
import sys
import os, signal
name, store, seed = sys.argv[2], sys.argv[4], int(sys.argv[6])
if name == "crashes":
    os.kill(os.getpid(), signal.SIGABRT)
if name == "unknown":
    print("unknown: cannot be read", file=sys.stderr)
    sys.exit(2)
print(name, store, "seed", seed, "BROKEN" if seed % 2 == 0 else "clean")
sys.exit(1 if seed % 2 == 0 else 0)
"""


class SoakTest(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)
        self.binary = os.path.join(self.dir.name, "sim")
        self.kept = os.path.join(self.dir.name, "kept")
        with open(self.binary, "w", encoding="utf-8") as file:
            file.write(STAND_IN)
        os.chmod(self.binary, 0o755)

    def soak(self, *arguments):
        return subprocess.run([sys.executable, "-B", SOAK, *arguments, "--minutes", "0.02", "--binary", self.binary,
                               "--keep", self.kept], capture_output=True, text=True, check=False)

    def test_failing_seeds_are_kept_and_clean_ones_are_not(self):
        done = self.soak("a", "b")
        with open(self.kept, encoding="utf-8") as file:
            lines = file.read().splitlines()
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{len(lines)} failed", done.stdout.splitlines()[-1])
        self.assertTrue(all(line.endswith("BROKEN") for line in lines))
        self.assertEqual({line.split()[0] for line in lines}, {"a", "b"})
        self.assertEqual({line.split()[1] for line in lines}, {"memory"})

    def test_a_seed_that_kills_the_simulation_is_kept(self):
        done = self.soak("crashes", "--store", "rocks")
        self.assertEqual(done.returncode, 1)
        with open(self.kept, encoding="utf-8") as file:
            self.assertRegex(file.readline(), r"run crashes --store rocks --seed \d+: ended by signal 6")

    def test_a_simulation_that_cannot_run_is_an_error(self):
        done = self.soak("unknown")
        self.assertEqual(done.returncode, 2)
        self.assertIn("unknown: cannot be read", done.stderr)


if __name__ == "__main__":
    unittest.main()
