"""A recorded machine as a Modbus TCP server on pymodbus: shaft_server.py PORT CSV START SPEED

Serves the four acceleration columns of CSV (index, time as 2004.02.12.10.32.39, then bearings 1 to 4 in g) as 32-bit floats, high
word first, in the input registers 0, 2, 4 and 6 of unit 1: the row whose recorded time is the latest one not after
START + SPEED x elapsed since the first request, and after the last row still the last. It prints "ready" when it can be asked.
"""
import asyncio
import bisect
import csv
import struct
import sys
import time
from datetime import datetime, timedelta

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncTcpServer


class Recording(ModbusSequentialDataBlock):
    """The registers at the present moment of the recording."""

    def __init__(self, rows, start, speed):
        super().__init__(0, [0] * 8)
        self.times = [moment for moment, _ in rows]
        self.registers = [registers for _, registers in rows]
        self.start = start
        self.speed = speed
        self.first_request = None

    def getValues(self, address, count=1):  # pymodbus calls it so
        if self.first_request is None:
            self.first_request = time.monotonic()
        present = self.start + timedelta(seconds=self.speed * (time.monotonic() - self.first_request))
        row = max(bisect.bisect_right(self.times, present) - 1, 0)
        return self.registers[row][address:address + count]


def rows_of(file):
    with open(file, newline='', encoding='utf-8') as lines:
        table = csv.reader(lines)
        next(table)
        for _, moment, *values in table:
            yield (datetime.strptime(moment, '%Y.%m.%d.%H.%M.%S'),
                   struct.unpack('>8H', struct.pack('>4f', *map(float, values))))


async def main(port, file, start, speed):
    recording = Recording(list(rows_of(file)), datetime.strptime(start, '%Y-%m-%dT%H:%M:%SZ'), float(speed))
    context = ModbusServerContext(slaves={1: ModbusSlaveContext(ir=recording, zero_mode=True)}, single=False)
    server = await StartAsyncTcpServer(context=context, address=('127.0.0.1', int(port)), defer_start=True)
    task = asyncio.ensure_future(server.serve_forever())
    await server.serving
    print('ready', flush=True)
    await task


asyncio.run(main(*sys.argv[1:]))
