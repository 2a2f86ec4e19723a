# SPDX-License-Identifier: Apache-2.0
"""What redis_parity_test sends: lists of commands as text; a word in quotes may have Python's escapes."""

import ast

STRINGS = r"""
GET a / GET / GET a b / get a / SET a 1 / GET a / SET a / SET a 2 NONSENSE / SET "\0\r\n" "\xff" / GET "\0\r\n"
SET "" "" / GET "" / STRLEN "" / EXISTS "" / MSET b 2 c 3 / MSET b / MSET b 2 c / MGET a x c / MGET
MSET d 1 d 2 / GET d / EXISTS a a x / EXISTS / TOUCH a x / STRLEN a / STRLEN x / STRLEN / STRLEN a b / DBSIZE
DBSIZE x / DEL a a x / DEL / UNLINK b x / UNLINK / TYPE c / TYPE x / TYPE / SUBSTR c 0 0 / DEL c d "" "\0\r\n"
DBSIZE
"""

SET_OPTIONS = r"""
SET k 1 NX / SET k 2 NX / GET k / SET k 3 XX / SET x 3 XX / GET x / set k 4 xx get / SET k 5 GET / SET n 5 GET
GET n / SET k 6 nx GET / GET k / SET k 7 GET NX / SET k 8 XX GET / SET y 9 xX gEt / SET k 9 NX XX
SET k 9 XX NX / SET k 9 KEEPTTL / SET k 9 KEEPTTL KEEPTTL / SET k 9 GET GET / SET k 9 NX NX / SET k 9 EX
SET k 9 PX / SET k 9 EXAT / SET k 9 KEEPTTL EX 5 / SET k 9 EX 5 KEEPTTL / SET k 9 EX 5 PX 5
SET k 9 "" / SET k 9 NX "" / SET k 9 XX KEEPTTL GET / SET k "" / GET k / SET k "" GET / STRLEN k / SETNX k 1
SETNX k2 1 / SETNX k2 / SETNX / SETNX k2 1 2 / GETSET k2 x / GETSET fresh y / GETSET k2 / GETSET / GETDEL k2
GETDEL k2 / GETDEL / GETDEL a b / GETDEL fresh / MSETNX m1 1 m2 2 / MSETNX m2 3 m3 4 / EXISTS m3
MSETNX m3 1 m3 2 / GET m3 / MSETNX m9 / MSETNX / MSETNX m9 1 m8 / DEL m1 m2 m3 k n
"""

APPENDS = r"""
APPEND s ab / APPEND s "" / APPEND s "\0\xff" / GET s / APPEND s / APPEND / APPEND s a b / APPEND e ""
EXISTS e / SETRANGE s 1 XYZ / GET s / SETRANGE s 10 q / GET s / SETRANGE s 0 "" / SETRANGE z 0 "" / EXISTS z
SETRANGE z 5 "" / SETRANGE z 3 v / GET z / SETRANGE s -1 x / SETRANGE s x y / SETRANGE s 1.5 y
SETRANGE s 536870912 y / SETRANGE s 536870911 yy / SETRANGE s 9223372036854775807 y
SETRANGE s 9223372036854775808 y / SETRANGE s 1 / SETRANGE q 9223372036854775807 "" / SETRANGE s 0 x y
SETRANGE / SET r "Hello World" / GETRANGE r 0 4 / GETRANGE r -5 -1 / GETRANGE r 0 -1 / GETRANGE r 4 2
GETRANGE r 20 30 / GETRANGE r -100 3 / GETRANGE r -3 -5 / GETRANGE r 0 100 / GETRANGE r -1 0 / GETRANGE r 3 3
GETRANGE r -100 -50 / GETRANGE r -100 -200 / GETRANGE none 0 -1 / GETRANGE r x 1 / GETRANGE r 0 y / GETRANGE r 0
GETRANGE r / GETRANGE r 0 1 2 / GETRANGE r 00 1 / GETRANGE r -9223372036854775808 9223372036854775807
GETRANGE r 9223372036854775808 1 / SUBSTR r 0 4 / SUBSTR r -5 -1 / SUBSTR r 0 / getrange r 2 5 / SET r ""
GETRANGE r 0 -1 / GETRANGE r 0 0 / DEL s e z r q
"""

