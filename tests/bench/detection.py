#!/usr/bin/env python3
"""How good the detectors are on recorded data that people have labelled, and what they cost.

usage: detection.py FETTLE PANEL_COST SHARED

FETTLE and PANEL_COST are programs of one build; SHARED has data/ and bench/, the recordings and their scorers. Every file is judged by
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

THRESHOLD = 0.35  # of anomaly_score, for all files: 4.2 of 12
PHASES = 8        # the data multiplied by 2^(k/32): how bins happen to lie shall not count
misses = []


def target(name, value, bound, at_least=True):
    good = value >= bound if at_least else value <= bound
    print('  %-62s %8.2f  wanted %s %g  %s' % (name, value, 'at least' if at_least else 'at most', bound, '' if good else 'MISSED'))
    if not good:
        misses.append(name)


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


def run_cost(panel_cost):
    print('\nCost of the generic detector')
    cost = json.loads(subprocess.run([panel_cost], capture_output=True, text=True, check=True).stdout)
    target('microseconds a sample', cost['microseconds'], 1.5, at_least=False)
    target('state, kB a point', cost['state'] / 1000, 48, at_least=False)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    fettle, panel_cost, shared = sys.argv[1:]
    if not os.path.isdir(shared + '/data/NAB'):
        sys.exit('detection.py: no recordings in %s/data; they are not part of this project' % shared)
    print('%s, %s, %d cores; %s' % (platform.machine(), platform.system(), os.cpu_count(), fettle))
    run_cost(panel_cost)
    with tempfile.TemporaryDirectory() as scratch:
        run_nab(fettle, shared, scratch)
        run_skab(fettle, shared, scratch)
    print('\n' + ('MISSED: ' + ', '.join(misses) if misses else 'All targets are met.'))
    sys.exit(1 if misses else 0)


if __name__ == '__main__':
    main()
