"""Substations of district heating with faults put into their recorded histories, as a part of prognosis.py.

The scorer puts each of six faults COUNT times into each of two substations. One model file and one site file for all of them.
"""
import csv
import glob
import json
import os
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from targets import target

SEED, COUNT = 1, 17  # 204 histories
SITE = """
gateway: {id: gw-heat, clock: trust}
site: {id: HEAT, tz: UTC}
broker: {url: "mqtt://127.0.0.1:1883"}
store: {folder: %(folder)s}
buses: [{id: history, driver: csv, folder: "%(folder)s"}]
devices:
  - id: scada
    bus: history
    files: [%(name)s.csv]
    every: 1h
    profile:
      protocol: csv
      time: {column: timestamp}
      points:
        t_amb: {quantity: temperature, unit: degC, column: t_amb}
        t_ref: {quantity: temperature, unit: degC, column: t_ref}
        t_sup_prim: {quantity: temperature, unit: degC, column: t_sup_prim}
        t_ret_prim: {quantity: temperature, unit: degC, column: t_ret_prim}
        t_sup_sec: {quantity: temperature, unit: degC, column: t_sup_sec}
        t_ret_sec: {quantity: temperature, unit: degC, column: t_ret_sec}
        e: {quantity: active_energy, unit: MWh, column: e}
        pe: {quantity: active_power, unit: kW, column: pe}
assets:
  - id: SUB-1
    name: Substation
    model: substation
    points:
      outdoor_temperature: scada/t_amb
      supply_setpoint: scada/t_ref
      primary_supply_temperature: scada/t_sup_prim
      primary_return_temperature: scada/t_ret_prim
      supply_temperature: scada/t_sup_sec
      return_temperature: scada/t_ret_sec
      heat_power: scada/pe
      heat_energy: scada/e
"""
def replay(fettle, folder, name):
    site = os.path.join(folder, name + '.yaml')
    with open(site, 'w') as file:
        file.write(SITE % {'folder': folder, 'name': name})
    subprocess.run([fettle, 'replay', '-c', site, '--alerts', os.path.join(folder, name + '.alerts.csv')], capture_output=True, check=True)


def rows_of(path):
    with open(path, newline='') as file:
        return list(csv.DictReader(file))


def best_lead(scratch):
    """Hours, median: of an alert at the onset of every fault."""
    leads = []
    for path in glob.glob(scratch + '/*.json'):
        with open(path) as file:
            truth = json.load(file)
        if truth['onset']:
            onset, failure = [datetime.fromisoformat(truth[key].rstrip('Z')) for key in ('onset', 'failure')]
            leads.append((failure - onset).total_seconds() / 3600)
    return statistics.median(leads)


def lost_days(rows):
    """Days on which the recording has nothing: most rows repeat the one before, or have two thermometers at exactly 0."""
    shares, before = defaultdict(list), None
    for row in rows:
        shown = [row[name] for name in ('t_amb', 't_sup_prim', 't_ret_prim', 't_sup_sec', 't_ret_sec')]
        zeros = sum(value != '' and float(value) == 0 for value in shown)
        shares[row['timestamp'][:10]].append(shown == before or zeros >= 2)
        before = shown
    return {day for day, lost in shares.items() if 2 * sum(lost) > len(lost)}


def calls(scratch, counts):
    """Of the recordings as they are: the alerts that count, the hours with one of them open and all hours; the same of hours on days that are not lost."""
    alerts = total = loud = kept = loud_kept = 0
    for path in glob.glob(scratch + '/*-none.csv'):
        rows = rows_of(path)
        days = lost_days(rows)
        spans = [(alert['raised_at'][:13], alert['cleared_at'][:13] or '9') for alert in rows_of(path[:-4] + '.alerts.csv') if counts(alert)]
        alerts += len(spans)
        for hour in {row['timestamp'][:13] for row in rows}:
            is_loud = any(begin <= hour <= end for begin, end in spans)
            total, loud = total + 1, loud + is_loud
            if hour[:10] not in days:
                kept, loud_kept = kept + 1, loud_kept + is_loud
    return alerts, total, loud, kept, loud_kept


def figure(pattern, text):
    return float(re.search(pattern, text)[1])


def run(fettle, shared, scratch):
    """`scratch` holds equipment/, the models."""
    scorer = shared + '/bench/heat.py'
    subprocess.run([sys.executable, scorer, 'make', shared + '/data/XAI4HEAT', scratch, '--seed', str(SEED), '--count', str(COUNT)],
                   check=True, capture_output=True)
    names = sorted(os.path.basename(file)[:-len('.json')] for file in glob.glob(scratch + '/*.json'))
    print('\nSubstations with faults put in: %d histories of some years each, seed %d' % (len(names), SEED))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda name: replay(fettle, scratch, name), names))
    text = subprocess.run([sys.executable, scorer, 'score', scratch], capture_output=True, text=True, check=True).stdout
    print('  ' + text.strip().replace('\n', '\n  '))
    print('  an alert at the onset of every fault would have a median lead of %.1f h' % best_lead(scratch))
    for name, counts in (('more severe than a warning', lambda alert: alert['severity'] != 'warning'),
                         ('of them worth a visit as the contract says, what is said of sensors left out', lambda alert: alert['visit'] == 'true')):
        alerts, total, loud, kept, loud_kept = calls(scratch, counts)
        print('  alerts of the recordings as they are, %s: %d, open in %d of %d hours, normal accuracy %.3f; without the days on which most rows '
              'are frozen or have no value %d of %d, %.3f' % (name, alerts, loud, total, 1 - loud / total, loud_kept, kept, 1 - loud_kept / kept))
    target('eventwise F0.5', figure(r'recall [\d.]+ F0\.5 ([\d.]+)', text), 0.83)
    target('normal accuracy', figure(r'normal accuracy ([\d.]+)', text), 0.98, decimals=3)
    target('announced before the limit, %', figure(r'before failure \d+/\d+ \((\d+)', text), 60)
    target('median lead, days', figure(r'lead before failure: median ([\d.]+)', text) / 24, 3)
    target('dispatch-grade false alerts an asset-month', figure(r'\(([\d.]+) per month\)', text), 0.1, at_least=False, decimals=3)