COUNTERS = r"""
INCR i / INCR i / GET i / DECR i / DECR j / INCRBY i 10 / INCRBY i -20 / DECRBY i 5 / DECRBY i -5 / INCRBY i 0
INCR / INCR i 1 / INCRBY i / INCRBY i 1 2 / INCRBY i x / INCRBY i 1.5 / INCRBY i "" / INCRBY i " 1"
INCRBY i "1 " / INCRBY i +1 / INCRBY i 01 / INCRBY i -0 / INCRBY i 00 / INCRBY i 9223372036854775808
INCRBY i -9223372036854775809 / INCRBY i 1e3 / INCRBY i 0x10 / SET i 9223372036854775807 / INCR i / INCRBY i 1
DECR i / INCRBY i 2 / INCRBY i -9223372036854775808 / INCR i / SET i -9223372036854775808 / DECR i / DECRBY i 1
INCR i / DECRBY i 9223372036854775807 / DECRBY i -9223372036854775808 / SET i 9223372036854775807 / DECRBY i -1
SET i "" / INCR i / SET i " 1" / INCR i / SET i 1.0 / INCR i / SET i 012 / INCR i / SET i "12\0" / INCR i
SET i abc / DECR i / GET i / SET i -1 / INCR i / SET i 123456789012345678901234567890 / INCR i / DECRBY i x
DECRBY i / INCRBYFLOAT f 1.5 / INCRBYFLOAT f 1.5e3 / INCRBYFLOAT f 0.1 / INCRBYFLOAT f -1500.1
INCRBYFLOAT f 1e-5 / GET f / INCRBYFLOAT f x / INCRBYFLOAT f "" / INCRBYFLOAT f / INCRBYFLOAT f inf
INCRBYFLOAT f -inf / INCRBYFLOAT f nan / INCRBYFLOAT f " 1" / INCRBYFLOAT f "1 " / INCRBYFLOAT f 0x10
INCRBYFLOAT f 1e400 / INCRBYFLOAT g 3 / INCR g / INCRBYFLOAT g 0.00000000000000000001 / SET g 5.0e3
INCRBYFLOAT g 200 / SET g abc / INCRBYFLOAT g 1 / SET g 1e5000 / INCRBYFLOAT g 1 / SET g "-0" / INCRBYFLOAT g 0
INCRBYFLOAT h -0.5 / INCRBYFLOAT h 0.5 / DEL i j f g h
"""

TRANSACTIONS = r"""
EXEC / DISCARD / MULTI x / MULTI / MULTI / EXEC / MULTI / DISCARD / MULTI / SET a 1 / GET a / INCR a
INCR b / MGET a b none / EXISTS a a none / STRLEN a / GETRANGE a 0 -1 / TYPE a / TYPE none / GETDEL a / GET a
APPEND a xy / PING / PING hello / ECHO hi / DEL a b / EXEC / EXISTS a b / MULTI / SET a x / INCR a / SET a y FOO
MSETNX q 1 q2 / GET a / EXEC / GET a / MULTI / SET b 5 / SET b / GET b / EXEC / EXISTS b / MULTI / NOPE x / PING
EXEC / MULTI / SET b 1 / DISCARD / EXISTS b / MULTI / WATCH a / EXEC / WATCH / WATCH a b / UNWATCH / UNWATCH x
WATCH a / SET a z / MULTI / SET a lost / GET a / EXEC / GET a / WATCH a none / MULTI / SET a kept / EXEC / GET a
WATCH none / SET none 1 / MULTI / EXEC / WATCH none / DEL none / MULTI / GET a / EXEC / WATCH a / SET a again
UNWATCH / MULTI / GET a / EXEC / MULTI / UNWATCH / EXEC / WATCH a / SET a 4 / RESET / MULTI / GET a / EXEC
MULTI / RESET / EXEC / MULTI / MSET c 1 d 2 / MSETNX c 3 e 4 / MSETNX e 5 f 6 / SETRANGE c 3 z / DECRBY d 7
INCRBYFLOAT d 0.5 / GETSET e 9 / SETNX f 1 / UNLINK f f / SET g 1 GET / SET g 2 XX GET / SET g 3 NX
SUBSTR g 0 0 / TOUCH c d / EXEC / MGET c d e f g / DEL a c d e g none
"""

