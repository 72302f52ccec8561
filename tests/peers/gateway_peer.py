"""A Modbus TCP gateway with bad habits: gateway_peer.py PORT HABIT

Registers hold their address + 100 x unit. It prints "ready" when it listens, and "accepted" and "closed" with each connection. Habits:
  none       it has none, and serves one connection after the other
  pieces     header and content of an answer are written one after the other, and the kernel holds the second back (Nagle)
  bytes      every byte of an answer comes by itself
  closing    it closes a connection after three answers
  single     it serves one connection at a time, and the first one only for three answers: then it says nothing more on it
  refusing   the same, and while it serves one nobody else can connect
  rtu, rtu_bytes   it passes serial frames on as they are ("transparent"), whole or every byte by itself
"""
import socket
import sys
import time


def check_sum(frame):
    total = 0xFFFF
    for byte in frame:
        total ^= byte
        for _ in range(8):
            total = total >> 1 ^ (0xA001 if total & 1 else 0)
    return total.to_bytes(2, 'little')


def answer_to(unit, function, first, count):
    content = b''.join((address + 100 * unit & 0xFFFF).to_bytes(2, 'big') for address in range(first, first + count))
    return bytes([unit, function, len(content)]) + content


class Connection:
    def __init__(self, connection, habit):
        self.connection = connection
        self.habit = habit
        self.is_serial = habit.startswith('rtu')
        self.answers = 0
        nagle = habit == 'pieces'
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, not nagle)

    def questions(self):
        size = 8 if self.is_serial else 12
        received = b''
        while True:
            more = self.connection.recv(256)
            if not more:
                return
            received += more
            while len(received) >= size:
                yield received[:size]
                received = received[size:]

    def send(self, header, content):
        if self.habit == 'pieces':
            self.connection.sendall(header)
            self.connection.sendall(content)
        elif self.habit.endswith('bytes'):
            for byte in header + content:
                self.connection.sendall(bytes([byte]))
                time.sleep(0.001)
        else:
            self.connection.sendall(header + content)

    def answer(self, question):
        pdu = question[:6] if self.is_serial else question[6:]
        content = answer_to(pdu[0], pdu[1], int.from_bytes(pdu[2:4], 'big'), int.from_bytes(pdu[4:6], 'big'))
        if self.is_serial:
            self.send(b'', content + check_sum(content))
        else:
            self.send(question[:4] + len(content).to_bytes(2, 'big'), content)
        self.answers += 1

    def serve(self, is_first):
        falls_silent = is_first and self.habit in ('single', 'refusing')
        for question in self.questions():
            if not falls_silent or self.answers < 3:
                self.answer(question)
            if self.habit == 'closing' and self.answers == 3:
                break
        self.connection.close()


def main(port, habit):
    listener = socket.create_server(('127.0.0.1', int(port)))
    print('ready', flush=True)
    is_first = True
    while True:
        connection, _ = listener.accept()
        if habit == 'refusing':
            listener.close()
        print('accepted', flush=True)
        try:
            Connection(connection, habit).serve(is_first)
        except ConnectionError:
            connection.close()
        print('closed', flush=True)
        is_first = False
        if habit == 'refusing':
            listener = socket.create_server(('127.0.0.1', int(port)))


main(*sys.argv[1:])
