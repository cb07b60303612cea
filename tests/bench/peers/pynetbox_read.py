"""Reads every device with pynetbox as Debian has it, and prints one line of JSON: {"rows": N, "seconds": S}."""

import json
import sys
import time

import pynetbox

url, token, threading = sys.argv[1:4]
netbox = pynetbox.api(url, token=token, threading=threading == "threaded")
started = time.monotonic()
ids = {device.id for device in netbox.dcim.devices.all()}
print(json.dumps({"rows": len(ids), "seconds": time.monotonic() - started}))