CONNECTION = r"""
PING / PING text / PING a b / ECHO x / ECHO / ECHO a b / SELECT 0 / SELECT 99 / SELECT -1 / SELECT / SELECT 1 2
CLIENT SETNAME me / CLIENT GETNAME / CLIENT SETNAME "a b" / CLIENT SETNAME "" / CLIENT GETNAME / CLIENT SETNAME
CLIENT NONSENSE / CLIENT / CLIENT ID x / CLIENT NO-EVICT on / CLIENT NO-EVICT maybe / CLIENT REPLY ON
CLIENT REPLY x / CLIENT GETREDIR / CLIENT KILL 1:2 / CLIENT KILL ID 999999 / CLIENT KILL ID x / CLIENT KILL ID 0
CLIENT KILL NOPE 1 / CLIENT KILL ADDR 1:2 / CLIENT KILL ID / CLIENT KILL / CLIENT KILL SKIPME maybe
CLIENT LIST ID 999999 / CLIENT LIST TYPE nope / CLIENT LIST TYPE replica / CLIENT LIST TYPE pubsub
CLIENT LIST ID x / CLIENT LIST NOPE / HELLO 9 / HELLO x / HELLO 2 NONSENSE / HELLO 2 AUTH a b / HELLO 2 AUTH a
HELLO 2 SETNAME "a b" / AUTH x / AUTH default x / AUTH nobody x / AUTH / AUTH a b c / NONSENSE a b / ""
NONSENSE / RESET x
"""

SERVER = r"""
SCAN 0 COUNT 1000 / SET scan:1 x / SCAN 0 COUNT 1000 MATCH "scan*" / SCAN 0 MATCH "z*" COUNT 1000
SCAN 0 TYPE string COUNT 1000 / SCAN 0 TYPE list COUNT 1000 / SCAN x / SCAN / SCAN 0 COUNT 0 / SCAN 0 COUNT x
SCAN 0 COUNT -1 / SCAN 0 NONSENSE / SCAN 0 MATCH / SCAN 0 COUNT / RANDOMKEY / RANDOMKEY x / DEL scan:1
RANDOMKEY / WAIT 0 0 / WAIT -1 0 / WAIT x 0 / WAIT 0 x / WAIT 0 -1 / WAIT 0 / WAIT / WAIT 0 0 0 / ROLE x
TIME x / CONFIG GET save / CONFIG GET / CONFIG GET nothing-like-it / CONFIG NONSENSE / CONFIG
CONFIG SET nonsense 1 / CONFIG SET save / CONFIG SET save "" port / MEMORY USAGE none / MEMORY USAGE
MEMORY USAGE none SAMPLES / MEMORY USAGE none NOPE / MEMORY USAGE none SAMPLES x / MEMORY NONSENSE / SET o 12
OBJECT ENCODING o / SET o x / OBJECT ENCODING o / SET o 012 / OBJECT ENCODING o / SET o -9223372036854775808
OBJECT ENCODING o / SET o 12345678901234567890123 / OBJECT ENCODING o / OBJECT ENCODING none / OBJECT ENCODING
OBJECT REFCOUNT none / OBJECT NONSENSE o / DEL o / SET o aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
OBJECT ENCODING o / SET o aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa / OBJECT ENCODING o / DEL o
COMMAND NONSENSE / COMMAND COUNT x / COMMAND GETKEYS get a / COMMAND GETKEYS mset a 1 b 2 / COMMAND GETKEYS
COMMAND GETKEYS ping / COMMAND GETKEYS nope a / COMMAND GETKEYS get / COMMAND INFO nope / COMMAND LIST NOPE
COMMAND LIST FILTERBY NOPE x / COMMAND LIST FILTERBY PATTERN nope* / FLUSHDB NONSENSE / FLUSHALL a b / SET k v
FLUSHDB / DBSIZE / SET k v / FLUSHALL / DBSIZE / flushdb async / FLUSHALL SYNC / FLUSHDB SYNC
"""

