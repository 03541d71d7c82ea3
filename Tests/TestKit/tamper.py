#!/usr/bin/env python3
"""Alters the journal or the tables of a store with plain SQLite, as somebody with access to its host
might.

tamper.py STORE.sqlite KIND SEED [--key FILE] [--older STORE.sqlite] [--table NAME]

KIND is one of:
  edit      another value in one column of one entry
  first     another actor in the first entry
  delete    one entry gone from the middle
  reorder   two entries with their places changed
  truncate  the newest entries gone
  append    an entry more at the end, with a hash that is made up
  raw       a byte of an entry altered in the file, past SQLite
  rewrite   an entry altered and all hashes after it, the sealed head and the seal of the tables made
            anew with the journal's key: nothing on this host shows it

and for the tables, of which NAME is altered, or any that has rows:
  table     a record altered in its table, and no entry of the journal
  column    another value in one column of one row
  insert    a row more
  remove    a row gone
  swap      the bodies of two rows with their places changed
  rawrow    a byte of a row altered in the file, past SQLite
  trigger   something that SQLite shall do with each write
  object    a table more
  unseal    the seal of the tables gone
  reseal    a byte of the seal of the tables altered
  oldrow    one row as it is in the older STORE
  oldseal   the seal of the tables as it is in the older STORE
  oldtables all tables and their seal as they are in the older STORE, the journal as it is
  nothing   a row written as it was
  before    made what a program before the seal of the tables had written, with the journal's key

Prints what it did.
"""
import argparse
import ctypes
import ctypes.util
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


def seal(key, store, position, head, seals=None):
    mac = hmac.new(key, digestmod=hashlib.sha256)
    name = b"pulih sealed head" if seals is None else b"pulih sealed head 2"
    for part in [name, store.encode(), head]:
        mac.update(sized(part))
    for part in [position] if seals is None else [position, seals]:
        mac.update(number(part))
    return mac.digest()


def write_head(key, path, position, head, seals=None):
    store = os.path.basename(path).removesuffix(".sqlite")
    form = "pulih-head-1" if seals is None else "pulih-head-2"
    fields = [form, position, head.hex()] + ([] if seals is None else [seals])
    with open(path.removesuffix(".sqlite") + ".head", "w") as file:
        file.write(" ".join(map(str, fields + [seal(key, store, position, head, seals).hex()])))


def gcm(key, nonce, data, bound, tag=None):
    """Seals with AES-256-GCM, or opens where there is a tag: Python has it in no library of its own."""
    crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
    for name in ["EVP_CIPHER_CTX_new", "EVP_aes_256_gcm"]:
        getattr(crypto, name).restype = ctypes.c_void_p
    context, out, length = crypto.EVP_CIPHER_CTX_new(), ctypes.create_string_buffer(len(data)), ctypes.c_int()
    context, sealing = ctypes.c_void_p(context), ctypes.c_int(tag is None)
    count = ctypes.byref(length)
    crypto.EVP_CipherInit_ex(context, ctypes.c_void_p(crypto.EVP_aes_256_gcm()), None, key, nonce, sealing)
    crypto.EVP_CipherUpdate(context, None, count, bound, len(bound))
    crypto.EVP_CipherUpdate(context, out, count, data, len(data))
    made = ctypes.create_string_buffer(tag or bytes(16), 16)
    if tag is not None:
        crypto.EVP_CIPHER_CTX_ctrl(context, 17, 16, made)
    if crypto.EVP_CipherFinal_ex(context, None, count) != 1:
        sys.exit("the seal of the tables does not open")
    if tag is None:
        crypto.EVP_CIPHER_CTX_ctrl(context, 16, 16, made)
    crypto.EVP_CIPHER_CTX_free(context)
    return out.raw, made.raw


def bind_tables(database, key, store, old, new, position):
    """Seals the tables as they were sealed, but to another hash of the journal's end."""
    ((seals, salt, box),) = database.execute("SELECT seals, salt, box FROM table_seal").fetchall()
    extracted = hmac.new(salt, key, hashlib.sha256).digest()
    derived = hmac.new(extracted, b"pulih table seal\x01", hashlib.sha256).digest()
    def bound(head):
        return (b"pulih-tables-1\n" + sized(store.encode()) + sized(head) + number(position)
                + number(seals))
    digests, _ = gcm(derived, box[:12], box[12:-16], bound(old), box[-16:])
    sealed, tag = gcm(derived, box[:12], digests, bound(new))
    database.execute("UPDATE table_seal SET box = ?", (box[:12] + sealed + tag,))
    return seals


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


