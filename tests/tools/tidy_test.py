# SPDX-License-Identifier: Apache-2.0
"""tools/tidy.py: each rule finds what it is for, and leaves alone what looks like it."""

import os
import sys
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(REPOSITORY, "tools"))
import tidy  # noqa: E402
from argentum_tools import sources  # noqa: E402

SLASHES = "// SPDX-License-Identifier: Apache-2.0\n"
HASH = "# SPDX-License-Identifier: Apache-2.0\n"
HEADER = SLASHES + "#pragma once\n"
NAP = "std::this_thread::sle" + "ep_for(1s);\n"


def found(files, folders=False):
    """[(path, line, rule)]; missing README files of the small example are left out."""
    every = tidy.findings(sources.Repository(files))
    return [(path, number, rule) for path, number, rule, _ in every if folders or rule != "readme"]


class TextTest(unittest.TestCase):
    def test_a_clean_file_of_each_kind(self):
        self.assertEqual(found({"messages/a.hpp": HEADER, "messages/a.cpp": SLASHES + '#include "messages/a.hpp"\n',
                                "tools/x": "#!/usr/bin/env bash\n" + HASH, "tools/y.py": HASH, "README.md": "# A\n",
                                "CMakeLists.txt": HASH, "messages/wire/a.proto": SLASHES, "LICENSE": "text"}), [])

    def test_license(self):
        for path, text in (("storage/a.cpp", "// x\n"), ("tools/x", "#!/usr/bin/python3\nimport os\n"),
                           ("apps/CMakeLists.txt", "project(x)\n"), ("tests/a.toml", "a = 1\n"),
                           ("messages/wire/a.proto", "syntax\n")):
            self.assertEqual([rule for _, _, rule in found({path: text})], ["license"], path)

    def test_lengths(self):
        self.assertEqual(found({"apps/net/a.cpp": SLASHES + "\n" * 400})[0][1:], (401, "file-length"))
        self.assertEqual(found({"apps/net/a.cpp": SLASHES + "//\n" * 399}), [])
        self.assertEqual(found({"apps/net/a.cpp": SLASHES + "x" * 117 + "\n"})[0][1:], (2, "line-length"))
        self.assertEqual(found({"apps/net/a.cpp": SLASHES + "é" * 116 + "\n"}), [])
        self.assertEqual(found({"README.md": "x\n" * 151})[0][2], "file-length")

    def test_white_space(self):
        for text in ("x \n", "\tx\n", "x", "x\n\n"):
            self.assertEqual(found({"tools/a.sh": HASH + text})[0][2], "white-space", repr(text))

    def test_sleeps_in_tests(self):
        self.assertEqual(found({"tests/a.cpp": SLASHES + NAP, "apps/sim/a.cpp": SLASHES + NAP}),
                         [("tests/a.cpp", 2, "no-sleep")])
        self.assertEqual(found({"tests/a.sh": HASH + "sle" "ep 0.1\n"}), [("tests/a.sh", 2, "no-sleep")])
        self.assertEqual(found({"tests/system/support.py": HASH + "time.sle" "ep(1)\n"}), [])
        self.assertEqual(found({"tests/a.cpp": SLASHES + "// " + NAP}), [])

    def test_clocks_of_actors(self):
        self.assertEqual(found({"actors/a.cpp": SLASHES + "auto t = steady_clock::now();\n"})[0][2], "no-clock")
        self.assertEqual(found({"apps/a.cpp": SLASHES + "auto t = steady_clock::now();\n"}), [])

    def test_unfinished(self):
        self.assertEqual(found({"apps/a.cpp": SLASHES + "// TO" + "DO later\n"})[0][2], "finished")

    def test_pragma_once(self):
        self.assertEqual(found({"apps/a.hpp": SLASHES + "// why\n\nint x;\n"})[0][2], "pragma-once")

    def test_function_length_ignores_scopes_strings_and_comments(self):
        body = "  x = '{'; // {\n" * 70
        scopes = "namespace a {\nclass b : c {\nint d() const {\n%s}\n};\n}\n"
        self.assertEqual(found({"apps/a.cpp": SLASHES + scopes % body}), [("apps/a.cpp", 4, "function-length")])
        self.assertEqual(found({"apps/a.cpp": SLASHES + scopes % body[16 * 2:]}), [])
        table = "const row rows[] = {\n" + "  {1, 2},\n" * 100 + "};\n"
        self.assertEqual(found({"apps/a.cpp": SLASHES + table}), [])
        self.assertEqual(found({"tools/a.py": HASH + "def f():\n" + "    x = 1\n" * 70}),
                         [("tools/a.py", 2, "function-length")])

    def test_quotations(self):
        code = SLASHES + "int a;\n\nint b;\nint c;\n"
        quote = "# A\n```cpp apps/a.cpp\n%s\n```\n"
        self.assertEqual(found({"apps/a.cpp": code, "X.md": quote % "int a;\n...\nint c;"}), [])
        self.assertEqual(found({"apps/a.cpp": code, "X.md": quote % "int a;\nint b;"}), [("X.md", 2, "quotation")])
        self.assertEqual(found({"X.md": quote % "int a;"}), [("X.md", 2, "quotation")])

    def test_links(self):
        text = "[a](../X.md) [b](https://x.org/y) [c](#here) [d](Z.md#there)\n[e](Y.md)\n"
        self.assertEqual(found({"apps/README.md": text, "X.md": "x\n", "apps/Z.md": "z\n"}),
                         [("apps/README.md", 2, "link")])

    def test_folders_have_a_readme(self):
        self.assertEqual(found({"apps/net/a.cpp": SLASHES}, folders=True), [("apps", 1, "readme")])


