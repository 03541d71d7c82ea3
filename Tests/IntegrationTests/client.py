"""A second implementation of the protocol, written from Shared/PROTOCOL.md alone.

Usage: client.py HOST PORT CA CERTIFICATE KEY METHOD [JSON]
Calls the service that METHOD begins with; `rpc` methods are answered by every service.
Prints the reply as JSON; exits 1 with the failure's status and message.
Needs Debian's python3-cbor2.
"""

import json
import socket
import ssl
import struct
import sys
import uuid

import cbor2

HEADER = struct.Struct(">IBBHI")
HELLO, OPEN, DATA, ERROR, CREDIT, PING, PONG, GOAWAY = 0, 1, 2, 3, 5, 6, 7, 8
END_MESSAGE, END_STREAM, HAS_KEY, NOTES = 1, 2, 4, 8
FRAME_LIMIT = 16372
WINDOW = 256 * 1024


class Failure(Exception):
    """What an ERROR frame says."""


class Client:
    def __init__(self, host, port, authority, certificate, key, service):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(authority)
        context.load_cert_chain(certificate, key)
        context.set_alpn_protocols(["pulih/1"])
        raw = socket.create_connection((host, port), timeout=10)
        self.socket = context.wrap_socket(raw, server_hostname=host)
        if self.socket.selected_alpn_protocol() != "pulih/1":
            raise Failure("the service does not speak pulih/1")
        names = self.socket.getpeercert()["subjectAltName"]
        uris = [value.split("/") for kind, value in names if kind == "URI"]
        if len(uris) != 1 or uris[0][3] != "service" or service not in (uris[0][4], "rpc"):
            raise Failure(f"the certificate is not of the service {service}")
        self.stream = -1
        hello = {1: 1, 2: 1, 3: FRAME_LIMIT, 4: WINDOW, 5: 256, 6: 4 << 20, 7: "client.py"}
        self.send(HELLO, 0, 0, cbor2.dumps(hello))
        kind, _, _, payload = self.receive()
        if kind != HELLO:
            raise Failure("the first frame is not HELLO")
        theirs = cbor2.loads(payload)
        if not theirs[1] <= 1 <= theirs[2]:
            raise Failure("the service does not speak version 1")
        self.frame_limit = min(FRAME_LIMIT, theirs[3])
        self.window, self.message_limit = theirs[4], theirs[6]

    def send(self, kind, flags, stream, payload):
        self.socket.sendall(HEADER.pack(len(payload), kind, flags, 0, stream) + payload)

    def exactly(self, count):
        parts = []
        while count > 0:
            part = self.socket.recv(count)
            if not part:
                raise Failure("the service closed the connection")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def receive(self):
        while True:
            length, kind, flags, zero, stream = HEADER.unpack(self.exactly(HEADER.size))
            if zero != 0 or length > FRAME_LIMIT:
                raise Failure("a malformed frame")
            payload = self.exactly(length)
            if kind == PING:
                self.send(PONG, 0, 0, payload)
            elif kind < 0x80:
                return kind, flags, stream, payload

    def call(self, method, request, timeout=5.0, key=None):
        self.stream += 2
        stream = self.stream
        name = method.encode("ascii")
        head = bytes([len(name)]) + name + struct.pack(">QB", int(timeout * 1e6), 1)
        flags = 0
        if key is not None:
            head += key.bytes
            flags = HAS_KEY
        head += struct.pack(">H", 0)
        message = cbor2.dumps(request)
        if len(message) > min(self.window, self.message_limit):
            raise Failure("this client sends no request beyond the first credit")
        room = self.frame_limit - len(head)
        parts = [message[:room]] + [
            message[at : at + self.frame_limit]
            for at in range(room, len(message), self.frame_limit)
        ]
        parts[0] = head + parts[0]
        for number, part in enumerate(parts):
            end = END_MESSAGE | END_STREAM if number == len(parts) - 1 else 0
            self.send(DATA if number else OPEN, end | (0 if number else flags), stream, part)
        return self.reply(stream)

    def reply(self, stream):
        message = b""
        while True:
            kind, flags, on, payload = self.receive()
            if kind == GOAWAY:
                last, code = struct.unpack(">IH", payload[:6])
                if last < stream or code not in (0, 8):
                    raise Failure(f"the service goes away ({code}): {payload[6:].decode()}")
            elif on != stream:
                continue
            elif kind == ERROR:
                failure = cbor2.loads(payload)
                raise Failure(f"status {failure[1]}: {failure[2]}")
            elif kind == DATA:
                if flags & NOTES:
                    payload = payload[2 + struct.unpack(">H", payload[:2])[0]:]
                message += payload
                if flags & END_STREAM:
                    return cbor2.loads(message)
                self.send(CREDIT, 0, stream, struct.pack(">I", len(payload)))


def plain(value):
    """Turns what JSON has no form for into text."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(type(value))


def main():
    host, port, authority, certificate, key, method = sys.argv[1:7]
    request = json.loads(sys.argv[7]) if len(sys.argv) > 7 else {}
    try:
        service = method.split(".")[0]
        client = Client(host, int(port), authority, certificate, key, service)
        reply = client.call(method, request)
    except (Failure, ssl.SSLError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    json.dump(reply, sys.stdout, default=plain)
    print()


main()
