# SPDX-License-Identifier: MIT
"""relay.py - a pipe on loopback between a bot and its homeserver that notes when bytes pass and reads nothing of them but
the beginning of a request.

relay.py PORT prints its own port, then a line for each send request: the milliseconds from the arrival of the last bytes
of an answer at the bot to the request leaving it. It ends with its standard input.

The first is the moment before they are given to the bot's socket. The second is the kernel's stamp on the bytes that the
bot sent (SO_TIMESTAMPNS, socket(7)): on loopback it is set while the bot sends them, so that the time until this process
is woken and reads does not count. Both are of the same clock. A kernel that gives no stamp ends the program."""
import os
import re
import selectors
import socket
import struct
import subprocess
import sys
import threading
import time

SO_TIMESTAMPNS = SCM_TIMESTAMPNS = 35  # asm-generic/socket.h; Python has no name for it
STAMP = struct.Struct("@ll")  # struct timespec
SEND = re.compile(rb"PUT /_matrix/client/v3/rooms/[^/ ]+/send/m\.room\.message/")


class Relay:
    """The process, and what it has printed."""

    def __init__(self, port):
        self.process = subprocess.Popen([sys.executable, os.path.abspath(__file__), str(port)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.base = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        self.times = []
        self.reader = threading.Thread(target=lambda: self.times.extend(map(float, self.process.stdout)))
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """From here on .times has all of them."""
        self.process.stdin.close()
        self.reader.join()
        self.process.wait()


class Pipe:
    """Two sockets; what comes from the one goes to the other."""

    def __init__(self, bot, port):
        self.other = {bot: socket.create_connection(("127.0.0.1", port))}
        self.other[self.other[bot]] = bot
        self.bot = bot
        for end in self.other:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bot.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)


def arrival(ancillary):
    """When the kernel got the bytes, in seconds of time.time()."""
    for level, kind, stamp in ancillary:
        if (level, kind, len(stamp)) == (socket.SOL_SOCKET, SCM_TIMESTAMPNS, STAMP.size):
            seconds, nanoseconds = STAMP.unpack(stamp)
            return seconds + nanoseconds / 1e9
    raise SystemExit("relay.py: the kernel does not stamp what arrives on loopback; times cannot be measured here")


def serve(port):
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    ends = selectors.DefaultSelector()
    ends.register(listener, selectors.EVENT_READ)
    ends.register(sys.stdin, selectors.EVENT_READ)
    answered = None  # when the last bytes were given to the bot; of one answer just the first request that follows counts
    while True:
        for key, _ in ends.select():
            end, pipe = key.fileobj, key.data
            if end is sys.stdin:
                return
            if end is listener:
                pipe = Pipe(listener.accept()[0], port)
                for one in pipe.other:
                    ends.register(one, selectors.EVENT_READ, pipe)
                continue
            data, ancillary, _, _ = end.recvmsg(1 << 20, socket.CMSG_SPACE(STAMP.size))
            if not data:
                for one in pipe.other:
                    ends.unregister(one)
                    one.close()
                break  # what was selected may be of this pipe
            at = time.time()
            pipe.other[end].sendall(data)
            if end is not pipe.bot:
                answered = at
            elif answered and SEND.match(data):
                print((arrival(ancillary) - answered) * 1000, flush=True)
                answered = None


if __name__ == "__main__":
    serve(int(sys.argv[1]))
