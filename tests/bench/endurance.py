#!/usr/bin/env python3
"""Months of a gateway's life in minutes: 200 points of 20 machines every five minutes, telemetry to a broker, in a memory cgroup of 64 MB.
Each fourth week a machine runs hot for a day. In the last week but one everything fails at once: all machines run hot, then meters and
broker are gone for five days. Needs root, for the cgroup (version 1).

usage: endurance.py FETTLE [WEEKS [MINUTES]]
"""
import contextlib
import json
import math
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from meters import Meters
from targets import finish, target

DAY = 86400
CGROUP = '/sys/fs/cgroup/memory/fettle-endurance-%d' % os.getpid()
MEMORY = 64 * 2**20
UNITS, REGISTERS, ROLES = 5, 40, 10
START = '2026-01-05T00:00:00Z'  # a Monday

MODEL = """class: warm_machine
title: A machine with thermometers
brick: brick:Equipment
roles:
  bearing_temperature: {quantity: temperature, required: true, title: Bearing temperature}
%s
modes:
  - mode: overheating
    iso14224: OHE
    part: bearing
    cause: a bearing without grease
    effect: the bearing seizes
    severity: major
    horizon: 30d
    indicators:
      - {name: heat, title: Bearing temperature, formula: bearing_temperature, quantity: temperature, every: 1h, warn: 60, limit: 80, source: a trial}
    advice: {code: GREASE, text: Grease the bearing, skills: [mech-1], parts: [{sku: G-1, name: grease, qty: 1}], minutes: 20}
"""


class Plant:
    """Registers in tenths of a degree: days, noise, and machines that run hot."""

    def __init__(self, speed):
        self.begin, self.speed = time.monotonic(), speed
        self.hot = set()  # machines
        self.meters = Meters(self.words)

    def now(self):
        """Simulated seconds since the start."""
        return (time.monotonic() - self.begin) * self.speed

    def words(self, unit, count):
        day = 2 * math.pi * self.now() / DAY
        noise = self.meters.requests * 7919
        swing = 400 + 30 * math.sin(day)
        words = [int(swing + 10 * math.sin(day + place) + (noise + 31 * place) % 10) for place in range(count)]
        for place in range(0, count, ROLES):
            if machine_of(unit, place) in self.hot:
                words[place] += 500
        return words


def machine_of(unit, place):
    return ((unit - 1) * REGISTERS + place) // ROLES


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as listening:
        return listening.getsockname()[1]


def write_site(folder, meters_port, broker_port):
    os.mkdir(os.path.join(folder, 'equipment'))
    others = ['temperature_%d' % place for place in range(1, ROLES)]
    with open(os.path.join(folder, 'equipment/warm_machine.yaml'), 'w') as model:
        model.write(MODEL % '\n'.join('  %s: {quantity: temperature, title: A temperature}' % role for role in others))
    points = ', '.join('p%d: {quantity: temperature, unit: degC, address: %d, type: i16, scale: 0.1}' % (place, place) for place in range(REGISTERS))
    with open(os.path.join(folder, 'site.yaml'), 'w') as site:
        site.write('gateway: {id: gw-1, clock: trust}\nsite: {id: HQ, tz: Europe/Berlin}\nstore: {folder: %s/store}\n' % folder)
        site.write('broker: {url: "mqtt://127.0.0.1:%d"}\ntelemetry: {every: 15m}\n' % broker_port)
        site.write('buses: [{id: lan, driver: modbus_tcp, host: 127.0.0.1, port: %d}]\ndevices:\n' % meters_port)
        for unit in range(1, UNITS + 1):
            site.write('  - {id: d%d, bus: lan, unit: %d, every: 5m, profile: {protocol: modbus, points: {%s}}}\n' % (unit, unit, points))
        site.write('assets:\n')
        for unit in range(1, UNITS + 1):
            for place in range(0, REGISTERS, ROLES):
                wires = ', '.join('%s: d%d/p%d' % (role, unit, place + number) for number, role in enumerate(['bearing_temperature'] + others))
                machine = machine_of(unit, place)
                site.write('  - {id: M-%d, name: Machine %d, model: warm_machine, points: {%s}}\n' % (machine, machine, wires))
    return site.name


