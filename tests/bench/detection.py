#!/usr/bin/env python3
"""How good the detectors are on recorded data that people have labelled, and what they cost.

usage: detection.py FETTLE PANEL_COST PANEL_SCORE SOAK SHARED

FETTLE, PANEL_COST, PANEL_SCORE and SOAK are programs of one build; SHARED has data/ and bench/, the recordings and their scorers. Every file is judged by
one configuration and one threshold; a row's score knows the rows before it only. Exits with 1 if a target is missed.
"""
import csv
import json
import math
import os
import platform
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

from targets import finish, target

THRESHOLD = 0.35  # of anomaly_score, for all files: 4.2 of 12
PHASES = 8        # the data multiplied by 2^(k/32): how bins happen to lie shall not count


def files_below(folder):
    return sorted(os.path.relpath(os.path.join(path, name), folder)
                  for path, _, names in os.walk(folder) for name in names if name.endswith('.csv'))


def rows_of(path):
    with open(path, newline='') as file:
        return [(row['timestamp'], float(row['value'])) for row in csv.DictReader(file)]


def write_scores(path, rows, scores):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as file:
        file.write('timestamp,value,anomaly_score\n')
        file.writelines('%s,%r,%.6g\n' % (time, value, score) for (time, value), score in zip(rows, scores))


def score_with(fettle, text, *options):
    done = subprocess.run([fettle, 'score', *options], input=text, capture_output=True, text=True, check=True)
    return list(csv.DictReader(done.stdout.splitlines()))


def of_fettle(fettle, scale):
    def judge(rows):
        text = 'timestamp,value\n' + ''.join('%s,%r\n' % (time, value * scale) for time, value in rows)
        return [float(row['anomaly_score']) for row in score_with(fettle, text)]
    return judge


SEATS = {'range': 1, 'level': 1, 'week': 1, 'shift': 1.4, 'dwell': 1, 'sequence': 1.2}
ROWS = 128  # of the longest memory's table, as shipped


def second_of(time):
    return int(datetime.fromisoformat(time).replace(tzinfo=timezone.utc).timestamp())


def null(rows):
    return [0.5] * len(rows)


def plain_limit(rows):
    """Beyond mean and three standard deviations of the first 15 %: what an installer would set."""
    fit = [value for _, value in rows[:max(2, int(min(0.15 * len(rows), 750)))]]
    mean = sum(fit) / len(fit)
    spread = math.sqrt(sum((value - mean) ** 2 for value in fit) / len(fit)) or 1e-9
    return [min(1.0, abs(value - mean) / spread / 12) for _, value in rows]


def windowed_gaussian(rows, window=6400, lead=10):
    """Tail probability under the mean and spread of a sliding window."""
    scores, total, squares = [], 0.0, 0.0
    values = [value for _, value in rows]
    for place, value in enumerate(values):
        count = min(place, window)
        if count < lead:
            scores.append(0.0)
        else:
            mean = total / count
            spread = math.sqrt(max(squares / count - mean * mean, 0)) or 1e-9
            tail = 0.5 * math.erfc(abs(value - mean) / spread / math.sqrt(2))
            scores.append(min(1.0, -math.log10(max(tail, 1e-16)) / 16))
        total, squares = total + value, squares + value * value
        if place >= window:
            total, squares = total - values[place - window], squares - values[place - window] ** 2
    return scores


