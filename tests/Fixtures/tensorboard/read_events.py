"""Reads an event file of TensorBoard with nothing but the definitions of its formats, and prints it as JSON.

TFRecord: uint64 length, masked CRC-32C of it, the bytes, masked CRC-32C of them, little-endian. Each record is one message Event
of Protocol Buffers; the numbers of its fields are those of tensorflow's event.proto and summary.proto.
"""
import json
import struct
import sys

TABLE = []
for n in range(256):
    for _ in range(8):
        n = (n >> 1) ^ (0x82F63B78 if n & 1 else 0)
    TABLE.append(n)


def masked(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    at = 0
    while at < len(data):
        length, check = struct.unpack_from("<QI", data, at)
        assert masked(data[at:at + 8]) == check, f"length at {at}"
        body = data[at + 12:at + 12 + length]
        assert len(body) == length, f"record at {at} is not whole"
        assert struct.unpack_from("<I", data, at + 12 + length)[0] == masked(body), f"record at {at}"
        yield body
        at += 16 + length


def varint(data, at):
    value, shift = 0, 0
    while True:
        value |= (data[at] & 0x7F) << shift
        at, shift, more = at + 1, shift + 7, data[at] & 0x80
        if not more:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        elif key & 7 == 1:
            value, at = struct.unpack_from("<d", data, at)[0], at + 8
        elif key & 7 == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        elif key & 7 == 5:
            value, at = struct.unpack_from("<f", data, at)[0], at + 4
        else:
            raise ValueError(f"wire type {key & 7}")
        yield key >> 3, value


def doubles(data):
    return list(struct.unpack(f"<{len(data) // 8}d", data))


def histogram(data):
    it = dict(fields(data))
    return {"min": it[1], "max": it[2], "num": it[3], "sum": it[4], "sum_squares": it[5],
            "limits": doubles(it[6]), "counts": doubles(it[7])}


def event(data):
    out = {"step": 0, "scalars": {}, "histograms": {}}
    for number, value in fields(data):
        if number == 1:
            out["time"] = value
        elif number == 2:
            out["step"] = value
        elif number == 3:
            out["version"] = value.decode()
        elif number == 7:
            out["session"] = dict(fields(value))[1]
        elif number == 5:
            for _, one in fields(value):
                it = dict(fields(one))
                if 5 in it:
                    out["histograms"][it[1].decode()] = histogram(it[5])
                else:
                    out["scalars"][it[1].decode()] = it[2]
    return out


with open(sys.argv[1], "rb") as file:
    print(json.dumps([event(record) for record in records(file.read())]))
