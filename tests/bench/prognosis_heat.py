"""Substations of district heating with faults put into their recorded histories, as a part of prognosis.py.

The scorer puts each of six faults COUNT times into each of two substations. One model file and one site file for all of them.
"""
import glob
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

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
    target('eventwise F0.5', figure(r'recall [\d.]+ F0\.5 ([\d.]+)', text), 0.83)
    target('normal accuracy', figure(r'normal accuracy ([\d.]+)', text), 0.98, decimals=3)
    target('announced before the limit, %', figure(r'before failure \d+/\d+ \((\d+)', text), 60)
    target('median lead, days', figure(r'lead before failure: median ([\d.]+)', text) / 24, 3)
    target('dispatch-grade false alerts an asset-month', figure(r'\(([\d.]+) per month\)', text), 0.1, at_least=False, decimals=3)