# What we do otherwise, and what we say then.
DIFFERENT = [
    ("SET k 1 EX 5", b"-ERR SET option 'EX' is not supported: keys do not expire here\r\n"),
    ("SET k 1 NX PX 5", b"-ERR SET option 'PX' is not supported: keys do not expire here\r\n"),
    ("SET k 1 EX 0", b"-ERR SET option 'EX' is not supported: keys do not expire here\r\n"),
    ("SELECT nobody", b"-ERR no instance has this name or number\r\n"),
    ("SETEX k 5 v", b"-ERR unknown command 'SETEX', with args beginning with: 'k' '5' 'v' \r\n"),
    ("CONFIG RESETSTAT", b"-ERR CONFIG RESETSTAT is not supported: counters of this node only grow\r\n"),
    ("CONFIG SET save x",
     b"-ERR CONFIG SET failed (possibly related to argument 'save') - can't set immutable config\r\n"),
    ("EXEC x", b"-ERR wrong number of arguments for 'exec' command\r\n"),
    ("MULTI", b"+OK\r\n"),
    ("DBSIZE", b"-ERR 'dbsize' is not allowed inside MULTI: a transaction reads and writes keys by name\r\n"),
    ("EXEC", b"-EXECABORT Transaction discarded because of previous errors.\r\n"),
]

MALFORMED = [b"*1\r\n$-5\r\n", b"*1\r\n+PING\r\n", b"*x\r\n", b"*1\r\n$99999999999\r\n", b"SET \"a\r\n",
             b"x" * (70 * 1024)]


def words(command):
    """GET "a b" -> [b"GET", b"a b"]"""
    out = []
    rest = command.strip()
    while rest:
        if rest.startswith('"'):
            end = rest.index('"', 1)
            out.append(ast.literal_eval("b" + rest[:end + 1]))
            rest = rest[end + 1:].lstrip()
        else:
            word, _, rest = rest.partition(" ")
            out.append(word.encode())
            rest = rest.lstrip()
    return out


def commands(text):
    return [words(command) for line in text.strip().splitlines() for command in line.split(" / ")]


KEYS = [b"a", b"b", b"c"]
VALUES = [b"", b"1", b"-7", b"9223372036854775807", b"x", b"3.5", b"\0\xff", b"12 ", b"Hello World"]
NUMBERS = [b"0", b"1", b"-1", b"5", b"-9223372036854775808", b"9223372036854775807", b"x", b"2.5", b"30"]
SHAPES = [
    "SET k v", "SET k v NX", "SET k v XX GET", "SET k v GET", "SETNX k v", "GETSET k v", "GETDEL k", "GET k",
    "APPEND k v", "STRLEN k", "SETRANGE k s v", "GETRANGE k n n", "INCR k", "DECR k", "INCRBY k n", "DECRBY k n",
    "MSET k v k v", "MSETNX k v k v", "MGET k k k", "DEL k k", "EXISTS k k", "TYPE k", "MULTI",
    "EXEC", "DISCARD", "UNWATCH", "INCRBYFLOAT k f",
]


def random_command(draw):
    kinds = {"k": KEYS, "v": VALUES, "n": NUMBERS, "s": [b"0", b"3", b"-1", b"x", b"20"],
             "f": [b"0.5", b"-1", b"x", b"10"]}
    return [draw.choice(kinds[word]) if word in kinds else word.encode() for word in draw.choice(SHAPES).split()]
