"""Reads every object of every list it is given with pynetbox, and tells of each list what came of it, as JSON."""

import json
import sys

import pynetbox

url, token, *lists = sys.argv[1:]
nb = pynetbox.api(url, token=token)
seen = {}
requests_made = []
nb.http_session.hooks["response"] = [lambda answer, *_, **__: requests_made.append(answer.request.url)]

for name in lists:
    area, path = name.split("/")
    endpoint = getattr(getattr(nb.plugins, area), path)
    requests_made.clear()
    rows = list(endpoint.all())
    whole = [dict(row) for row in rows]
    asked = len(requests_made)
    details = [endpoint.get(row.id) for row in rows]
    seen[name] = {
        "ids": sorted(row.id for row in rows),
        "asked": asked,
        "details": sorted(row.id for row in details),
        "touched": [row.updates() for row in rows + details if row.updates()],
        "again": [row.full_details() for row in rows[:1]],
        "members": [name for row in whole[:1] for name in ("id", "url", "display") if name not in row],
    }
print(json.dumps(seen))