class Nab:
    """The Numenta Anomaly Benchmark, by the scorer beside the data."""

    def __init__(self, shared, scratch):
        self.data, self.scorer, self.scratch = shared + '/data/NAB', shared + '/bench/nab.py', scratch
        self.files = files_below(self.data + '/data')
        sys.path.insert(0, shared + '/bench')
        import nab
        self.nab = nab

    def judge(self, name, detector):
        folder = os.path.join(self.scratch, name)

        def one(file):
            rows = rows_of(os.path.join(self.data, 'data', file))
            write_scores(os.path.join(folder, file), rows, detector(rows))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(one, self.files))
        return folder

    def judge_by(self, panel_score, seats):
        """Mean figures of all phases by a panel of these seats, and the bytes of its state."""
        streams = [rows_of(os.path.join(self.data, 'data', file)) for file in self.files]

        def one(phase):
            scale = 2 ** (phase / 32)
            text = '\n'.join(''.join('%d %r\n' % (second_of(time), value * scale) for time, value in rows) for rows in streams)
            done = subprocess.run([panel_score] + ['%s=%g' % seat for seat in seats.items()], input=text, capture_output=True,
                                  text=True, check=True)
            scores = iter([min(1.0, float(score) / 12) for score in done.stdout.split()])
            folder = os.path.join(self.scratch, 'seats%d' % phase)
            for file, rows in zip(self.files, streams):
                write_scores(os.path.join(folder, file), rows, [next(scores) for _ in rows])
            return self.figures(folder, 'fixed:%g' % THRESHOLD), int(done.stderr)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            phases = list(pool.map(one, range(PHASES)))
        return [mean(each[0]['standard'][0] for each in phases), mean(each[0]['low-FP'][0] for each in phases),
                mean(each[0]['standard'][3] for each in phases), phases[0][1]]

    def figures(self, folder, tune):
        text = subprocess.run([sys.executable, self.scorer, folder, '--tune', tune], capture_output=True, text=True, check=True).stdout
        figures = {}
        for line in text.splitlines():
            found = re.match(r'(standard|low-FP)\s+\S+\s+(-?[\d.]+)\s+(\d+)/(\d+)\s+(\d+)\s+(\d+)\s+([\d.]+)', line)
            if found:
                figures[found[1]] = [float(found[2]), int(found[3]), int(found[5]), float(found[7])]
        return figures

    def windows_at(self, folder, limits=(10, 20, 40, 80)):
        """Windows found with so many false rows at most."""
        streams, _ = self.nab.load(folder, self.data)
        weights = self.nab.PROFILES['standard']
        best = dict.fromkeys(limits, 0)
        for step in range(18, 84):
            outcomes = [self.nab.evaluate(stream, step / 100, weights) for stream in streams]
            false_rows, found = sum(each[2] for each in outcomes), sum(each[1] for each in outcomes)
            for limit in limits:
                if false_rows <= limit:
                    best[limit] = max(best[limit], found)
        return best


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def run_nab(fettle, shared, scratch):
    nab = Nab(shared, scratch)
    print('\nNAB: %d files, one threshold for all (%g), mean of %d scale phases' % (len(nab.files), THRESHOLD, PHASES))
    folders = [nab.judge('phase%d' % phase, of_fettle(fettle, 2 ** (phase / 32))) for phase in range(PHASES)]
    phases = [nab.figures(folder, 'fixed:%g' % THRESHOLD) for folder in folders]
    for profile in ('standard', 'low-FP'):
        scores = [each[profile][0] for each in phases]
        print('  %-9s %.1f to %.1f by phase' % (profile, min(scores), max(scores)))
    target('NAB standard', mean(each['standard'][0] for each in phases), 77)
    target('NAB low-FP', mean(each['low-FP'][0] for each in phases), 72)
    target('false episodes per stream-month', mean(each['standard'][3] for each in phases), 1.5, at_least=False)
    curves = [nab.windows_at(folder) for folder in folders]
    print('  windows found of 45 at so many false rows at most: '
          + ', '.join('%d: %.1f' % (limit, mean(curve[limit] for curve in curves)) for limit in curves[0]))
    print('  the floor, thresholds tuned on these very files for each:')
    for name, detector in (('null', null), ('plain limit', plain_limit), ('windowed Gaussian', windowed_gaussian)):
        figures = nab.figures(nab.judge(name.replace(' ', '_'), detector), 'dev')
        print('    %-18s standard %6.2f  low-FP %6.2f  false episodes per stream-month %.2f'
              % (name, figures['standard'][0], figures['low-FP'][0], figures['standard'][3]))