class Broker:
    def __init__(self, folder, port):
        self.settings = os.path.join(folder, 'mosquitto.conf')
        with open(self.settings, 'w') as file:
            file.write('listener %d 127.0.0.1\nallow_anonymous true\n' % port)
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(['mosquitto', '-c', self.settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


class Agent:
    """In its cgroup, with what it says in a file."""

    def __init__(self, binary, site, folder, speed):
        self.binary, self.site, self.store = binary, site, os.path.join(folder, 'store')
        self.log = os.path.join(folder, 'log')
        with open(self.log, 'w') as log:
            self.process = subprocess.Popen([binary, 'run', '-c', site, '--speed', '%f@%s' % (speed, START)], stderr=log, preexec_fn=enter_cgroup)

    def is_alive(self):
        return self.process.poll() is None

    def sample(self, now):
        proc = '/proc/%d/' % self.process.pid
        with open(proc + 'status') as status:
            fields = dict(line.split(':', 1) for line in status)
        with open(proc + 'io') as io:
            written = int(dict(line.split(':') for line in io)['write_bytes'])
        files = sizes(self.store)
        with open(self.log) as log:
            lines = log.readlines()
        return {'day': now / DAY, 'resident': int(fields['VmRSS'].split()[0]) / 1024, 'threads': int(fields['Threads']),
                'descriptors': len(os.listdir(proc + 'fd')), 'store': sum(files.values()), 'files': files, 'written': written,
                'lines': len(lines), 'logged': sum(map(len, lines)), 'cgroup': number('memory.usage_in_bytes')}

    def status(self):
        """An agent that has a day's work to do each second may be late with its answer."""
        for _ in range(60):
            done = subprocess.run([self.binary, 'status', '-c', self.site, '--json'], capture_output=True, text=True)
            if done.returncode == 0:
                return json.loads(done.stdout)
            time.sleep(1)
        sys.exit('endurance: ' + done.stderr)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def sizes(folder):
    found = {}
    for name in os.listdir(folder):
        with contextlib.suppress(FileNotFoundError):  # SQLite's own come and go
            found[name] = os.path.getsize(os.path.join(folder, name))
    return found


def number(name):
    with open(os.path.join(CGROUP, name)) as file:
        return int(file.read())


def make_cgroup():
    try:
        os.mkdir(CGROUP)
        with open(os.path.join(CGROUP, 'memory.limit_in_bytes'), 'w') as file:
            file.write(str(MEMORY))
    except OSError as error:
        sys.exit('endurance: no memory cgroup can be made: %s (it needs root, and cgroups of version 1 in /sys/fs/cgroup/memory)' % error)


def enter_cgroup():
    with open(os.path.join(CGROUP, 'cgroup.procs'), 'w') as procs:
        procs.write(str(os.getpid()))


def play(plant, broker, weeks):
    """What happens at this moment."""
    day = plant.now() / DAY
    week, of_week = divmod(day, 7)
    fails = week == weeks - 2 and of_week < 6
    away = fails and of_week >= 1
    plant.hot = set(range(UNITS * REGISTERS // ROLES)) if fails else {int(week) % 20} if week % 4 == 3 and 2 <= of_week < 3 else set()
    plant.meters.silent = away
    if away and broker.process.poll() is None:
        broker.stop()
    elif not away and broker.process.poll() is not None:
        broker.start()


def live(plant, broker, agent, weeks):
    """A sample each quarter of a simulated day."""
    samples = []
    while plant.now() < weeks * 7 * DAY:
        play(plant, broker, weeks)
        time.sleep(max(0.05, DAY / 4 / plant.speed))
        if not agent.is_alive():
            with open(agent.log) as log:
                sys.exit('endurance: the agent ended with %d:\n%s' % (agent.process.returncode, log.read()[-2000:]))
        samples.append(agent.sample(plant.now()))
    return samples


def print_weeks(samples, weeks):
    print('  %4s %9s %9s %8s %12s %9s %10s %6s %9s' % ('week', 'RSS MiB', 'cgroup', 'threads', 'descriptors', 'store MB', 'written MB', 'lines', 'log bytes'))
    for week in range(weeks):
        of_week = between(samples, 7 * week, 7 * week + 7)
        if of_week:
            last = of_week[-1]
            print('  %4d %9.2f %9.1f %8d %12d %9.2f %10.1f %6d %9d' % (
                week + 1, middle(of_week, 'resident'), last['cgroup'] / 2**20, last['threads'], max(each['descriptors'] for each in of_week),
                last['store'] / 1e6, last['written'] / 1e6, last['lines'], last['logged']))
    print('  files at the end: ' + ', '.join('%s %.2f MB' % (name, size / 1e6) for name, size in sorted(samples[-1]['files'].items())))


def between(samples, begin, end):
    return [each for each in samples if begin <= each['day'] < end]


def middle(samples, what):
    return statistics.median(each[what] for each in samples)


def logged_a_day(span):
    return (span[-1]['logged'] - span[0]['logged']) / (span[-1]['day'] - span[0]['day'])


def judge(samples, weeks, status):
    quiet = 7 * (weeks - 2)
    middle_third, last_third = between(samples, quiet / 3, 2 * quiet / 3), between(samples, 2 * quiet / 3, quiet)
    outage = between(samples, quiet + 2, quiet + 6)
    print()
    target('growth of resident memory, last third of the quiet weeks against the middle one, MiB', middle(last_third, 'resident') - middle(middle_third, 'resident'), 0.5, at_least=False)
    target('descriptors more than before, after everything had failed', samples[-1]['descriptors'] - middle(last_third, 'descriptors'), 0, at_least=False, decimals=0)
    target('threads more than before, after everything had failed', samples[-1]['threads'] - middle(last_third, 'threads'), 0, at_least=False, decimals=0)
    target('most that the cgroup ever held, MiB', number('memory.max_usage_in_bytes') / 2**20, 64, at_least=False)
    target('store: history 64 MB, journal and learned state 50, telemetry 32, MB', max(each['store'] for each in samples) / 1e6, 146, at_least=False)
    target('written to disk, MB a day', samples[-1]['written'] / 1e6 / samples[-1]['day'], 20, at_least=False)
    target('log while meters and broker are gone, kB a day', logged_a_day(outage) / 1000, 100, at_least=False)
    target('log in the quiet weeks, kB a day', logged_a_day(between(samples, 7, quiet)) / 1000, 10, at_least=False)
    devices = status['buses'][0]['devices']
    polls, skipped = (sum(each[what] for each in devices) for what in ('polls', 'skipped'))
    print('  polls %d, skipped %d; alerts open at the end: %s' % (polls, skipped, status['alerts']))
    target('devices that answer again', sum(each['answering'] for each in devices), UNITS, decimals=0)
    target('broker connected again', int(status['broker']['connected']), 1, decimals=0)


def main(binary, weeks='13', minutes='12'):
    weeks = int(weeks)
    speed = weeks * 7 * DAY / (60 * float(minutes))
    make_cgroup()
    with tempfile.TemporaryDirectory(prefix='fettle-endurance.') as folder:
        plant, broker_port = Plant(speed), free_port()
        broker = Broker(folder, broker_port)
        agent = Agent(binary, write_site(folder, plant.meters.port, broker_port), folder, speed)
        print('%d simulated weeks in %s minutes (%.0f times as fast); 200 points of 20 machines every 5 minutes; %s' % (
            weeks, minutes, speed, subprocess.run([binary, '--version'], capture_output=True, text=True).stdout.strip()), flush=True)
        try:
            samples = live(plant, broker, agent, weeks)
            print_weeks(samples, weeks)
            judge(samples, weeks, agent.status())
            target('exit status', agent.stop(), 0, at_least=False, decimals=0)
        finally:
            for process in (agent.process, broker.process):
                if process.poll() is None:
                    process.kill()
                    process.wait()
            os.rmdir(CGROUP)
    return finish()


sys.exit(main(*sys.argv[1:]))