class IncludeTest(unittest.TestCase):
    MESSAGES = {"messages/types.hpp": HEADER, "messages/error.hpp": HEADER + "#include <caf/error.hpp>\n",
                "messages/ports.hpp": HEADER + '#include "messages/error.hpp"\n#include <caf/typed_actor.hpp>\n',
                "messages/wire/codec.hpp": HEADER}

    def rules(self, path, *includes, **more):
        text = (HEADER if path.endswith("hpp") else SLASHES) + "".join(f"#include {name}\n" for name in includes)
        return sorted({rule for where, _, rule in found(self.MESSAGES | more.get("files", {}) | {path: text})
                       if where == path})

    def test_arrows_point_down(self):
        direction = ["include-direction"]
        files = {"storage/store.hpp": HEADER, "actors/a.hpp": HEADER, "apps/net/a.hpp": HEADER,
                 "apps/sim/a.hpp": HEADER, "apps/node/a.hpp": HEADER, "apps/config/a.hpp": HEADER,
                 "tests/support/a.hpp": HEADER}
        for path, include in (("messages/a.cpp", '"storage/store.hpp"'), ("storage/a.cpp", '"actors/a.hpp"'),
                              ("storage/a.cpp", '"messages/ports.hpp"'), ("actors/b.cpp", '"apps/net/a.hpp"'),
                              ("actors/b.cpp", '"messages/wire/codec.hpp"'),
                              ("apps/b.cpp", '"tests/support/a.hpp"'),
                              ("apps/sim/b.cpp", '"apps/net/a.hpp"'), ("apps/net/b.cpp", '"apps/node/a.hpp"'),
                              ("messages/a.cpp", '"messages/wire/codec.hpp"'), ("actors/b.cpp", "<rocksdb/db.h>"),
                              ("actors/b.cpp", "<boost/asio/post.hpp>"), ("storage/a.cpp", "<caf/actor.hpp>"),
                              ("messages/wire/a.cpp", "<caf/actor.hpp>"),
                              ("messages/wire/a.cpp", "<boost/asio.hpp>"),
                              ("apps/net/b.cpp", '"peer.pb.h"'),
                              ("apps/net/b.cpp", "<google/protobuf/message.h>"),
                              ("apps/net/b.cpp", "<caf/all.hpp>"), ("messages/a.cpp", "<fstream>")):
            self.assertIn("include-direction", self.rules(path, include, files=files), (path, include))
        self.assertEqual(direction, self.rules("messages/a.cpp", "<boost/asio/post.hpp>"))
        for path, include in (("storage/a.cpp", '"messages/types.hpp"'), ("storage/a.cpp", "<caf/expected.hpp>"),
                              ("storage/a.cpp", "<rocksdb/db.h>"), ("actors/b.cpp", '"storage/store.hpp"'),
                              ("apps/node/b.cpp", '"apps/net/a.hpp"'), ("apps/sim/b.cpp", '"apps/config/a.hpp"'),
                              ("messages/wire/a.cpp", '"peer.pb.h"'),
                              ("messages/wire/a.cpp", "<google/protobuf/message.h>"),
                              ("storage/a.cpp", "<boost/endian/conversion.hpp>"),
                              ("tests/storage/a.cpp", '"tests/support/a.hpp"')):
            self.assertEqual([], self.rules(path, include, files=files), (path, include))

    def test_what_is_reached_through_other_headers(self):
        self.assertEqual(self.rules("messages/entry.hpp", '"messages/error.hpp"'), ["include-reach"])
        self.assertEqual(self.rules("messages/write.hpp", '"messages/error.hpp"'), [])
        files = {"storage/rocks.hpp": HEADER + "#include <rocksdb/db.h>\n"}
        self.assertEqual(self.rules("actors/a.cpp", '"storage/rocks.hpp"', files=files), ["include-reach"])

    def test_own_header_first_and_paths_from_the_root(self):
        files = {"apps/net/a.hpp": HEADER}
        self.assertEqual(self.rules("apps/net/a.cpp", "<string>", '"apps/net/a.hpp"', files=files),
                         ["own-header-first"])
        self.assertEqual(self.rules("apps/net/b.cpp", '"a.hpp"'), ["include-path"])
        self.assertEqual(self.rules("apps/net/b.cpp", '"apps/net/gone.hpp"'), ["include-path"])

    def test_actors_do_not_know_each_other(self):
        actor = HEADER + "x sink(sink_actor::stateful_pointer<sink_state> self);\n"
        files = {"actors/sink.hpp": actor, "actors/source.hpp": actor, "actors/rule.hpp": HEADER}
        self.assertEqual(self.rules("actors/source.cpp", '"actors/source.hpp"', '"actors/sink.hpp"', files=files),
                         ["actors-apart"])
        self.assertEqual(self.rules("actors/source_more.cpp", '"actors/source.hpp"', files=files), [])
        self.assertEqual(self.rules("actors/source.cpp", '"actors/source.hpp"', '"actors/rule.hpp"', files=files),
                         [])
        self.assertEqual(self.rules("actors/node/node.cpp", '"actors/sink.hpp"', files=files), [])


if __name__ == "__main__":
    unittest.main()
