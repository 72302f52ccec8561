"""Meters that the agent reads."""
import socket
import struct
import threading
import time


class Meters(threading.Thread):
    """Modbus TCP on loopback: every unit has the holding or input registers that `words(unit, count)` gives; by default all of them count
    up with each request, so no meter is stuck. While `silent`, nobody is answered."""

    def __init__(self, words=None):
        super().__init__(daemon=True)
        self.socket = socket.create_server(('127.0.0.1', 0))
        self.port = self.socket.getsockname()[1]
        self.words = words or self.count_up
        self.first = None
        self.requests = 0
        self.silent = False
        self.start()

    def count_up(self, _unit, count):
        return [(self.requests + place) % 1000 for place in range(count)]

    def run(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        stream = connection.makefile('rb')
        while len(head := stream.read(12)) == 12:
            number, _, _, unit, function, _, count = struct.unpack('>HHHBBHH', head)
            if self.silent:
                continue
            self.requests += 1
            body = struct.pack('>BBB%dH' % count, unit, function, 2 * count, *self.words(unit, count))
            connection.sendall(struct.pack('>HHH', number, 0, len(body)) + body)
            self.first = self.first or time.monotonic()
