"""Every call of pynetbox that a server must answer, and the traps of its reading. Prints what came of it as JSON."""

import json
import sys
import time

import pynetbox
import requests

url, token, staged_url = sys.argv[1:4]
nb = pynetbox.api(url, token=token)
seen = {}
auth = {"Authorization": "Token " + token}


def refused(action):
    try:
        action()
    except pynetbox.AllocationError:
        return "AllocationError"
    except pynetbox.RequestError as error:
        return error.req.status_code
    except ValueError:
        return "ValueError"
    return "no error"


def requests_of(api, action):
    urls = []
    api.http_session.hooks["response"] = [lambda answer, *_, **__: urls.append(answer.request.url)]
    result = action()
    api.http_session.hooks["response"] = []
    return result, urls


# Before there is a token.
stranger = pynetbox.api(url)
seen["version"] = stranger.version
seen["openapi"] = stranger.openapi()["openapi"]
status = nb.status()
seen["status"] = [status["netbox-version"], "backups" in status["plugins"]]
nb.users.users.create(username="alice", password="correct horse battery", is_superuser=True)
made = stranger.create_token("alice", "correct horse battery")
seen["create_token"] = [made.key[:4], str(made.user), stranger.dcim.sites.count()]
seen["create_token refused"] = refused(lambda: pynetbox.api(url).create_token("alice", "wrong horse battery"))

site = nb.dcim.sites.create(name="Amsterdam", slug="ams")
maker = nb.dcim.manufacturers.create(name="Any", slug="any")
kind = nb.dcim.device_types.create(model="Any", slug="any", manufacturer=maker.id)
role = nb.dcim.device_roles.create(name="Any", slug="any")


def device(name, **more):
    return dict(name=name, site=site.id, device_type=kind.id, role=role.id, **more)


# Lists, one object, counts.
nb.dcim.devices.create([device("sw-%03d" % n) for n in range(100)])
every = nb.dcim.devices.all(limit=40)
seen["len and pages"] = [len(every), len({d.id for d in every})]
_, urls = requests_of(nb, lambda: list(nb.dcim.devices.all(limit=30)))
seen["second request"] = [len(urls), "limit=30&offset=90" in urls[-1]]
_, urls = requests_of(nb, lambda: list(nb.dcim.devices.all()))
seen["one request for all"] = len(urls)
seen["free text"] = [d.name for d in nb.dcim.devices.filter("sw-07", ordering="name")][:2]
seen["get of two"] = refused(lambda: nb.dcim.devices.get(site="ams"))
seen["get exactly"] = [nb.dcim.devices.get(name="sw-001").name, nb.dcim.devices.get(name="SW-001")]
one = nb.dcim.devices.get(name="sw-010")
again, urls = requests_of(nb, lambda: [one.site.name, one.device_type.model, str(one.role), one.status.value])
seen["nested without a request"] = [again, len(urls)]
again, urls = requests_of(nb, lambda: one.site.status.label)
seen["nested by one request"] = [again, len(urls)]
seen["older field"] = nb.dcim.devices.create(name="old", site=site.id, device_type=kind.id, device_role=role.id).role.name

# Changes.
tag = nb.extras.tags.create(name="Core", slug="core")
one.tags = [{"name": "Core"}]
one.comments = "by hand"
seen["save"] = [one.save(), [t.slug for t in nb.dcim.devices.get(one.id).tags]]
one = nb.dcim.devices.get(one.id)
one.serial = "S1"
seen["save keeps tags"] = [one.save(), [t.id == tag.id for t in nb.dcim.devices.get(one.id).tags]]
some = nb.dcim.devices.filter(name__isw="sw-02")
seen["set update"] = [len(some.update(status="planned")), nb.dcim.devices.count(status="planned")]
seen["set delete"] = [nb.dcim.devices.filter(name__isw="sw-03").delete(), nb.dcim.devices.count()]
seen["delete one"] = [nb.dcim.devices.get(name="old").delete(), nb.dcim.devices.get(name="old")]
seen["delete by id"] = [nb.dcim.devices.delete([nb.dcim.devices.get(name="sw-040").id]), one.id < 2**53]
nb.extras.custom_fields.create(name="cost", type="integer", object_types=["dcim.device"])
one = nb.dcim.devices.get(one.id)
one.custom_fields["cost"] = 3
seen["custom field"] = [one.save(), nb.dcim.devices.get(one.id).custom_fields["cost"], nb.dcim.devices.count(cf_cost=3)]
seen["choices"] = sorted(nb.dcim.interfaces.choices()["mode"][0])
seen["duplicate"] = refused(lambda: nb.dcim.sites.create(name="Amsterdam", slug="ams"))

