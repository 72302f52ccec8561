"""Simulated Modbus devices on one serial line: meters_peer.py TTY UNIT:PROFILE... [--delay MILLISECONDS]

Each unit holds the registers that its profile (config/devices) gives as examples, and says in the registers of `identify` what the
profile expects there. Registers near those read 0, all others are refused, and so are longer requests than the profile allows.
Counters that are 32-bit floats rise. It prints "ready" when it can be asked, and "asked UNIT" when
a unit is asked for the first time.
"""
import os
import pathlib
import select
import struct
import sys
import time
import tty

import yaml

DEVICES = pathlib.Path(__file__).resolve().parents[2] / 'config' / 'devices'
HOLDING, INPUT = 3, 4
MARGIN = 64
MARKER = [0x5375, 0x6E53]
SUNSPEC_BASE = 40000


def crc(data):
    total = 0xFFFF
    for byte in data:
        total ^= byte
        for _ in range(8):
            total = total >> 1 ^ (0xA001 if total & 1 else 0)
    return struct.pack('<H', total)


def words_of_text(text, count):
    data = text.encode().ljust(2 * count, b'\0')[:2 * count]
    return list(struct.unpack(f'>{count}H', data))


def words_of_number(text, kind):
    number = int(str(text).split('..')[0], 0)
    count = int(kind[1:]) // 16
    return [number >> 16 * (count - 1 - place) & 0xFFFF for place in range(count)]


class Meter:
    def __init__(self, name):
        profile = yaml.load((DEVICES / f'{name}.yaml').read_text(), yaml.BaseLoader)
        defaults = profile.get('defaults', {})
        self.longest = int(profile.get('max_registers', 125))
        self.tables = {HOLDING: {}, INPUT: {}}
        self.counters = []
        default = defaults.get('table', 'holding')
        base = 0
        if 'sunspec' in profile:
            base = SUNSPEC_BASE + 2 + 2 + 66
            self.put('holding', SUNSPEC_BASE, MARKER + [1, 66] + words_of_text('Sample', 16) + words_of_text('SM-203', 16))
            self.put('holding', base, [int(profile['sunspec'][-1]), 105])
        for probe in profile.get('identify', []):
            expected = probe.get('expect')
            if expected is None:
                continue
            expected = expected[0] if isinstance(expected, list) else expected
            kind = probe.get('type', 'text')
            count = int(probe.get('count', 1))
            words = words_of_text(expected, count) if kind == 'text' else words_of_number(expected, kind)
            self.put(probe.get('table', default), int(probe['address']), words)
        for example in profile.get('examples', []):
            words = [int(word, 16) for word in example['words'].split()]
            self.put(example.get('table', default), base + int(example['address']), words)
        for point in profile['points'].values():
            if point.get('quantity') == 'active_energy' and point.get('type', defaults.get('type')) == 'f32':
                self.counters.append((HOLDING if point.get('table', default) == 'holding' else INPUT, int(point['address'])))

        self.near = {table: {near for each in registers for near in range(each - MARGIN, each + MARGIN)}
                     for table, registers in self.tables.items()}

    def put(self, table, address, words):
        for place, word in enumerate(words):
            self.tables[HOLDING if table == 'holding' else INPUT].setdefault(address + place, word)

    def count(self):
        for table, address in self.counters:
            registers = self.tables[table]
            if address in registers and address + 1 in registers:
                value, = struct.unpack('>f', struct.pack('>HH', registers[address], registers[address + 1]))
                registers[address], registers[address + 1] = struct.unpack('>HH', struct.pack('>f', value + 0.125))

    def answer(self, function, address, count):
        registers = self.tables.get(function)
        if registers is None:
            return bytes([function | 0x80, 1])
        if count > self.longest or count < 1:
            return bytes([function | 0x80, 3])
        self.count()
        words = []
        for each in range(address, address + count):
            if each not in self.near[function]:
                return bytes([function | 0x80, 2])
            words.append(registers.get(each, 0))
        return bytes([function, 2 * count]) + struct.pack(f'>{count}H', *words)


def question_in(buffer):
    """The first whole question at the start of the buffer, and its length."""
    for size in (4, 7, 8):
        frame = bytes(buffer[:size])
        if len(frame) == size and crc(frame[:-2]) == frame[-2:]:
            return frame, size
    return None, 0


def main(port, units, delay):
    line = os.open(port, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(line)
    print('ready', flush=True)
    buffer = bytearray()
    asked = set()
    while True:
        if not select.select([line], [], [], 0.1)[0]:
            buffer.clear()
            continue
        buffer += os.read(line, 256)
        frame, size = question_in(buffer)
        while len(buffer) > 8 and frame is None:
            del buffer[0]
            frame, size = question_in(buffer)
        if frame is None:
            continue
        del buffer[:size]
        if frame[0] not in asked:
            asked.add(frame[0])
            print('asked', frame[0], flush=True)
        meter = units.get(frame[0])
        if meter is None:
            continue
        address, count = struct.unpack('>HH', frame[2:6]) if size == 8 else (0, 1)
        body = bytes([frame[0]]) + meter.answer(frame[1], address, count)
        if delay:
            time.sleep(delay)
        os.write(line, body + crc(body))


if __name__ == '__main__':
    arguments = sys.argv[1:]
    pause = 0.0
    if '--delay' in arguments:
        place = arguments.index('--delay')
        pause = float(arguments[place + 1]) / 1000
        del arguments[place:place + 2]
    meters = {int(unit): Meter(name) for unit, name in (each.split(':') for each in arguments[1:])}
    main(arguments[0], meters, pause)
