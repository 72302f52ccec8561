#!/usr/bin/env python3
"""What the agent takes of a gateway: bytes of the binary and what dominates them, memory, time to the first reading, instructions a reading.

usage: footprint.py BUILD_FOLDER RELEASE_FETTLE [ARCH=FETTLE...]    ARCH: arm64, armhf
"""
import csv
import datetime
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

from meters import Meters
from targets import finish, target

FOLDER = os.path.dirname(os.path.abspath(__file__))
TOOLS = {'amd64': '', 'arm64': 'aarch64-linux-gnu-', 'armhf': 'arm-linux-gnueabihf-'}
EMULATORS = {'arm64': 'qemu-aarch64', 'armhf': 'qemu-arm'}
# Whose code a symbol is, by the first pattern that is found in it.
OWNERS = [('CLI11', r'\bCLI::'), ('Asio', r'boost::asio'), ('Boost.Math', r'boost::math'), ('Boost, rest', r'\bboost::'), ('Eigen', r'\bEigen::'),
          ('Paho C++', r'\bmqtt::'), ('yaml-cpp', r'\bYAML::'), ('fmt, spdlog', r'\b(fmt|spdlog)::'), ('pages of reports', r'page_assets|page::'),
          ('Fettle', r'\bfettle::'), ('libstdc++ templates', r'\bstd::')]
REGISTERS = 40


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def stripped_size(arch, binary):
    with tempfile.NamedTemporaryFile() as stripped:
        subprocess.run([TOOLS[arch] + 'strip', '-o', stripped.name, binary], check=True)
        return os.path.getsize(stripped.name)


def print_sizes(arch, binary):
    size = stripped_size(arch, binary)
    sections = {}
    for line in output('size', '-A', binary).splitlines():
        cells = line.split()
        if len(cells) == 3 and cells[1].isdigit() and not cells[0].startswith(('.debug', '.comment')):
            sections[cells[0]] = int(cells[1])
    largest = sorted(sections.items(), key=lambda each: -each[1])[:6]
    print('  %-6s %9d bytes stripped: %s' % (arch, size, ', '.join('%s %d' % each for each in largest)))
    return size


def print_owners(arch, binary):
    owners, total = {}, 0
    for line in output(TOOLS[arch] + 'nm', '--size-sort', '-C', '-S', binary).splitlines():
        cells = line.split(None, 3)
        if len(cells) < 4 or cells[2] in 'bB':
            continue
        owner = next((name for name, pattern in OWNERS if re.search(pattern, cells[3].split('(')[0])), 'other')
        owners[owner] = owners.get(owner, 0) + int(cells[1], 16)
        total += int(cells[1], 16)
    print('  code and constants by owner, %s: %s' % (
        arch, ', '.join('%s %.0f kB' % (name, size / 1000) for name, size in sorted(owners.items(), key=lambda each: -each[1]))))


def write_site(folder, port, devices):
    points = ', '.join('p%d: {quantity: temperature, unit: degC, address: %d, type: i16, scale: 0.1}' % (place, place) for place in range(REGISTERS))
    with open(os.path.join(folder, 'site.yaml'), 'w') as site:
        site.write('gateway: {id: gw-1, clock: trust}\nsite: {id: HQ, tz: UTC}\nstore: {folder: %s/store}\n' % folder)
        site.write('buses: [{id: lan, driver: modbus_tcp, host: 127.0.0.1, port: %d}]\ndevices:\n' % port)
        if devices == 1:
            site.write('  - {id: meter, bus: lan, unit: 1, profile: eastron_sdm630, every: 10s}\n')
        for unit in range(1, devices + 1) if devices > 1 else []:
            site.write('  - {id: d%d, bus: lan, unit: %d, every: 10s, profile: {protocol: modbus, points: {%s}}}\n' % (unit, unit, points))
    return site.name


def memory(pid):
    with open('/proc/%d/smaps_rollup' % pid) as rollup:
        kilobytes = dict(re.findall(r'^(\w+): +(\d+) kB', rollup.read(), re.MULTILINE))
    return tuple(int(kilobytes[key]) / 1024 for key in ('Rss', 'Pss', 'Anonymous'))