def run_variants(panel_score, shared, scratch):
    """What each expert is worth, and each byte."""
    nab = Nab(shared, scratch)
    form = '  %-24s %9s %8s %15s %9s'
    print('\nPanels of other seats, and with tables of other sizes (same files, phases and threshold; nothing was tuned again)')
    print(form % ('', 'standard', 'low-FP', 'false episodes', 'state, kB'))
    variants = [('as shipped', SEATS)]
    variants += [('without ' + left, {name: weight for name, weight in SEATS.items() if name != left}) for left in SEATS]
    for rows in (ROWS * 4, ROWS * 2, ROWS // 2, ROWS // 4):
        sized = {name + '/%d' % rows if name.endswith('sequence') else name: weight for name, weight in SEATS.items()}
        variants.append(('tables of %d rows' % rows, sized))
    for name, seats in variants:
        standard, low, episodes, state = nab.judge_by(panel_score, seats)
        print(form % (name, '%.2f' % standard, '%.2f' % low, '%.2f' % episodes, '%.1f' % (state / 1000)), flush=True)


def run_skab(fettle, shared, scratch):
    histories, folder = os.path.join(scratch, 'histories'), os.path.join(scratch, 'skab')
    subprocess.run([sys.executable, shared + '/bench/prepare.py', histories, '--data', shared + '/data', '--set', 'SKAB'],
                   capture_output=True, check=True)
    files = [file for file in files_below(histories + '/SKAB') if 'anomaly-free' not in file]
    print('\nSKAB: %d files, the first 400 rows to learn from' % len(files))
    for file in files:
        with open(os.path.join(histories, 'SKAB', file)) as history:
            rows = score_with(fettle, history.read(), '--fit', '400')
        path = os.path.join(folder, file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as out:
            out.write('datetime,pred,cp\n')
            out.writelines('%s,%s,%s\n' % (row['timestamp'], row['pred'], row['cp']) for row in rows)
    text = subprocess.run([sys.executable, shared + '/bench/skab.py', folder, '--data', shared + '/data/SKAB'], capture_output=True,
                          text=True, check=True).stdout
    print('  ' + text.strip().replace('\n', '\n  '))
    target('F1', float(re.search(r'F1\s+([\d.]+)', text)[1]), 0.72)
    target('false alarm rate, %', float(re.search(r'FAR\s+([\d.]+)', text)[1]), 15, at_least=False)
    target('changepoints, NAB standard', float(re.search(r'NAB standard\s+([\d.]+)', text)[1]), 25)


SOAK_YEARS = 200
HEAT_SITE = """
gateway: {id: gw-soak, clock: trust}
site: {id: SOAK, tz: Europe/Belgrade}
broker: {url: "mqtt://127.0.0.1:1883"}
store: {folder: %s}
buses: [{id: history, driver: csv, folder: "%s"}]
devices:
  - id: substation
    bus: history
    files: [%s]
    every: 1h
    profile:
      protocol: csv
      time: {column: timestamp}
      points:
        t_amb: {quantity: temperature, unit: degC, column: t_amb}
        t_sup_prim: {quantity: temperature, unit: degC, column: t_sup_prim}
        t_ret_prim: {quantity: temperature, unit: degC, column: t_ret_prim}
        t_sup_sec: {quantity: temperature, unit: degC, column: t_sup_sec}
        t_ret_sec: {quantity: temperature, unit: degC, column: t_ret_sec}
        pe: {quantity: active_power, unit: kW, column: pe}
assets:
  - id: SUB-1
    name: Substation
    points: {outdoor: substation/t_amb, supply_primary: substation/t_sup_prim, return_primary: substation/t_ret_prim,
             supply: substation/t_sup_sec, return: substation/t_ret_sec, power: substation/pe}
"""


def soak_real(fettle, shared, scratch):
    """Alerts of two substations without a model: nobody knows how healthy they were."""
    histories = os.path.join(scratch, 'histories')
    subprocess.run([sys.executable, shared + '/bench/prepare.py', histories, '--data', shared + '/data', '--set', 'XAI4HEAT'],
                   capture_output=True, check=True)
    months, alerts = 0.0, []
    for file in files_below(histories + '/XAI4HEAT'):
        site, out = os.path.join(scratch, 'soak.yaml'), os.path.join(scratch, 'soak.csv')
        with open(site, 'w') as text:
            text.write(HEAT_SITE % (scratch, histories + '/XAI4HEAT', file))
        subprocess.run([fettle, 'replay', '-c', site, '--alerts', out], capture_output=True, check=True)
        with open(os.path.join(histories, 'XAI4HEAT', file)) as history:
            times = [datetime.fromisoformat(row['timestamp'].replace('Z', '+00:00')) for row in csv.DictReader(history)]
        hours = {time.replace(minute=0, second=0) for time in times}
        months += len(hours) / 24 / 30.44
        with open(out) as rows:
            alerts += list(csv.DictReader(rows))
    return months, alerts


def run_soak(fettle, soak, shared, scratch):
    print('\nHealthy machines: alerts that are not true')
    site = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../config/site.example.yaml')
    lines = subprocess.run([soak, site, str(SOAK_YEARS)], capture_output=True, text=True, check=True).stdout.splitlines()
    print('\n'.join(lines[:-1]))
    simulated = json.loads(lines[-1])
    months = simulated['years'] * 12
    target('simulated, %d machine-years: dispatched a machine-month' % simulated['years'], simulated['dispatched'] / months, 0.01,
           at_least=False)
    print('  and advisory: %.4f' % (simulated['advisory'] / months))
    months, alerts = soak_real(fettle, shared, scratch)
    dispatched = [alert for alert in alerts if alert['severity'] != 'warning']
    for alert in alerts:
        print('  %(asset)s %(mode)s %(severity)s %(raised_at)s' % alert)
    target('substations, %.1f months: dispatched a machine-month' % months, len(dispatched) / months, 0.1, at_least=False)
    print('  and advisory: %.3f' % ((len(alerts) - len(dispatched)) / months))


def instructions(panel_cost, samples, runs):
    """By valgrind's counter: they do not depend on what else the machine does."""
    done = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', panel_cost, str(samples), str(runs)],
                          capture_output=True, text=True, check=True)
    return int(re.search(r'Collected : (\d+)', done.stderr)[1])


def run_cost(panel_cost):
    print('\nCost of the generic detector')
    cost = json.loads(subprocess.run([panel_cost], capture_output=True, text=True, check=True).stdout)
    target('microseconds a sample', cost['microseconds'], 1.5, at_least=False)
    samples = 50000
    print('  instructions a sample: %.0f' % ((instructions(panel_cost, samples, 2) - instructions(panel_cost, samples, 1)) / samples))
    target('state, kB a point', cost['state'] / 1000, 24, at_least=False)


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__.strip())
    fettle, panel_cost, panel_score, soak, shared = sys.argv[1:]
    if not os.path.isdir(shared + '/data/NAB'):
        sys.exit('detection.py: no recordings in %s/data; they are not part of this project' % shared)
    print('%s, %s, %d cores; %s' % (platform.machine(), platform.system(), os.cpu_count(), fettle))
    run_cost(panel_cost)
    with tempfile.TemporaryDirectory() as scratch:
        run_nab(fettle, shared, scratch)
        run_skab(fettle, shared, scratch)
        run_variants(panel_score, shared, scratch)
        run_soak(fettle, soak, shared, scratch)
    sys.exit(finish())


if __name__ == '__main__':
    main()
