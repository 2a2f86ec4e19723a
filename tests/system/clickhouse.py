# SPDX-License-Identifier: Apache-2.0
"""A ClickHouse server of the test's own, if Debian's package is installed."""

import os
import shutil
import socket
import subprocess
import urllib.request

from support import wait_until

BINARY = shutil.which("clickhouse-server") or shutil.which("clickhouse-server", path="/usr/sbin:/usr/bin")
USER, PASSWORD = "argentum", "not-in-any-log"
CONFIG = """<yandex>
<logger><level>warning</level><console>1</console></logger>
<http_port>{http}</http_port><tcp_port>{tcp}</tcp_port><listen_host>127.0.0.1</listen_host>
<path>{dir}/data/</path><tmp_path>{dir}/tmp/</tmp_path><users_config>users.xml</users_config>
<default_profile>default</default_profile><default_database>default</default_database>
<mark_cache_size>67108864</mark_cache_size>
</yandex>"""
USERS = """<yandex><profiles><default/></profiles><quotas><default/></quotas>
<users><{user}><password>{password}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>
<quota>default</quota></{user}></users></yandex>"""


def free_ports(count):
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class ClickHouse:
    def __init__(self, directory):
        self.dir = directory
        self.http, tcp = free_ports(2)
        self.url = f"http://127.0.0.1:{self.http}"
        self.process = None
        os.makedirs(self.dir)
        self.write("config.xml", CONFIG.format(http=self.http, tcp=tcp, dir=self.dir))
        self.write("users.xml", USERS.format(user=USER, password=PASSWORD))
        self.password_file = self.write("password", PASSWORD + "\n")

    def write(self, name, text):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def start(self):
        with open(os.path.join(self.dir, "log"), "ab") as log:
            self.process = subprocess.Popen([BINARY, f"--config-file={self.dir}/config.xml"], cwd=self.dir,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(lambda: self.ask("SELECT 1") == "1", "ClickHouse answers")

    def stop(self):
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        self.process = None

    def ask(self, query):
        request = urllib.request.Request(self.url, query.encode(),
                                         {"X-ClickHouse-User": USER, "X-ClickHouse-Key": PASSWORD})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode().strip()
