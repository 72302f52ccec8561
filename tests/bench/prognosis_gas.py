"""A campus boiler's gas pressure, labelled by eye, as a part of prognosis.py: rows every quarter of an hour, and whenever it changes.

Its regulator is taken to be set to the median of what lies before the time that is scored; nothing else of the recording is used.
"""
import csv
import os
import re
import statistics
import subprocess
import sys

from targets import target

RECORDING, SCORED_FROM = '/data/UBC_CEC/boiler1_gas_pressure_4b.csv', '2020-10-12T16:30:00Z'
SITE = """
gateway: {id: gw-gas, clock: trust}
site: {id: GAS, tz: UTC}
broker: {url: "mqtt://127.0.0.1:1883"}
store: {folder: %(folder)s}
buses: [{id: history, driver: csv, folder: "%(folder)s"}]
devices:
  - id: plant
    bus: history
    files: [gas.csv]
    every: 5m
    profile:
      protocol: csv
      time: {column: time}
      points:
        gas_pressure: {quantity: pressure, unit: kPa, column: gas_pressure}
assets:
  - id: GAS-1
    name: Gas train of boiler 1
    model: gas_train
    parameters: {gas_set_pressure: %(set_point).0f}
    points: {gas_pressure: plant/gas_pressure}
"""


def figure(pattern, text):
    return float(re.search(pattern, text)[1])


def prepare(shared, scratch):
    """The recording in the order of time, without its labels."""
    with open(shared + RECORDING, newline='') as file:
        rows = sorted((time_of(row['Datetime']), float(row['Value'])) for row in csv.DictReader(file))
    with open(os.path.join(scratch, 'gas.csv'), 'w') as file:
        file.write('time,gas_pressure\n')
        file.writelines('%s,%.4f\n' % row for row in rows)
    return 1000 * statistics.median(value for time, value in rows if time < SCORED_FROM)


def time_of(text):
    day, _, clock = text.partition(' ')
    return '%sT%sZ' % (day, clock.zfill(8))


def run(fettle, shared, scratch):
    """`scratch` holds equipment/, the models."""
    set_point = prepare(shared, scratch)
    site, alerts = os.path.join(scratch, 'gas.yaml'), os.path.join(scratch, 'gas.alerts.csv')
    with open(site, 'w') as file:
        file.write(SITE % {'folder': scratch, 'set_point': set_point})
    subprocess.run([fettle, 'replay', '-c', site, '--alerts', alerts], capture_output=True, check=True)
    print('\nGas pressure of a boiler, events labelled by eye, scored from %s; set point %.1f kPa' % (SCORED_FROM[:10], set_point / 1000))
    for severities, what in (('critical,major,minor', 'for a visit'), ('', 'all, for information too')):
        text = subprocess.run([sys.executable, shared + '/bench/ubc.py', alerts, shared + RECORDING, '--from', SCORED_FROM, '--severity', severities],
                              capture_output=True, text=True, check=True).stdout.strip()
        print('  %-26s %s' % (what, text.replace('\n', '\n    ')))
        if severities:
            found, all_events = re.search(r'events found (\d+)/(\d+)', text).groups()
            target('labelled events found', int(found), int(all_events))
            target('false episodes an asset-month', figure(r'\(([\d.]+) per month\)', text), 0.3, at_least=False, decimals=2)
