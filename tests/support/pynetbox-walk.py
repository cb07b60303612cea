"""What a user of pynetbox does, against a started product. Prints what came of it as one JSON object."""

import json
import sys

import pynetbox

url, token = sys.argv[1:3]
nb = pynetbox.api(url, token=token)
seen = {}

seen["status"] = sorted(nb.status())
site = nb.dcim.sites.create(name="Amsterdam", slug="ams")
maker = nb.dcim.manufacturers.create(name="Any", slug="any")
kind = nb.dcim.device_types.create(model="Any", slug="any", manufacturer=maker.id)
role = nb.dcim.device_roles.create(name="Any", slug="any")


def device(name):
    return dict(name=name, site=site.id, device_type=kind.id, role=role.id)


seen["single"] = str(nb.dcim.devices.create(**device("core-1")))
many = nb.dcim.devices.create([device("sw-%03d" % n) for n in range(130)])
seen["bulk"] = [len(many), str(many[0]), many[0].id < many[-1].id]
seen["get"] = nb.dcim.devices.get(name="core-1").site.slug
seen["by id"] = nb.dcim.devices.get(many[5].id).name
seen["none"] = nb.dcim.devices.get(4)
seen["or"] = sorted(d.name for d in nb.dcim.devices.filter(name=["sw-001", "sw-007", "gone"]))
seen["counts"] = [nb.dcim.devices.count(), nb.dcim.devices.count(name__isw="sw-00")]
one = nb.dcim.devices.get(name="sw-003")
one.serial = "ABC123"
seen["save"] = [one.save(), nb.dcim.devices.get(one.id).serial]
# What was read and not touched differs in nothing from what would be sent.
seen["untouched"] = nb.dcim.devices.get(one.id).save()
seen["update"] = [
    len(nb.dcim.devices.update([dict(id=d.id, status="offline") for d in many[:3]])),
    nb.dcim.devices.count(status="offline"),
]
seen["delete"] = [nb.dcim.devices.delete([d.id for d in many[-2:]]), nb.dcim.devices.count()]
seen["choices"] = "active" in [choice["value"] for choice in nb.dcim.devices.choices()["status"]]
for name, action in {
    "duplicate": lambda: nb.dcim.sites.create(name="Amsterdam", slug="ams"),
    "unknown filter": lambda: list(nb.dcim.devices.filter(nmae="x")),
}.items():
    try:
        action()
        seen[name] = "no error"
    except pynetbox.RequestError as error:
        seen[name] = [error.req.status_code, sorted(json.loads(error.error))]
threaded = pynetbox.api(url, token=token, threading=True)
names = [d.name for d in threaded.dcim.devices.all(limit=25)]
seen["threaded"] = [len(names), len(set(names))]
key = nb.plugins.backups.credentials.create(name="netops", username="netops", password="Never-Shown-77")
seen["credential"] = [key.name, key.has_password, "Never-Shown-77" in json.dumps(dict(key))]
again = nb.plugins.backups.credentials.get(name="netops")
seen["credential again"] = [again.username, "Never-Shown-77" in json.dumps(dict(again))]
seen["runs"] = [run.id for run in nb.plugins.backups.runs.all()]
nb.extras.custom_fields.create(name="cost", type="integer", object_types=["dcim.device"])
nb.extras.custom_fields.create(
    name="maker", type="object", related_object_type="dcim.manufacturer", object_types=["dcim.device"]
)
tiers = nb.extras.custom_field_choice_sets.create(name="Tiers", extra_choices=[["gold", "Gold"], ["lead", "Lead"]])
nb.extras.custom_fields.create(name="tier", type="select", choice_set=tiers.id, object_types=["dcim.device"])
custom = nb.dcim.devices.get(name="sw-004")
custom.custom_fields["cost"] = 7
custom.custom_fields["tier"] = "gold"
custom.custom_fields["maker"] = maker.id
saved = custom.save()
custom = nb.dcim.devices.get(custom.id)
untouched = custom.save()
custom.custom_fields["cost"] = 8
again = [custom.save(), nb.dcim.devices.get(custom.id).custom_fields["cost"]]
seen["custom fields"] = [
    saved,
    untouched,
    again,
    custom.custom_fields["tier"],
    custom.custom_fields["maker"]["slug"],
    [d.name for d in nb.dcim.devices.filter(cf_cost=8, cf_tier="gold")],
]
entry = nb.extras.journal_entries.create(
    assigned_object_type="dcim.device", assigned_object_id=custom.id, comments="seen", kind="warning"
)
seen["journal"] = [entry.kind.value, entry.assigned_object.name, entry.created_by.username]
seen["old changes"] = len(list(nb.extras.object_changes.filter(changed_object_id=custom.id))) > 0
print(json.dumps(seen))
