# SPDX-License-Identifier: Apache-2.0
"""Which folder may use which (ARCHITECTURE.md), as rules over #include lines. Arrows only point down:
messages <- storage <- actors <- apps <- tests. Each rule yields (line number, what is wrong)."""

import os
import re

# Of messages, only these may see CAF, directly or through each other; all else there is plain values.
MESSAGES_WITH_CAF = {"error", "reply", "write", "ports", "type_ids", "link_events", "oracle_commands", "transport"}
MESSAGES_THAT_NAME_CAF = {"error", "ports", "type_ids"}
# Words of actors and network, which a store has no use for.
NOT_FOR_STORAGE = {"messages/ports.hpp", "messages/type_ids.hpp", "messages/transport.hpp",
                   "messages/link_events.hpp", "messages/write.hpp"}
CAF_RESULTS = {"caf/error.hpp", "caf/expected.hpp"}
PROTOBUF = ("google/protobuf/",)
# Boost is a box of many libraries: it is the network ones that belong to apps/net.
NETWORK = ("boost/asio", "boost/beast", "sys/socket.h", "netinet/", "arpa/")
FILES = ("fstream", "filesystem")

# folder -> folders of ours that it may include
FOLDERS = {
    "messages": {"messages"},
    "storage": {"messages", "storage"},
    "actors": {"messages", "storage", "actors"},
    "apps": {"messages", "storage", "actors", "apps"},
    "tests": {"messages", "storage", "actors", "apps", "tests"},
    "tools": {"messages", "storage", "actors", "apps", "tests", "tools"},
}
# folder -> outside headers that it must not include
OUTSIDE_BANNED = {
    "messages": ("rocksdb/",) + NETWORK + FILES,
    "storage": PROTOBUF + NETWORK,
    "actors": PROTOBUF + ("rocksdb/",) + NETWORK + FILES,
}
# apps/X may include apps/Y only here
APPS_NEIGHBOURS = {("node", "config"), ("node", "net"), ("shell", "net"), ("sim", "config")}


def parts(path):
    return path.split("/")


def inside(source, include):
    """What is wrong with an include of ours, or None."""
    here, there = parts(source.path), parts(include)
    if there[0] not in FOLDERS:
        return None  # no folder of ours: the rule include-path says so
    if there[0] not in FOLDERS.get(here[0], FOLDERS["tools"]):
        return f"{here[0]} must not include {there[0]}"
    if here[0] == "storage" and (include in NOT_FOR_STORAGE or include.startswith("messages/wire/")):
        return f"storage must not include {include}"
    if here[0] == "actors" and include.startswith("messages/wire/"):
        return "actors know messages, not their wire form"
    if here[:2] != ["messages", "wire"] and here[0] == "messages" and include.startswith("messages/wire/"):
        return "messages must not include their wire form"
    if here[:2] == ["messages", "wire"] and include in ("messages/ports.hpp", "messages/type_ids.hpp"):
        return "the wire form must not know actors"
    if here[0] == there[0] == "apps" and here[1] != there[1] and (here[1], there[1]) not in APPS_NEIGHBOURS:
        return f"apps/{here[1]} must not include apps/{there[1]}"
    return None


def outside(source, include):
    """What is wrong with an include of another project, or None."""
    here = parts(source.path)
    if include == "caf/all.hpp":
        return "never caf/all.hpp: it costs seconds in every file"
    if include.startswith(OUTSIDE_BANNED.get(here[0], ())) and not (here[1] == "wire" and here[0] == "messages"
                                                                    and include.startswith(PROTOBUF)):
        return f"{here[0]} must not include <{include}>"
    if include.startswith("caf/"):
        if here[0] == "storage" and include not in CAF_RESULTS:
            return f"storage must not include <{include}>"
        if here[:2] == ["messages", "wire"] and include not in CAF_RESULTS:
            return f"the wire form must not include <{include}>"
        if here[0] == "messages" and len(here) == 2 and stem(source) not in MESSAGES_THAT_NAME_CAF:
            return "only error, ports and type_ids of messages name CAF headers"
    if include.startswith(PROTOBUF) and here[:2] != ["messages", "wire"]:
        return "only messages/wire knows Protobuf"
    return None


def stem(source):
    return os.path.basename(source.stem)


def direction(source, _repository):
    if source.kind != "c++":
        return
    for number, quoted, include in source.includes:
        if problem := (inside if quoted else outside)(source, include):
            yield number, problem
        if include.endswith(".pb.h") and not source.path.startswith("messages/wire/"):
            yield number, "only messages/wire includes *.pb.h"


def resolves(source, repository):
    """Quoted includes are written from the repository's root."""
    if source.kind != "c++":
        return
    for number, quoted, include in source.includes:
        if quoted and include not in repository.files and not include.endswith(".pb.h"):
            yield number, f'"{include}" is no file of the repository (write paths from its root; others in <>)'


def reach(source, repository):
    """What must stay free of a library must not get it through a header of ours either."""
    if source.kind != "c++":
        return
    here = parts(source.path)
    if here[0] == "messages" and len(here) == 2 and stem(source) not in MESSAGES_WITH_CAF:
        if repository.reaches(source.path, "caf/"):
            yield 1, "plain values must not reach CAF, not even through another header"
    if here[0] == "actors" and repository.reaches(source.path, "rocksdb/"):
        yield 1, "an actor must not reach RocksDB's headers, not even through a header of storage"


def own_header_first(source, repository):
    if source.suffix == ".cpp" and source.stem + ".hpp" in repository.files:
        if source.includes and source.includes[0][2] != source.stem + ".hpp":
            yield source.includes[0][0], f'"{source.stem}.hpp" must be the first include'


def is_actor_header(source):
    return source is not None and source.path.startswith("actors/") and "stateful_pointer<" in source.code


def actors_apart(source, repository):
    """An actor knows the ports of others, never their headers; only the composition of a node knows all."""
    if not source.path.startswith("actors/") or re.match(r"actors/node/node\w*\.cpp", source.path):
        return
    own = source.stem + ".hpp"
    if source.suffix == ".cpp" and own not in repository.files and source.includes:
        own = source.includes[0][2]  # a further source file of the actor in its first include
    for number, _, include in source.includes:
        if include != own and is_actor_header(repository.files.get(include)):
            yield number, f"{include} is another actor: take its port instead"


RULES = {"include-direction": direction, "include-path": resolves, "include-reach": reach,
         "own-header-first": own_header_first, "actors-apart": actors_apart}
