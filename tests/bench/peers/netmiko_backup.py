"""Backs up devices with Netmiko in a pool of threads, as its users do: connect, show running-config, disconnect.

Reads a JSON document {"threads": n, "devices": [{host, port, username, password, secret}]} from standard input and
writes one JSON line: seconds of wall clock and of CPU, how many configurations were whole, peak memory in KiB.
"""

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from netmiko import ConnectHandler


def back_up(device):
    try:
        connection = ConnectHandler(
            device_type="cisco_ios",
            ip=device["host"],
            port=device["port"],
            username=device["username"],
            password=device["password"],
            secret=device["secret"],
        )
        if not connection.check_enable_mode():
            connection.enable()
        text = connection.send_command("show running-config")
        connection.disconnect()
        return text.rstrip().endswith("end")
    except Exception as error:  # a failed device is a result, as in the other contestants
        print(f"{device['port']}: {error}", file=sys.stderr)
        return False


def main():
    job = json.load(sys.stdin)
    started = time.monotonic()
    with ThreadPoolExecutor(max_workers=job["threads"]) as pool:
        whole = sum(pool.map(back_up, job["devices"]))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "wallS": time.monotonic() - started,
                "cpuS": usage.ru_utime + usage.ru_stime,
                "whole": whole,
                "peakKiB": usage.ru_maxrss,
            }
        )
    )


main()
