#!/usr/bin/env python3
"""How well failures of district heating substations are foreseen: recorded histories with faults put into them.

usage: prognosis_heat.py FETTLE MODELS SHARED [COUNT]

FETTLE is the program, MODELS the folder that holds equipment/, SHARED has data/ and bench/, the recordings and their scorer, which puts
COUNT (default 17: 204 histories) of each of six faults into each of two substations. One model file and one site file for all of them.
Exits with 1 if a target is missed.
"""
import glob
import os
import platform
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

SEED = 1
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
misses = []


def target(name, value, bound, at_least=True):
    good = value >= bound if at_least else value <= bound
    print('  %-62s %8.3f  wanted %s %g  %s' % (name, value, 'at least' if at_least else 'at most', bound, '' if good else 'MISSED'))
    if not good:
        misses.append(name)


def replay(fettle, models, folder, name):
    site = os.path.join(folder, name + '.yaml')
    with open(site, 'w') as file:
        file.write(SITE % {'folder': folder, 'name': name})
    subprocess.run([fettle, 'replay', '-c', site, '--alerts', os.path.join(folder, name + '.alerts.csv')], capture_output=True,
                   check=True, env=dict(os.environ, FETTLE_DATA=models))


def figure(pattern, text):
    return float(re.search(pattern, text)[1])


def main():
    fettle, models, shared = sys.argv[1:4]
    count = sys.argv[4] if len(sys.argv) > 4 else '17'
    print('%s, %s, %d cores; %s' % (platform.machine(), platform.system(), os.cpu_count(), fettle))
    with tempfile.TemporaryDirectory() as folder:
        scorer = shared + '/bench/heat.py'
        subprocess.run([sys.executable, scorer, 'make', shared + '/data/XAI4HEAT', folder, '--seed', str(SEED), '--count', count], check=True,
                       capture_output=True)
        names = [os.path.basename(file)[:-len('.json')] for file in sorted(glob.glob(folder + '/*.json'))]
        print('\nSubstations with faults put in: %d histories of some years each, seed %d' % (len(names), SEED))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda name: replay(fettle, models, folder, name), names))
        text = subprocess.run([sys.executable, scorer, 'score', folder], capture_output=True, text=True, check=True).stdout
    print(text)
    target('eventwise F0.5', figure(r'eventwise precision .* F0\.5 ([\d.]+)', text), 0.83)
    target('normal accuracy', figure(r'normal accuracy ([\d.]+)', text), 0.98)
    target('announced before the limit, %', figure(r'before failure \d+/\d+ \((\d+)', text), 60)
    target('median lead, days', figure(r'lead before failure: median ([\d.]+)', text) / 24, 3)
    target('dispatch-grade false alerts an asset-month', figure(r'\(([\d.]+) per month\)', text), 0.1, at_least=False)
    if misses:
        print('\nmissed: ' + ', '.join(misses))
    return 1 if misses else 0


if __name__ == '__main__':
    sys.exit(main())