def run_agent(binary, devices, seconds):
    """RSS, PSS, anonymous memory in MiB after so many seconds; milliseconds from the start until the first answer of a meter."""
    meters = Meters()
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(FOLDER, '../../config/devices'), os.path.join(folder, 'devices'))
        site = write_site(folder, meters.port, devices)
        begin = time.monotonic()
        with open(os.path.join(folder, 'log'), 'w+') as log:
            agent = subprocess.Popen([binary, 'run', '-c', site], stderr=log)
            time.sleep(seconds)
            if agent.poll() is not None or meters.first is None:
                log.seek(0)
                sys.exit('footprint: the agent reads nothing:\n' + log.read())
            figures = memory(agent.pid)
            agent.send_signal(signal.SIGTERM)
            agent.wait(20)
    return (*figures, 1000 * (meters.first - begin))


def write_history(file, rows):
    begin = datetime.datetime(2026, 1, 1)
    with open(file, 'w', newline='') as table:
        writer = csv.writer(table)
        writer.writerow(['time', 'value'])
        for row in range(rows):
            noise = (row * 7919 % 1000) / 1000
            writer.writerow([(begin + datetime.timedelta(minutes=5 * row)).isoformat() + 'Z', '%.3f' % (20 + 5 * math.sin(row / 45.8) + noise)])


def instructions(build, arch, binary, table):
    if arch == 'amd64':
        command = ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null']
        pattern = r'Collected : (\d+)'
    else:
        plugin = os.path.join(build, 'instructions.so')
        subprocess.run(['gcc', '-O2', '-shared', '-fPIC', os.path.join(FOLDER, 'instructions.c'), '-o', plugin], check=True)
        command = [EMULATORS[arch], '-plugin', plugin, '-L', os.path.join(build, '../sysroot', arch)]
        pattern = r'instructions: (\d+)'
    done = subprocess.run([*command, binary, 'score', table], capture_output=True, text=True, check=True)
    return int(re.search(pattern, done.stderr)[1])


def print_instructions(build, binaries):
    print('\nInstructions a reading that `fettle score` reads, judges and writes (rows 10,001 to 20,000 of a table)')
    with tempfile.TemporaryDirectory() as folder:
        tables = [os.path.join(folder, '%d.csv' % rows) for rows in (10000, 20000)]
        write_history(tables[0], 10000)
        write_history(tables[1], 20000)
        for arch, binary in binaries:
            few, many = (instructions(build, arch, binary, table) for table in tables)
            print('  %-6s %8.0f' % (arch, (many - few) / 10000), flush=True)


def main(build, release, *others):
    binaries = [('amd64', release)] + [tuple(each.split('=', 1)) for each in others]
    print('Sizes: %s' % ', '.join('%s %s' % each for each in binaries))
    sizes = {arch: print_sizes(arch, binary) for arch, binary in binaries}
    for arch, binary in binaries:
        print_owners(arch, binary)
    if 'arm64' in sizes:
        target('stripped binary for arm64, MB', sizes['arm64'] / 1e6, 2, at_least=False)

    print('\nMemory and start: one Modbus TCP server on loopback, every 10 s, no broker; 30 s after the start')
    print('  %-24s %8s %8s %10s %18s' % ('', 'RSS MiB', 'PSS MiB', 'anonymous', 'first answer, ms'))
    one, many = run_agent(release, 1, 30), run_agent(release, 25, 30)
    for name, figures in (('one meter', one), ('1,000 points', many)):
        print('  %-24s %8.1f %8.1f %10.1f %18.0f' % (name, *figures))
    target('resident memory with one meter, MiB', one[0], 12, at_least=False)
    target('resident memory with 1,000 points, MiB', many[0], 16, at_least=False)
    target('start to the first answer of a meter, ms', one[3], 300, at_least=False)

    print_instructions(build, binaries)
    return finish()


sys.exit(main(*sys.argv[1:]))
