"""A second implementation of the protocol, written from Shared/PROTOCOL.md alone.

Usage: client.py HOST PORT CA CERTIFICATE KEY METHOD [JSON [TIMEOUT [TAKE]]]
Calls the service that METHOD begins with; `rpc` and `test` methods are answered by any.
Prints the reply as JSON; exits 1 with the failure's status and message. With TAKE the method
streams: a line a reply, and after so many (0: all) the call is cancelled.
Needs Debian's python3-cbor2.
"""

import json
import socket
import ssl
import struct
import sys
import time
import uuid

import cbor2

HEADER = struct.Struct(">IBBHI")
HELLO, OPEN, DATA, ERROR, CANCEL, CREDIT, PING, PONG, GOAWAY = range(9)
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
        if len(uris) != 1 or uris[0][3] != "service" or service not in (uris[0][4], "rpc", "test"):
            raise Failure(f"the certificate is not of the service {service}")
        self.stream = -1
        self.last_taken = None  # once the service goes away: the last stream it answers
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

    def open(self, method, request, timeout, key):
        """Begins a call, and returns its stream and when nobody waits any more."""
        if self.last_taken is not None:
            raise Failure("the service takes no more calls on this connection")
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
        return stream, time.monotonic() + timeout

    def replies(self, stream, deadline):
        """The replies of a call, each granted again when the next one is asked for."""
        message, due = b"", 0
        try:
            while True:
                self.socket.settimeout(max(0.001, deadline - time.monotonic()))
                kind, flags, on, payload = self.receive()
                if kind == GOAWAY:
                    self.last_taken, code = struct.unpack(">IH", payload[:6])
                    if self.last_taken < stream or code not in (0, 8, 10):
                        raise Failure(f"the service goes away ({code}): {payload[6:].decode()}")
                    print("answered first: goes away", file=sys.stderr, flush=True)
                elif on != stream:
                    continue
                elif kind == ERROR:
                    failure = cbor2.loads(payload)
                    stream = None
                    raise Failure(f"status {failure[1]}: {failure[2]}")
                elif kind == DATA:
                    if flags & NOTES:
                        payload = payload[2 + struct.unpack(">H", payload[:2])[0]:]
                    message += payload
                    due += len(payload)
                    ended = flags & END_STREAM
                    if ended:
                        stream = None
                    if flags & END_MESSAGE:
                        yield cbor2.loads(message)
                        message = b""
                    if ended:
                        return
                    if due >= WINDOW // 2 or message:
                        self.send(CREDIT, 0, stream, struct.pack(">I", due))
                        due = 0
        except TimeoutError:
            raise Failure("status 4: the deadline passed") from None
        finally:
            if stream is not None:  # nobody waits any more
                self.send(CANCEL, 0, stream, b"\x01")

    def call(self, method, request, timeout=5.0, key=None):
        for reply in self.replies(*self.open(method, request, timeout, key)):
            return reply


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
    timeout = float(sys.argv[8]) if len(sys.argv) > 8 else 5.0
    streams = len(sys.argv) > 9
    take = int(sys.argv[9]) if streams else 1
    try:
        client = Client(host, int(port), authority, certificate, key, method.split(".")[0])
        replies = client.replies(*client.open(method, request, timeout, None))
        for number, reply in enumerate(replies, 1):
            print(json.dumps(reply, default=plain), flush=True)
            if number == take:
                replies.close()
        if streams:  # the connection is still good after a stream, cancelled or not
            client.call("rpc.health.check" if method[:4] != "test" else "test.text.echo",
                        {"text": "still here"})
    except (Failure, ssl.SSLError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)


main()