# Members that hold whatever users put there.
saved = nb.extras.saved_filters.create(
    name="Up", slug="up", object_types=["dcim.device"], parameters={"status": ["active"], "name": "sw-001"}
)
saved = nb.extras.saved_filters.get(saved.id)
saved.parameters.status = ["planned"]
seen["free-form inside"] = [saved.save(), nb.extras.saved_filters.get(saved.id).parameters.status]
saved.parameters = {"status": ["planned"]}
seen["free-form whole"] = [saved.save(), dict(nb.extras.saved_filters.get(saved.id).parameters)]
saved.description = "by hand"
seen["free-form names"] = refused(
    lambda: nb.extras.saved_filters.create(
        name="Two", slug="two", object_types=["dcim.device"], parameters={"name": ["sw-001", "sw-002"]}
    )
)
seen["free-form untouched"] = [saved.save(), dict(nb.extras.saved_filters.get(saved.id).parameters)]
seen["unreadable defaults"] = [
    refused(lambda: nb.extras.custom_fields.create(name="bad", type="json", object_types=["dcim.site"], default=default))
    for default in ({"url": "https://elsewhere.example/x"}, {"url": None}, {"a": [{"b": {"url": 1}}]}, [{"url": ""}], {"name": [1]}, {"a": {"label": {}}})
]
nb.extras.custom_fields.create(name="extra", type="json", object_types=["dcim.site"], default={"link": None})
seen["fields read"] = sorted(field.name for field in nb.extras.custom_fields.all())
held = {"url": "https://elsewhere.example/x", "results": [1], "inner": {"url": None}}
answer = requests.patch(site.url, headers=auth, json={"custom_fields": {"extra": held}})
assert answer.status_code == 200, answer.text
seen["url in a custom field"] = [
    nb.dcim.sites.get(site.id).custom_fields["extra"] == held,
    [s.custom_fields["extra"] == held for s in nb.dcim.sites.all()],
]
for name, endpoint in (("extras", nb.extras.object_changes), ("core", nb.plugins.core.object_changes)):
    change = endpoint.get(changed_object_id=site.id, action="update")
    seen["its change in " + name] = dict(change.postchange_data)["custom_fields"]["extra"] == held
asked = requests.post(
    url + "/api/core/imports/", headers=auth, json={"model": "dcim.site", "text": "name,slug\nOslo,osl\n"}
).json()
while nb.plugins.core.jobs.get(asked["id"]).state.value in ("pending", "running"):
    time.sleep(0.2)
job = nb.plugins.core.jobs.get(asked["id"])
seen["job"] = [job.result.rows, job.result.create, [j.id == job.id for j in nb.plugins.core.jobs.all()]]

