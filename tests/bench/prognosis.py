#!/usr/bin/env python3
"""How well failure modes are recognised and foretold on recorded data.

usage: prognosis.py FETTLE SHARED [PART...]

FETTLE is a program of a release build, beside it life_forecasts and forecast_calibration; SHARED has data/ and bench/, the recordings and their scorers. PART is one of those printed at the end; all
if none is given. Every machine is judged by the models in config/equipment as they are shipped. Exits with 1 if a target is missed.
"""
import csv
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

import prognosis_gas
import prognosis_heat
import prognosis_life
from targets import finish, target

EQUIPMENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../config/equipment')


def replay(fettle, site, alerts):
    """The rows of the alerts that a site's history leads to."""
    done = subprocess.run([fettle, 'replay', '-c', site, '--alerts', alerts], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit('prognosis.py: %s: %s%s' % (site, done.stdout, done.stderr))
    with open(alerts, newline='') as rows:
        return list(csv.DictReader(rows))


AIR_HANDLER_SITE = """
gateway: {id: gw-bench, clock: trust}
site: {id: BENCH, tz: UTC}
broker: {url: "mqtt://127.0.0.1:1883"}
store: {folder: %(scratch)s}
buses: [{id: history, driver: csv, folder: "%(scratch)s"}]
devices:
  - id: unit
    bus: history
    files: [day.csv]
    every: 1m
    profile:
      protocol: csv
      time: {column: Datetime, format: "%%m/%%d/%%Y %%H:%%M", zone: UTC}
      points:
%(points)s
assets:
  - id: %(asset)s
    name: Air handler
    model: air_handler
    parameters: {%(parameters)s}
    points: {%(roles)s}
"""

# What the files call the roles of the model; a unit has some of them.
AIR_HANDLER_COLUMNS = {
    'Supply Air Temperature': ('supply_temperature', 'temperature', 'degF'),
    'Supply Air Temperature Set Point': ('supply_setpoint', 'temperature', 'degF'),
    'Supply Air Temperature Cooling Set Point': ('supply_setpoint', 'temperature', 'degF'),
    'Outdoor Air Temperature': ('outdoor_temperature', 'temperature', 'degF'),
    'Mixed Air Temperature': ('mixed_temperature', 'temperature', 'degF'),
    'Return Air Temperature': ('return_temperature', 'temperature', 'degF'),
    'Supply Air Fan Speed Control Signal': ('fan_speed', 'ratio', '1'),
    'Outdoor Air Damper Control Signal': ('damper_command', 'ratio', '1'),
    'Cooling Coil Valve Control Signal': ('cooling_command', 'ratio', '1'),
    'Heating Coil Valve Control Signal': ('heating_command', 'ratio', '1'),
    'Supply Air Duct Static Pressure Set Point': ('duct_pressure_setpoint', 'pressure', 'inH2O'),
    'Supply Air Duct Static Pressure': ('duct_pressure', 'pressure', 'inH2O'),
    'Occupancy Mode Indicator': ('occupied', 'state', None),
}

# What is left of the model when so much is taken away: the tolerance of Guideline 36's FC8 for a mixed air sensor of 3 K instead of the coils'
# own, and the rules that look where the guideline does not.
GUIDELINE = {'leak_warning': 3.16, 'leak_limit': 3.16}
OWN_RULES = ('cooled_outdoor_air', 'outdoor_share_while_shut', 'standing_air_cold', 'standing_air_warm')
VARIANTS = (
    ('rules and tolerances of Guideline 36 alone', OWN_RULES, GUIDELINE),
    ('leaks from 2.5 K, watched from 1.4 K, as APAR', OWN_RULES, {}),
    ('and outdoor air while the damper is shut', ('cooled_outdoor_air', 'standing_air_cold', 'standing_air_warm'), {}),
    ('and air at rest', ('cooled_outdoor_air',), {}),
    ('as shipped: and outdoor air alone at any speed', (), {}),
)


def model_without(indicators, text):
    for name in indicators:
        text, times = re.subn(r'(?m)^      - name: %s\n(?:^        .*\n)+' % name, '', text)
        assert times == 1, name
    return text


def days_of(path):
    """-> the header without the files' decorations, and the rows of each day"""
    days = {}
    with open(path, newline='', encoding='utf-8-sig') as file:
        rows = csv.reader(file)
        header = [name.strip().replace('AHU: ', '') for name in next(rows)]
        for row in rows:
            days.setdefault(row[0].split()[0], []).append(row)
    return header, days


def air_handler_site(asset, header, scratch, parameters):
    known = [(name, *AIR_HANDLER_COLUMNS[name]) for name in header if name in AIR_HANDLER_COLUMNS]
    points = '\n'.join('        %s: {quantity: %s, %scolumn: "%s"}' % (role, quantity, 'unit: "%s", ' % unit if unit else '', name)
                       for name, role, quantity, unit in known)
    roles = ', '.join('%s: unit/%s' % (role, role) for _, role, _, _ in known)
    return AIR_HANDLER_SITE % {'scratch': scratch, 'asset': asset, 'points': points, 'roles': roles,
                               'parameters': ', '.join('%s: %g' % each for each in parameters.items())}


def air_handler_alerts(fettle, data, scratch, parameters):
    """Each day is a case of its own: the faults were put in at midnight, and what was learned before is forgotten."""
    alerts = []
    for file in sorted(os.listdir(data)):
        if not file.endswith('.csv') or file.endswith('-faults.csv'):
            continue
        header, days = days_of(os.path.join(data, file))
        site, day, out = (os.path.join(scratch, name) for name in ('site.yaml', 'day.csv', 'day_alerts.csv'))
        with open(site, 'w') as text:
            text.write(air_handler_site(file[:-len('.csv')], header, scratch, parameters))
        for rows in days.values():
            with open(day, 'w', newline='') as text:
                csv.writer(text).writerows([header] + rows)
            raised = replay(fettle, site, out)
            for alert in raised:
                alert['cleared_at'] = alert['cleared_at'] or alert['raised_at'][:len('2007-08-28')] + 'T23:59:59Z'
            alerts += raised
    return alerts


def score_air_handlers(alerts, shared, scratch):
    path = os.path.join(scratch, 'alerts.csv')
    with open(path, 'w', newline='') as out:
        writer = csv.DictWriter(out, ['asset', 'mode', 'kind', 'severity', 'raised_at', 'cleared_at', 'ttf_low_h', 'ttf_mid_h', 'ttf_high_h'], extrasaction='ignore')
        writer.writeheader()
        writer.writerows(alerts)
    text = subprocess.run([sys.executable, shared + '/bench/lbnl.py', path, '--data', shared + '/data/LBNL_AHU', '--days'],
                          capture_output=True, text=True, check=True).stdout
    found = re.search(r'all +fault days found (\d+)/(\d+).*flagged (\d+)/(\d+).*detect (\S+) \(occupied (\S+)\)  right component (\d+) % '
                      r'\(first alert\) (\d+) %', text)
    names = ('found', 'faults', 'flagged', 'healthy', 'minutes', 'occupied_minutes', 'right_first', 'right_any')
    return dict(zip(names, (float(each) for each in found.groups()))), text


def run_lbnl(fettle, shared, scratch):
    data = shared + '/data/LBNL_AHU'
    print('\nLBNL air handlers: one real and one simulated unit, each day on its own')
    print('  %-62s %7s %8s %18s %6s %6s' % ('', 'found', 'flagged', 'occupied minutes', 'first', 'any'))
    with open(os.path.join(EQUIPMENT, 'air_handler.yaml')) as file:
        model = file.read()
    for name, left_out, parameters in VARIANTS:
        with open(os.path.join(scratch, 'equipment', 'air_handler.yaml'), 'w') as file:
            file.write(model_without(left_out, model))
        figures, text = score_air_handlers(air_handler_alerts(fettle, data, scratch, parameters), shared, scratch)
        print('  %-62s %4d/%2d %5d/%2d %18.0f %4.0f %% %4.0f %%'
              % (name, figures['found'], figures['faults'], figures['flagged'], figures['healthy'], figures['occupied_minutes'],
                 figures['right_first'], figures['right_any']), flush=True)
    print('  ' + text.strip().replace('\n', '\n  '))
    target('fault days found of %d' % figures['faults'], figures['found'], 18)
    target('healthy days flagged of %d' % figures['healthy'], figures['flagged'], 0, at_least=False)
    target('right component in the first alert, %', figures['right_first'], 80)
    target('median occupied minutes to detect', figures['occupied_minutes'], 120, at_least=False)


PARTS = {'lbnl': run_lbnl, 'life': prognosis_life.run, 'heat': prognosis_heat.run, 'gas': prognosis_gas.run}


def main():
    if len(sys.argv) < 3 or any(part not in PARTS for part in sys.argv[3:]):
        sys.exit(__doc__.strip() + '\n\nparts: ' + ' '.join(PARTS))
    fettle, shared = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    if not os.path.isdir(shared + '/data'):
        sys.exit('prognosis.py: no recordings in %s/data; they are not part of this project' % shared)
    print('%s, %s, %d cores; %s' % (platform.machine(), platform.system(), os.cpu_count(), fettle))
    for part in sys.argv[3:] or PARTS:
        with tempfile.TemporaryDirectory() as scratch:
            shutil.copytree(EQUIPMENT, os.path.join(scratch, 'equipment'))
            PARTS[part](fettle, shared, scratch)
    sys.exit(finish())


if __name__ == '__main__':
    main()
