"""A Modbus server on pymodbus: pymodbus_peer.py tcp PORT | rtu TTY BAUD

Units 1 and 2 hold an Eastron SDM630 (config/devices/eastron_sdm630.yaml): input registers 0 to 399, floats with the high
word first. Any other unit stays silent. It prints "ready" when it can be asked.
"""
import asyncio
import struct
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer
from pymodbus.transaction import ModbusRtuFramer

FLOATS = {0: 230.5, 2: 231.25, 4: 229.75, 6: 12.5, 8: 13.25, 10: 11.75, 52: 8637.5, 70: 50.03125, 72: 12345.625}


def unit():
    registers = [0] * 400
    for address, value in FLOATS.items():
        registers[address:address + 2] = struct.unpack('>HH', struct.pack('>f', value))
    return ModbusSlaveContext(ir=ModbusSequentialDataBlock(0, registers), zero_mode=True)


async def main(kind, place, baud='0'):
    context = ModbusServerContext(slaves={1: unit(), 2: unit()}, single=False)
    if kind == 'tcp':
        server = await StartAsyncTcpServer(context=context, address=('127.0.0.1', int(place)), defer_start=True)
        task = asyncio.ensure_future(server.serve_forever())
        await server.serving
    else:
        server = await StartAsyncSerialServer(context=context, framer=ModbusRtuFramer, port=place, baudrate=int(baud),
                                              parity='N', timeout=0.005, ignore_missing_slaves=True, defer_start=True)
        await server.start()
        task = asyncio.ensure_future(server.serve_forever())
    print('ready', flush=True)
    await task


asyncio.run(main(*sys.argv[1:]))