# Parts of objects.
prefix = nb.ipam.prefixes.create(prefix="192.0.2.0/29")
free = prefix.available_ips.list()
seen["available ips"] = [len(free), str(free[0]), free[0].family]
seen["available ips create"] = [str(prefix.available_ips.create()), [str(ip) for ip in prefix.available_ips.create([{}, {}])]]
parent = nb.ipam.prefixes.create(prefix="198.51.100.0/28")
seen["available prefixes"] = [
    str(parent.available_prefixes.list()[0]),
    str(parent.available_prefixes.create({"prefix_length": 29})),
    [str(p) for p in parent.available_prefixes.create([{"prefix_length": 30}, {"prefix_length": 30}])],
    refused(lambda: parent.available_prefixes.create({"prefix_length": 29})),
]
group = nb.ipam.vlan_groups.create(name="G", slug="g", vid_ranges=[[10, 20]])
seen["available vlans"] = [
    group.available_vlans.list()[0].vid,
    group.available_vlans.create({"name": "first"}).vid,
    [v.vid for v in group.available_vlans.create([{"name": "second"}, {"name": "third"}])],
]
span = nb.ipam.ip_ranges.create(start_address="203.0.113.10/24", end_address="203.0.113.12/24")
seen["range"] = [len(span.available_ips.list()), str(span.available_ips.create())]
rack = nb.dcim.racks.create(name="R1", site=site.id, u_height=4)
nb.dcim.devices.create(device("racked", rack=rack.id, position=2, face="front"))
units = rack.elevation.list()
seen["elevation"] = [
    len(units),
    [[unit.name, unit.device.name] for unit in units if unit.device is not None],
    len(rack.units.list()),
]
interface = nb.dcim.interfaces.create(device=one.id, name="eth0", type="1000base-t")
seen["trace"] = interface.trace()
seen["napalm"] = refused(lambda: list(one.napalm.list(method="get_facts")))
seen["config"] = list(nb.users.config())
seen["plugins"] = "backups" in [plugin["name"] for plugin in nb.plugins.installed_plugins()]

# What netkeep does not have.
seen["absent"] = [list(nb.tenancy.tenants.all()), nb.dcim.cables.count(), nb.tenancy.tenants.get(name="x")]
seen["absent write"] = refused(lambda: nb.dcim.cables.create(label="x"))
seen["changes"] = len(list(nb.extras.object_changes.filter(changed_object_id=site.id)))

# Threads: the length of the first page decides the others.
threaded = pynetbox.api(url, token=token, threading=True)
for limit in (10, 7, 44, 88, 100):
    names = [d.name for d in threaded.dcim.devices.all(limit=limit)]
    seen["threads by %d" % limit] = [len(names) - nb.dcim.devices.count(), len(set(names)) - len(names)]
seen["page past the end"] = requests.get(url + "/api/dcim/devices/?limit=10&offset=5000", headers=auth).json()["results"]
for batch in range(11):
    names = ["t%d-%02d" % (batch, n) for n in range(100)]
    nb.users.groups.create([dict(name=name) for name in names])
capped = requests.get(url + "/api/users/groups/?limit=50000", headers=auth)
assert capped.status_code == 200, capped.text
capped = capped.json()
seen["capped"] = [capped["count"], len(capped["results"]), "limit=1000&offset=1000" in capped["next"]]
seen["many pages"] = [len({group.id for group in api.users.groups.all()}) for api in (nb, threaded)]

# Below the path of a proxy.
staged = pynetbox.api(staged_url, token=token)
far = [d for d in staged.dcim.devices.all(limit=30)]
lazily, urls = requests_of(staged, lambda: staged.dcim.devices.get(one.id).site.status.value)
seen["staged"] = [len({d.id for d in far}) == nb.dcim.devices.count(), lazily, all("/stage/api/" in u for u in urls)]
far[0].serial = "far"
seen["staged save"] = [far[0].save(), far[0].url.startswith(staged_url)]

# The wire itself.
body = json.dumps({"name": "Slash", "slug": "slash"})
kind_of = {"Content-Type": "application/json;", "Accept": "application/json;"}
seen["schemes"] = [
    requests.get(url + "/api/dcim/sites/", headers={"authorization": scheme + " " + token}).status_code
    for scheme in ("Token", "token", "TOKEN", "Bearer", "bearer")
]
bare = requests.post(url + "/api/dcim/sites", data=body, headers={**auth, **kind_of}, allow_redirects=False)
seen["no slash"] = [bare.status_code, requests.get(url + "/api/dcim/sites", headers=auth).status_code]
seen["options"] = requests.options(url + "/api/dcim/devices/", headers=auth).status_code
print(json.dumps(seen))
