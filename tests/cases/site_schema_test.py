"""The schema that editors use accepts the commented example, and refuses what `fettle check` refuses for its form alone.

Usage: site_schema_test.py CONFIG_FOLDER
"""

import copy
import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)


def spoiled(site, spoil):
    result = copy.deepcopy(site)
    spoil(result)
    return result


def main(config):
    schema = json.loads((config / "site.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    site = yaml.safe_load((config / "site.example.yaml").read_text())
    for error in validator.iter_errors(site):
        sys.exit(f"the example: {error.json_path}: {error.message}")
    wrong = {
        "unknown key": lambda s: s["gateway"].update(hartbeat="5m"),
        "gateway missing": lambda s: s.pop("gateway"),
        "bad duration": lambda s: s["devices"][0].update(every="5 parsecs"),
        "bad topic level": lambda s: s["assets"][0].update(id="Pump 1"),
        "no device point": lambda s: s["assets"][0]["points"].update(power="device"),
        "unknown key of a driver": lambda s: s["buses"][0].update(hots="x"),
        "unknown key of another driver": lambda s: s["buses"].append({"id": "plugs", "driver": "mqtt", "url": "mqtt://h", "host": "h"}),
        "broker without a url": lambda s: s["buses"].append({"id": "plugs", "driver": "mqtt"}),
        "port out of range": lambda s: s["buses"][0].update(port=70000),
        "unknown operation": lambda s: s.update(commands={"requesters": [{"name": "dispatch", "operations": ["clsoe"]}]}),
        "requester without a name": lambda s: s.update(commands={"requesters": [{"operations": ["close"]}]}),
        "bad size": lambda s: s.update(telemetry={"buffer": "32 MB"}),
        "bad place": lambda s: s["site"].update(geo=[91, 0]),
    }
    for name, spoil in wrong.items():
        if validator.is_valid(spoiled(site, spoil)):
            sys.exit(f"accepted: {name}")
    print(f"the example is valid; {len(wrong)} wrong sites are refused")


main(pathlib.Path(sys.argv[1]))