def tables(database, named=None):
    """The tables with rows, and of each the columns."""
    names = [name for (name,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' "
        "AND name NOT IN ('journal', 'table_seal', 'migration') ORDER BY name")]
    return {
        name: [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
        for name in names if named in (None, name)
        and database.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()}


def some_row(database, dice, named):
    found = tables(database, named)
    name = dice.choice(sorted(found))
    (count,) = database.execute(f"SELECT COUNT(*) FROM {name}").fetchone()
    (row,) = database.execute(
        f"SELECT rowid FROM {name} ORDER BY rowid LIMIT 1 OFFSET ?", (dice.randrange(count),)).fetchone()
    return name, found[name], row


def column(database, dice, named):
    name, columns, row = some_row(database, dice, named)
    chosen = dice.choice(columns)
    (value,) = database.execute(f"SELECT {chosen} FROM {name} WHERE rowid = ?", (row,)).fetchone()
    database.execute(f"UPDATE {name} SET {chosen} = ? WHERE rowid = ?", (altered(value, dice), row))
    return f"a {name} has another {chosen}"


def insert(database, dice, named):
    name, columns, row = some_row(database, dice, named)
    values = database.execute(
        f"SELECT {', '.join(columns)} FROM {name} WHERE rowid = ?", (row,)).fetchone()
    # Another key, and whatever else may be there but once.
    values = [altered(value, dice) if value is not None else None for value in values]
    database.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", values)
    return f"a {name} more"


def remove(database, dice, named):
    name, _, row = some_row(database, dice, named)
    database.execute(f"DELETE FROM {name} WHERE rowid = ?", (row,))
    return f"a {name} is gone"


def swap(database, dice, named):
    found = {
        name: rows for name, columns in tables(database, named).items() if "body" in columns
        and len(rows := database.execute(
            f"SELECT rowid, body FROM {name} ORDER BY rowid").fetchall()) > 1}
    name = dice.choice(sorted(found))
    (one, body), (other, other_body) = dice.sample(found[name], 2)
    database.execute(f"UPDATE {name} SET body = ? WHERE rowid = ?", (other_body, one))
    database.execute(f"UPDATE {name} SET body = ? WHERE rowid = ?", (body, other))
    return f"two of {name} have changed bodies"


def trigger(database, dice, named):
    name = dice.choice(sorted(tables(database, named)))
    database.execute(
        f"CREATE TRIGGER made_up AFTER INSERT ON journal BEGIN DELETE FROM {name}; END")
    return f"with each entry all of {name} shall go"


def made_object(database, dice, named):
    database.execute("CREATE TABLE made_up (word TEXT)")
    return "a table more"


def unseal(database, dice, named):
    database.execute("DELETE FROM table_seal")
    return "the seal of the tables is gone"


def reseal(database, dice, named):
    (box,) = database.execute("SELECT box FROM table_seal").fetchone()
    database.execute("UPDATE table_seal SET box = ?", (altered(box, dice),))
    return "the seal of the tables is altered"


def old_row(database, dice, named):
    found = {}
    for name, columns in tables(database, named).items():
        listed = ", ".join(columns)
        gone = database.execute(
            f"SELECT {listed} FROM old.{name} EXCEPT SELECT {listed} FROM {name}").fetchall()
        if gone and "key" in columns:
            found[name] = (columns, gone)
    name = dice.choice(sorted(found))
    columns, gone = found[name]
    database.execute(
        f"REPLACE INTO {name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
        dice.choice(gone))
    return f"a {name} as it was"


def old_seal(database, dice, named):
    database.execute("DELETE FROM table_seal")
    database.execute("INSERT INTO table_seal SELECT * FROM old.table_seal")
    return "the seal of the tables as it was"


def old_tables(database, dice, named):
    for (name,) in database.execute(
            "SELECT name FROM old.sqlite_master WHERE type = 'table' AND name != 'journal'").fetchall():
        database.execute(f"DELETE FROM {name}")
        database.execute(f"INSERT INTO {name} SELECT * FROM old.{name}")
    return "all tables as they were"


def nothing(database, dice, named):
    name, columns, row = some_row(database, dice, named)
    database.execute(f"UPDATE {name} SET {columns[0]} = {columns[0]} WHERE rowid = ?", (row,))
    return f"a {name} as it is"


def before(database, key, path, last):
    database.execute("DROP TABLE table_seal")
    (number_,) = database.execute("SELECT MAX(number) FROM migration WHERE owner = 'store'").fetchone()
    database.execute("DELETE FROM migration WHERE owner = 'store' AND number = ?", (number_,))
    (version,) = database.execute("PRAGMA user_version").fetchone()
    database.execute(f"PRAGMA user_version = {version - 1}")
    head = database.execute("SELECT mac FROM journal WHERE position = ?", (last,)).fetchone()
    write_head(key, path, last or 0, head[0] if head else bytes(32))
    return "as before the seal of the tables"


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
    seals = bind_tables(database, key, store, rows[-1][8], head, last)
    write_head(key, path, last, head, seals)
    return f"entry {position} and every hash from there on"


def flip(path, dice, wanted, what, pages=((0, None),)):
    """Alters a bit of what is wanted, in one of the parts of the file."""
    with open(path, "r+b") as file:
        data = file.read()
        found = max(data.find(wanted, *part) for part in pages)
        if found < 0:
            sys.exit(f"{what} is not in the file yet")
        place = found + dice.randrange(len(wanted))
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ (1 << dice.randrange(8))]))
    return f"{what}: a byte of the file"


