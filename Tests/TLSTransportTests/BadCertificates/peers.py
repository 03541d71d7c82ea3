"""The other side of connections whose certificate is bad, and which keeps no rule of ours.

Standard input has JSON: for each peer its side, files, host, habit, and as a caller the port.
First a line with the ports of those who listen comes out, then one for each peer: how many bytes
of the application it got, and how its TLS ended.
"""

import json
import socket
import ssl
import sys

WAIT = 20


def context(peer):
    is_caller = peer["side"] == "caller"
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT if is_caller else ssl.PROTOCOL_TLS_SERVER)
    made.set_ciphers("ALL:@SECLEVEL=0")
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    if not is_caller:
        # A service asks for a certificate; it takes whatever comes.
        made.load_verify_locations(peer["authorities"])
        made.verify_mode = ssl.CERT_OPTIONAL
    made.set_alpn_protocols(["pulih/1"])
    if peer["habit"] == "oldVersion":
        made.maximum_version = ssl.TLSVersion.TLSv1_2
    if peer["habit"] != "bare":
        made.load_cert_chain(peer["certificate"], peer["key"])
    return made


def read(secure, speaks):
    """Speaks at once, before the other side has judged, and takes what comes."""
    got = 0
    if speaks:
        secure.sendall(b"x" * 100)
    while True:
        chunk = secure.recv(4096)
        got += len(chunk)
        # One piece is enough to know that this side was let in.
        if not chunk or got:
            return got, "closed" if not chunk else "answered"


def run(peer, listener):
    got = 0
    try:
        if listener:
            listener.settimeout(WAIT)
            raw, _ = listener.accept()
        else:
            raw = socket.create_connection((peer["host"], peer["port"]), timeout=WAIT)
        raw.settimeout(WAIT)
        secure = context(peer).wrap_socket(
            raw, server_side=listener is not None,
            server_hostname=None if listener else peer["host"])
        got, end = read(secure, speaks=listener is None)
    except ssl.SSLError as error:
        end = error.reason or type(error).__name__
    except OSError as error:
        end = type(error).__name__
    return {"got": got, "end": end}


def listen(peer):
    if peer["side"] == "caller":
        return None
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(8)
    return listener


peers = json.load(sys.stdin)
listeners = [listen(peer) for peer in peers]
print(json.dumps([each.getsockname()[1] if each else 0 for each in listeners]), flush=True)
for peer, listener in zip(peers, listeners):
    print(json.dumps(run(peer, listener)), flush=True)
