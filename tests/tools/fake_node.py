#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Stands in for argentum-node where only the playground is under test: takes --config, opens the four listeners,
answers /readyz. `stubborn` as instance name: ignores SIGTERM. `broken`: ends at once."""

import http.server
import signal
import socket
import sys
import threading
import tomllib


class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass


def hang_up_on_all(listener):
    while True:
        listener.accept()[0].close()


def main():
    with open(sys.argv[2], "rb") as file:
        config = tomllib.load(file)
    names = [instance["name"] for instance in config["instance"]]
    if "broken" in names:
        print("the disk is on fire", file=sys.stderr)
        return 3
    if "stubborn" in names:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for port in ("client", "peer", "admin"):
        host, number = config["listen"][port].split(":")
        listener = socket.create_server((host, int(number)))
        threading.Thread(target=hang_up_on_all, args=(listener,), daemon=True).start()
    host, number = config["listen"]["http"].split(":")
    http.server.ThreadingHTTPServer((host, int(number)), Ready).serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
