"""
Involute's side of the protocol, written from its page alone (docs/problem-protocol.md) with struct and pipes, and without
anything of the package that is tested.
"""

import json
import os
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "..", "src")
PROBLEMS = os.path.join(HERE, "problems")
SAMPLES = os.path.join(HERE, "..", "..", "samples", "process")
TIMEOUT = 60


def lane(pair=0, trajectory=0, first=0, steps=1, begins=False, seed=7, horizon=100, split=0):
    return dict(seed=seed, pair=pair, trajectory=trajectory, first=first, steps=steps, begins=begins,
                horizon=horizon if begins else 0, split=split)


def pad(data):
    return data + b"\0" * (-len(data) % 8)


class ChildFailed(Exception):
    """The child's error frame."""

    def __init__(self, told):
        super().__init__(told)
        self.told = told


class Child:
    def __init__(self, file, *arguments, protocol=1):
        self.errors = tempfile.TemporaryFile()
        descriptor, self.path = tempfile.mkstemp(prefix="involute-python-test-")
        self.shared = os.fdopen(descriptor, "r+b", buffering=0)
        environment = dict(os.environ, PYTHONPATH=SOURCE, PYTHONDONTWRITEBYTECODE="1")
        environment.pop("PYTHONUNBUFFERED", None)
        self.process = subprocess.Popen(
            [sys.executable, file, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, env=environment,
            cwd=os.path.dirname(os.path.abspath(file)) if os.path.exists(file) else None)
        self.to, self.back = self.process.stdin.fileno(), self.process.stdout.fileno()
        self.greeting = None
        try:
            self.greet(protocol)
        except BaseException:
            self.__exit__()
            raise

    def greet(self, protocol):
        payload = json.dumps({"protocol": protocol, "program": "driver", "file": self.path}).encode()
        self.write(self.frame(1, payload))
        kind, flags, payload = self.read()
        if flags:
            payload = os.pread(self.shared.fileno(), payload, 0)
        if kind == 4:
            raise ChildFailed(json.loads(payload))
        assert kind == 1, kind
        self.greeting = json.loads(payload)
        os.unlink(self.path)

    @staticmethod
    def frame(kind, payload, version=1, flags=0, magic=b"INV", length=None):
        return magic + struct.pack("<BHHQ", version, kind, flags, len(payload) if length is None else length) + payload

    def write(self, data):
        while data:
            data = data[os.write(self.to, data[:1 << 16]):]

    def read_exactly(self, count):
        data = b""
        while len(data) < count:
            part = os.read(self.back, count - len(data))
            if not part:
                raise EOFError(f"the child's output ended after {len(data)} of {count} bytes: {self.log()}")
            data += part
        return data

    def read(self):
        head = self.read_exactly(16)
        assert head[:4] == b"INV\1", head
        kind, flags, length = struct.unpack("<HHQ", head[4:])
        assert bool(flags & 1) == (length > 65536) and flags < 2
        return kind, flags, (None if flags else self.read_exactly(length)) if not flags else length

    @property
    def length_of_theta(self):
        total = 0
        for part in self.greeting["theta"]:
            count = 1
            for size in part["shape"]:
                count *= size
            total += count
        return total

    def request(self, lanes, thetas, states, answer_length):
        """The payload of a request, and where its answer begins."""
        body = b"".join(
            struct.pack("<qIIIIII", it["seed"], it["pair"], it["trajectory"], it["horizon"], it["first"], it["steps"],
                        it["begins"] | it["split"] << 8) for it in lanes)
        body += pad(b"".join(struct.pack(f"<{len(theta)}f", *theta) for theta in thetas))
        if self.greeting["stateVaries"]:
            body += pad(struct.pack(f"<{len(lanes)}I", *(len(state) for state in states)))
        stride = -(-self.greeting["stateBytes"] // 8) * 8
        body += b"".join(state.ljust(stride, b"\0") for state in states)
        at = -(-(24 + len(body)) // 64) * 64
        return struct.pack("<IIQQ", len(lanes), 0, at + answer_length, at) + body, at

    def call(self, lanes, thetas=None, states=None, kind=2):
        """(losses of each lane, states of each lane)."""
        size = self.greeting["stateBytes"]
        if thetas is None:
            thetas = [self.initial()] * len(lanes)
        if states is None:
            states = [b"" if self.greeting["stateVaries"] else b"\xAA" * size] * len(lanes)
        counts = [1 if kind == 3 else it["steps"] for it in lanes]
        most = 8 * sum(counts) + len(lanes) * (size + 16) + 16
        payload, at = self.request(lanes, thetas, states, most)
        if os.fstat(self.shared.fileno()).st_size < at + most:
            os.ftruncate(self.shared.fileno(), at + most)
        if len(payload) > 65536:
            os.pwrite(self.shared.fileno(), payload, 0)
            self.write(self.frame(kind, b"", flags=1, length=len(payload)))
        else:
            self.write(self.frame(kind, payload))
        return self.answer(kind, counts, at)

    def answer(self, kind, counts, at=0):
        got, flags, payload = self.read()
        if flags:
            payload = os.pread(self.shared.fileno(), payload, at)
        if got == 4:
            told = json.loads(payload)
            assert set(told) == {"type", "message", "where", "trace"} and len(payload) <= 65536
            raise ChildFailed(told)
        assert got == kind, got
        losses, offset = [], 0
        for count in counts:
            losses.append(list(struct.unpack_from(f"<{count}d", payload, offset)))
            offset += 8 * count
        if kind == 3:
            assert offset == len(payload)
            return [values[0] for values in losses], None
        sizes = [self.greeting["stateBytes"]] * len(counts)
        if self.greeting["stateVaries"]:
            sizes = struct.unpack_from(f"<{len(counts)}I", payload, offset)
            offset += -(-4 * len(counts) // 8) * 8
        states = []
        for size in sizes:
            states.append(payload[offset:offset + size])
            offset += -(-self.greeting["stateBytes"] // 8) * 8
        assert offset == len(payload), (offset, len(payload))
        return losses, states

    def initial(self):
        values = []
        for part in self.greeting["theta"]:
            count = 1
            for size in part["shape"]:
                count *= size
            initial = part["initial"]
            values += initial if isinstance(initial, list) else [initial] * count
        return values

    def log(self):
        self.errors.seek(0)
        return self.errors.read().decode()

    def end(self):
        """Closes the input; (exit code, standard error)."""
        if not self.process.stdin.closed:
            self.process.stdin.close()
        code = self.process.wait(TIMEOUT)
        rest = self.process.stdout.read()
        assert rest == b"", rest
        return code, self.log()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors, self.shared):
            stream.close()
        if os.path.exists(self.path):
            os.unlink(self.path)
