"""The schema that editors use accepts every example and every test case but those that are wrong by their form alone, refuses what it should,
and knows every key that the agent reads.

Usage: site_schema_test.py SOURCE_FOLDER
"""

import copy
import functools
import json
import pathlib
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

# Cases of `fettle check` whose mistake an editor can show already; all others look well.
WRONG_BY_FORM = {
    "bad_duration",
    "bad_topic_level",
    "defaults_of_a_bus",
    "device_that_an_asset_needs",
    "gateway_is_missing",
    "mistake_in_a_template",
    "several_brokers",
    "several_mistakes_at_once",
    "telemetry_mistakes",
    "unknown_key",
    "wrong_commands",
}
NOT_YAML = {"duplicate_key", "empty_file", "quote_never_closed", "tab_in_the_indentation", "wrong_indentation"}

# Where in the schema the keys belong that a source file reads; those of other files may be anywhere.
SECTIONS = {
    "agent/delivery/aws_iot_core.cpp": ["properties/broker"],
    "agent/delivery/azure_iot_hub.cpp": ["properties/broker"],
    "agent/delivery/broker_settings.cpp": ["properties/broker"],
    "agent/delivery/command_settings.cpp": ["properties/commands", "$defs/requester"],
    "agent/delivery/telemetry_settings.cpp": ["properties/telemetry"],
    "agent/store/history_settings.cpp": ["properties/store/properties/history"],
}
# What of a driver reads the site file; the rest may read profiles.
OF_DRIVERS = ["*.cpp", "*/line.cpp", "*/*settings.cpp"]
READ = re.compile(
    r"\b(?:fields|tls|device|bus|pace)\.(?:text|texts|slug|number|integer|flag|duration|size|quantity|list|list_or_empty|child|required_child"
    r"|choice<\w+(?:::\w+)*>)\(\s*\"([a-z_0-9]+)\""
)


