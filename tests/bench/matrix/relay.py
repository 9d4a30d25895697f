# SPDX-License-Identifier: MIT
"""relay.py - a pipe on loopback between a bot and its homeserver that notes when bytes pass and reads nothing of them but
the beginning of a request.

relay.py PORT prints its own port, then a line for each send request: the milliseconds from the arrival of the last bytes
of an answer at the bot to the request leaving it. It ends with its standard input.

Both moments are the kernel's (SO_TIMESTAMPING, networking/timestamping in its documentation): when the answer went over
the loopback device to the bot, and when the bot's request came over it, so that what this process does before and after
does not count. A kernel that gives no such stamps ends the program."""
import os
import re
import selectors
import socket
import struct
import subprocess
import sys
import threading

SO_TIMESTAMPING = SCM_TIMESTAMPING = 65  # SO_TIMESTAMPING_NEW of asm-generic/socket.h; Python has no names for these
TX_SOFTWARE, RX_SOFTWARE, SOFTWARE, TSONLY = 1 << 1, 1 << 3, 1 << 4, 1 << 11  # linux/net_tstamp.h
STAMP = struct.Struct("=6q")  # struct scm_timestamping64: seconds and nanoseconds of software, then two that are not used
ROOM = socket.CMSG_SPACE(STAMP.size) + socket.CMSG_SPACE(64)  # that, and what an error queue tells besides
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
        bot.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING, TX_SOFTWARE | RX_SOFTWARE | SOFTWARE | TSONLY)


def stamp_in(ancillary):
    """Nanoseconds; None: there is no stamp."""
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, SCM_TIMESTAMPING):
            seconds, nanoseconds = STAMP.unpack(data)[:2]
            return seconds * 10 ** 9 + nanoseconds
    return None


def departure(end):
    """When the last bytes that were given to this socket left it: its error queue tells. None: they did not, so far."""
    at = None
    while True:
        try:
            at = stamp_in(end.recvmsg(1, ROOM, socket.MSG_ERRQUEUE)[1])
        except BlockingIOError:
            return at


def serve(port):
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    ends = selectors.DefaultSelector()
    ends.register(listener, selectors.EVENT_READ)
    ends.register(sys.stdin, selectors.EVENT_READ)
    answered = None  # when the last bytes went to the bot; of one answer just the first request that follows counts
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
            try:
                data, ancillary, _, _ = end.recvmsg(1 << 20, ROOM, socket.MSG_DONTWAIT)
            except BlockingIOError:  # no bytes, but something in the error queue
                answered = departure(end) or answered
                continue
            if not data:
                for one in pipe.other:
                    ends.unregister(one)
                    one.close()
                break  # what was selected may be of this pipe
            pipe.other[end].sendall(data)
            if end is not pipe.bot:
                answered = departure(pipe.bot)
            elif SEND.match(data):
                came = stamp_in(ancillary)
                if came is None:
                    raise SystemExit("relay.py: this kernel does not stamp what goes over loopback: nothing is measured")
                if answered:
                    print((came - answered) / 1e6, flush=True)
                answered = None


if __name__ == "__main__":
    serve(int(sys.argv[1]))