def raw(database, path, dice, last):
    position = dice.randrange(1, last + 1)
    (mac,) = database.execute("SELECT mac FROM journal WHERE position = ?", (position,)).fetchone()
    return flip(path, dice, mac, f"entry {position}")


def raw_row(database, path, dice, named):
    found = [name for name, columns in tables(database, named).items() if "body" in columns]
    name = dice.choice(sorted(found))
    (body,) = dice.choice(database.execute(f"SELECT body FROM {name}").fetchall())
    # The journal has the same body.
    pages = [(number * 4096 - 4096, number * 4096) for (number,) in database.execute(
        "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'", (name,))]
    return flip(path, dice, body, f"a {name}", pages)


JOURNAL = {"edit": edit, "first": first, "delete": delete, "reorder": reorder, "truncate": truncate,
           "append": append, "table": table}
TABLES = {"column": column, "insert": insert, "remove": remove, "swap": swap, "trigger": trigger,
          "object": made_object, "unseal": unseal, "reseal": reseal, "oldrow": old_row,
          "oldseal": old_seal, "oldtables": old_tables, "nothing": nothing}


def main():
    parser = argparse.ArgumentParser()
    for name in ["store", "kind", "seed"]:
        parser.add_argument(name)
    for name in ["--key", "--older", "--table"]:
        parser.add_argument(name)
    given = parser.parse_args()
    path, dice = given.store, random.Random(int(given.seed))
    database = sqlite3.connect(path, timeout=10, isolation_level=None)
    (last,) = database.execute("SELECT MAX(position) FROM journal").fetchone()
    if given.kind == "raw":
        print(raw(database, path, dice, last))
        return
    if given.kind == "rawrow":
        print(raw_row(database, path, dice, given.table))
        return
    if given.older:
        database.execute("ATTACH ? AS old", (given.older,))
    key = b""
    if given.key:
        with open(given.key) as file:
            key = bytes.fromhex(file.read().strip())
    database.execute("BEGIN IMMEDIATE")
    if given.kind == "rewrite":
        did = rewrite(database, dice, last, key, path)
    elif given.kind == "before":
        did = before(database, key, path, last)
    elif given.kind in TABLES:
        did = TABLES[given.kind](database, dice, given.table)
    else:
        did = JOURNAL[given.kind](database, dice, last)
    database.execute("COMMIT")
    database.close()
    print(did)


main()
