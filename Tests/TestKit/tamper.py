#!/usr/bin/env python3
"""Alters the journal of a store with plain SQLite, as somebody with access to its host might.

tamper.py STORE.sqlite KIND SEED [KEYFILE]

KIND is one of:
  edit      another value in one column of one entry
  first     another actor in the first entry
  delete    one entry gone from the middle
  reorder   two entries with their places changed
  truncate  the newest entries gone
  append    an entry more at the end, with a hash that is made up
  table     a record altered in its table, and no entry of the journal
  raw       a byte of an entry altered in the file, past SQLite
  rewrite   an entry altered and all hashes after it and the sealed head made anew with the
            journal's KEYFILE: nothing on this host shows it

Prints what it did.
"""
import hashlib
import hmac
import os
import random
import sqlite3
import sys

COLUMNS = ["at", "actor", "noun", "verb", "key", "subject", "body", "mac"]


def altered(value, dice):
    if value is None:
        return bytes(dice.randrange(256) for _ in range(16))
    if isinstance(value, int):
        return value + dice.choice([-1, 1]) * dice.randrange(1, 10**9)
    if isinstance(value, str):
        return value + dice.choice("abcxyz")
    if not value:
        return b"\x00"
    at = dice.randrange(len(value))
    return value[:at] + bytes([value[at] ^ (1 << dice.randrange(8))]) + value[at + 1 :]


def sized(data):
    return len(data).to_bytes(8, "big") + data


def number(value):
    return value.to_bytes(8, "big", signed=True)


def chained(key, before, row):
    position, at, actor, noun, verb, entry_key, subject, body = row
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in [before, number(position), number(at), actor.encode(), noun.encode(), verb.encode(),
                 entry_key, subject or b"", body]:
        mac.update(sized(part))
    return mac.digest()


def seal(key, store, position, head):
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in [b"pulih sealed head", store.encode(), head]:
        mac.update(sized(part))
    mac.update(number(position))
    return mac.digest()


def edit(database, dice, last):
    position, column = dice.randrange(1, last + 1), dice.choice(COLUMNS)
    (value,) = database.execute(
        f"SELECT {column} FROM journal WHERE position = ?", (position,)).fetchone()
    database.execute(
        f"UPDATE journal SET {column} = ? WHERE position = ?", (altered(value, dice), position))
    return f"entry {position}: another {column}"


def first(database, dice, last):
    database.execute("UPDATE journal SET actor = actor || 'x' WHERE position = 1")
    return "entry 1: another actor"


def delete(database, dice, last):
    position = dice.randrange(1, last)
    database.execute("DELETE FROM journal WHERE position = ?", (position,))
    return f"entry {position} is gone"


def reorder(database, dice, last):
    one, other = sorted(dice.sample(range(1, last + 1), 2))
    for old, new in [(one, -1), (other, one), (-1, other)]:
        database.execute("UPDATE journal SET position = ? WHERE position = ?", (new, old))
    return f"entries {one} and {other} have changed places"


def truncate(database, dice, last):
    kept = dice.randrange(max(0, last - 40), last)
    database.execute("DELETE FROM journal WHERE position > ?", (kept,))
    return f"nothing after entry {kept}"


def append(database, dice, last):
    database.execute(
        "INSERT INTO journal SELECT position + 1, at, actor, noun, verb, key, subject, body, ? "
        "FROM journal WHERE position = ?", (dice.randbytes(32), last))
    return f"entry {last + 1} is made up"


def table(database, dice, last):
    (noun,) = dice.choice(
        database.execute(
            "SELECT DISTINCT noun FROM journal WHERE noun IN "
            "(SELECT name FROM sqlite_master WHERE type = 'table')").fetchall())
    (key, body) = dice.choice(database.execute(f"SELECT key, body FROM {noun}").fetchall())
    database.execute(f"UPDATE {noun} SET body = ? WHERE key = ?", (altered(body, dice), key))
    return f"a {noun} is altered in its table"


def rewrite(database, dice, last, key, path):
    position = dice.randrange(1, last + 1)
    rows = database.execute(
        "SELECT position, at, actor, noun, verb, key, subject, body, mac FROM journal "
        "ORDER BY position").fetchall()
    head = rows[position - 2][8] if position > 1 else bytes(32)
    for row in rows[position - 1 :]:
        fields = list(row[:8])
        if row[0] == position:
            fields[2] += "x"
        head = chained(key, head, fields)
        database.execute(
            "UPDATE journal SET actor = ?, mac = ? WHERE position = ?", (fields[2], head, row[0]))
    store = os.path.basename(path).removesuffix(".sqlite")
    with open(path.removesuffix(".sqlite") + ".head", "w") as file:
        file.write(f"pulih-head-1 {last} {head.hex()} {seal(key, store, last, head).hex()}\n")
    return f"entry {position} and every hash from there on"


def raw(database, path, dice, last):
    position = dice.randrange(1, last + 1)
    (mac,) = database.execute("SELECT mac FROM journal WHERE position = ?", (position,)).fetchone()
    with open(path, "r+b") as file:
        found = file.read().find(mac)
        if found < 0:
            sys.exit("the entry is not in the file yet")
        place = found + dice.randrange(32)
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ (1 << dice.randrange(8))]))
    return f"entry {position}: a byte of the file"


def main():
    path, kind, seed = sys.argv[1:4]
    dice = random.Random(int(seed))
    database = sqlite3.connect(path, timeout=10, isolation_level=None)
    (last,) = database.execute("SELECT MAX(position) FROM journal").fetchone()
    if kind == "raw":
        print(raw(database, path, dice, last))
        return
    database.execute("BEGIN IMMEDIATE")
    if kind == "rewrite":
        with open(sys.argv[4]) as file:
            key = bytes.fromhex(file.read().strip())
        did = rewrite(database, dice, last, key, path)
    else:
        did = {"edit": edit, "first": first, "delete": delete, "reorder": reorder, "truncate": truncate,
               "append": append, "table": table}[kind](database, dice, last)
    database.execute("COMMIT")
    database.close()
    print(did)


main()