def names_in(schema):
    """Every property that a part of the schema names, at any depth."""
    if isinstance(schema, list):
        return set().union(*map(names_in, schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    names = set(schema.get("properties", {}))
    return names.union(*(names_in(value) for value in schema.values()))


def part(schema, path):
    return functools.reduce(lambda inner, step: inner[step], path.split("/"), schema)


def keys_that_are_read(root):
    sources = [root / "agent/settings/site.cpp"] + [root / name for name in SECTIONS]
    for pattern in OF_DRIVERS:
        sources += sorted((root / "drivers").glob(pattern))
    for source in sources:
        yield source.relative_to(root).as_posix(), set(READ.findall(source.read_text()))


def check_completeness(root, schema):
    count = 0
    for name, keys in keys_that_are_read(root):
        known = names_in([part(schema, path) for path in SECTIONS.get(name, [])]) or names_in(schema)
        if unknown := keys - known:
            sys.exit(f"{name} reads what the schema does not know: {', '.join(sorted(unknown))}")
        count += len(keys)
    if count < 60:
        sys.exit(f"only {count} keys were found in the sources: does the pattern still fit?")
    return count


def check_cases(root, validator):
    for folder in sorted((root / "tests/cases/settings").iterdir()):
        if folder.name in NOT_YAML:
            continue
        errors = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(yaml.safe_load((folder / "site.yaml").read_text()))]
        if bool(errors) != (folder.name in WRONG_BY_FORM):
            sys.exit(f"{folder.name}: {errors[0] if errors else 'is accepted'}")


def check_profiles(root, schema):
    """A profile may stand in the site file instead of a file's name."""
    quantities = set(re.findall(r"\{Quantity::\w+,\s*\"(\w+)\"", (root / "agent/core/quantity.cpp").read_text()))
    if missing := quantities - set(schema["$defs"]["quantity"]["enum"]):
        sys.exit(f"quantities that the schema does not know: {missing}")
    validator = jsonschema.Draft202012Validator({**schema, "$ref": "#/$defs/device_profile", "required": [], "properties": {}, "additionalProperties": True})
    for file in sorted((root / "config/devices").glob("*.yaml")):
        for error in validator.iter_errors(yaml.safe_load(file.read_text())):
            sys.exit(f"{file.name}: {error.json_path}: {error.message}")


def spoiled(site, spoil):
    result = copy.deepcopy(site)
    spoil(result)
    return result


RIGHT = {
    "range": lambda s: s["devices"].append({"id": "m_{n}", "bus": "b", "unit": "{n}", "for": {"n": "1..50"}}),
    "columns": lambda s: s["assets"].append({"id": "M-{n:02}", "for": {"n": [1, "3..4"], "flat": ["A", "B", "C"]}}),
    "rows": lambda s: s["buses"].append({"id": "b{n}", "driver": "modbus_tcp", "host": "10.0.0.{n}", "for": [{"n": 1}, {"n": 2}]}),
    "defaults": lambda s: s["buses"][0].update(defaults={"profile": "eastron_sdm120", "every": "10s", "own_key": 1}),
    "paces": lambda s: s["devices"][0].update(every={"fast": "1s", "normal": "10s", "slow": "1m"}),
    "port of a template": lambda s: s["buses"][0].update(port="{port}"),
    "several brokers": lambda s: s["broker"].update(urls=[s["broker"].pop("url")]),
    "another driver": lambda s: s["buses"].append({"id": "b", "driver": "own_driver", "own_key": [1]}),
}
WRONG = {
    "unknown key": lambda s: s["gateway"].update(hartbeat="5m"),
    "gateway missing": lambda s: s.pop("gateway"),
    "bad duration": lambda s: s["devices"][0].update(every="5 parsecs"),
    "bad pace": lambda s: s["devices"][0].update(every={"fast": "1s"}),
    "bad topic level": lambda s: s["assets"][0].update(id="Pump 1"),
    "no device point": lambda s: s["assets"][0]["points"].update(power="device"),
    "unknown key of a driver": lambda s: s["buses"][0].update(hots="x"),
    "port out of range": lambda s: s["buses"][0].update(port=70000),
    "no address of a broker": lambda s: s["broker"].update(url="http://x"),
    "url beside urls": lambda s: s["broker"].update(urls=["mqtt://x"]),
    "unknown operation": lambda s: s.update(commands={"requesters": [{"name": "dispatch", "operations": ["clsoe"]}]}),
    "requester without a name": lambda s: s.update(commands={"requesters": [{"operations": ["close"]}]}),
    "bad size": lambda s: s.update(telemetry={"buffer": "32 MB"}),
    "bad place": lambda s: s["site"].update(geo=[91, 0]),
    "variable without a name": lambda s: s["devices"][0].update({"for": "1..50"}),
    "profile without points": lambda s: s["devices"][0].update(profile={"protocol": "modbus"}),
    "no such quantity": lambda s: s["devices"][0].update(profile={"points": {"p": {"quantity": "powr"}}}),
    "bare variable": lambda s: s["devices"][0].update(unit={"n": None}),
    "bad key of a device in the defaults": lambda s: s["buses"][0].update(defaults={"every": "soon"}),
    "default that cannot be shared": lambda s: s["buses"][0].update(defaults={"id": "x"}),
}


def main(root):
    schema = json.loads((root / "config/site.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    examples = sorted((root / "config").glob("site*.yaml"))
    for example in examples:
        for error in validator.iter_errors(yaml.safe_load(example.read_text())):
            sys.exit(f"{example.name}: {error.json_path}: {error.message}")
    site = yaml.safe_load((root / "config/site.example.yaml").read_text())
    for name, change in RIGHT.items():
        for error in validator.iter_errors(spoiled(site, change)):
            sys.exit(f"refused: {name}: {error.json_path}: {error.message}")
    for name, change in WRONG.items():
        if validator.is_valid(spoiled(site, change)):
            sys.exit(f"accepted: {name}")
    check_cases(root, validator)
    check_profiles(root, schema)
    count = check_completeness(root, schema)
    print(f"{len(examples)} examples are valid, {len(WRONG)} wrong sites are refused, all {count} keys are known")


main(pathlib.Path(sys.argv[1]))
