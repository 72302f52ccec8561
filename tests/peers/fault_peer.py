"""A serial Modbus line full of bad units: fault_peer.py TTY

The number of a unit says what is wrong with it, see UNITS; 1 and 17 are in order. Registers hold their address + 100 x unit, as a device
with holding or input registers. It prints "ready" when it listens, and "sent UNIT" for each frame that it has sent.
"""
import heapq
import os
import select
import sys
import time
import tty


def check_sum(frame):
    total = 0xFFFF
    for byte in frame:
        total ^= byte
        for _ in range(8):
            total = total >> 1 ^ (0xA001 if total & 1 else 0)
    return total.to_bytes(2, 'little')


def closed(*parts):
    frame = b''.join(part if isinstance(part, bytes) else bytes([part]) for part in parts)
    return frame + check_sum(frame)


def damaged(frame):
    return frame[:-1] + bytes([frame[-1] ^ 0x55])


class Question:
    def __init__(self, frame):
        self.frame = frame
        self.unit, self.function = frame[:2]
        first, count = (int.from_bytes(frame[place:place + 2], 'big') for place in (2, 4))
        self.content = b''.join((address + 100 * self.unit & 0xFFFF).to_bytes(2, 'big')
                                for address in range(first, first + count))

    def answer(self, unit=None, function=None, content=None):
        content = self.content if content is None else content
        return closed(self.unit if unit is None else unit, function or self.function, len(content), content)

    def refusal(self, exception):
        return closed(self.unit, self.function | 0x80, exception)


def halves(frame, pause):
    middle = len(frame) * 2 // 3
    return [(0, frame[:middle]), (pause, frame[middle:])]


# What each unit does with a question: what it sends, and so many seconds later.
UNITS = {
    1: lambda q: [(0, q.answer())],
    2: lambda q: [(0, q.refusal(2))],
    3: lambda q: [(0, q.refusal(6))],
    4: lambda q: [(0, damaged(q.answer()))],
    5: lambda q: [(0, q.answer()[:5])],
    6: lambda q: [(0, q.answer(unit=7))],
    8: lambda q: [(0.7, q.answer())],
    9: lambda q: halves(q.answer(), 0.03),
    10: lambda q: [(0, q.answer() + b'\x00')],
    11: lambda q: [(0, b'\x00' + q.answer())],
    12: lambda q: [(0, q.frame + q.answer())],
    13: lambda q: [(0, q.answer(content=q.content + b'\x12\x34'))],
    14: lambda q: [(0, q.answer(function=7 - q.function))],
    15: lambda q: [],
    16: lambda q: [(1.5, q.answer())],
    17: lambda q: [(0, q.answer())],
}


class Line:
    """Units work side by side: one that is late does not keep the others from answering."""

    def __init__(self, port):
        self.port = os.open(port, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.port)
        self.received = b''
        self.planned = []  # (moment, order, unit, bytes)

    def take_questions(self):
        self.received += os.read(self.port, 256)
        while len(self.received) >= 8:
            if check_sum(self.received[:6]) != self.received[6:8]:
                self.received = self.received[1:]
                continue
            question = Question(self.received[:8])
            self.received = self.received[8:]
            for after, frame in UNITS.get(question.unit, UNITS[15])(question):
                heapq.heappush(self.planned, (time.monotonic() + after, len(self.planned), question.unit, frame))

    def send_what_is_due(self):
        while self.planned and self.planned[0][0] <= time.monotonic():
            _, _, unit, frame = heapq.heappop(self.planned)
            os.write(self.port, frame)
            print('sent', unit, flush=True)

    def serve(self):
        print('ready', flush=True)
        while True:
            patience = max(0, self.planned[0][0] - time.monotonic()) if self.planned else None
            if select.select([self.port], [], [], patience)[0]:
                self.take_questions()
            self.send_what_is_due()


Line(sys.argv[1]).serve()
