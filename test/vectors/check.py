#!/usr/bin/env python3
"""Reads all test vectors with the independent reader beside this file, and makes what can be made: python3 check.py [folder]"""
import base64
import hashlib
import hmac
import json
import os
import struct
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

sys.dont_write_bytecode = True  # Nothing of ours beside the vectors.

from reader import (
    CHUNK_MAX, LIST, MIB, PAGE, Bad, Hpke, Keys, Reader, hkdf, open_corporate, open_custom, open_sealed, padme, public_of, read_list, read_pack,
    read_page, read_receipt, read_record,
)


class Vectors:
    def __init__(self, folder):
        self.folder, self.count, self.failures = folder, 0, []

    def load(self, name):
        self.file = name
        with open(os.path.join(self.folder, f"{name}.json"), encoding="utf-8") as file:
            return json.load(file)

    def same(self, name, actual, expected):
        self.count += 1
        if actual != expected:
            self.failures.append(f"{self.file}: {name}: {str(actual)[:200]} instead of {str(expected)[:200]}")

    def refused(self, name, read):
        self.count += 1
        try:
            read()
            self.failures.append(f"{self.file}: {name}: not refused")
        except (Bad, UnicodeDecodeError):
            pass

    def run(self):
        for check in (self.numbers, self.keys, self.wraps, self.chunk_ids, self.cuts, self.padme, self.splitter):
            check()
        for check in (self.sealed, self.packs, self.pages, self.catalogs, self.lists, self.records, self.receipts):
            check()

    def numbers(self):
        vectors = self.load("numbers")
        for kind in ("varint", "svarint"):
            for each in vectors[kind]:
                r = Reader(bytes.fromhex(each["bytes"]))
                self.same(kind, getattr(r, kind)(), each["value"])
                self.same(f"{kind}: its end", r.left(), 0)
                number = each["value"]
                self.same(f"{kind}: written", varint(number if kind == "varint" else zigzag(number)).hex(), each["bytes"])
        for each in vectors["bad"]:
            self.refused(each["name"], lambda: Reader(bytes.fromhex(each["bytes"])).varint())

    def keys(self):
        vectors = self.load("keys")
        for each in vectors["derived"]:
            keys = Keys(bytes.fromhex(each["secret"]), bytes.fromhex(each["vault"]))
            for name, value in (("readPrivate", keys.read), ("idKey", keys.id), ("splitKey", keys.split), ("signerKey", keys.signer)):
                self.same(f"{each['name']}: {name}", value.hex(), each[name])
            self.same(f"{each['name']}: readPublic", public_of(keys.read).hex(), each["readPublic"])
            proof = hmac.new(keys.signer, bytes.fromhex(each["machineKey"]), hashlib.sha256).hexdigest()
            self.same(f"{each['name']}: signerProof", proof, each["signerProof"])
        for each in vectors["sessions"]:
            keys = Keys(bytes.fromhex(each["secret"]), bytes.fromhex(each["vault"]))
            self.same(each["name"], keys.session_key(bytes.fromhex(each["enc"]), each["epoch"]).hex(), each["key"])

    def wraps(self):
        vectors = self.load("wraps")
        for each in vectors["custom"]:
            vault, secret = bytes.fromhex(each["vault"]), bytes.fromhex(each["secret"])
            self.same(each["name"], open_custom(each["wrap"], vault, each["epoch"], each["passphrase"]), secret)
        for each in vectors["badCustom"]:
            vault = bytes.fromhex(each["vault"])
            self.same(each["name"], open_custom(each["wrap"], vault, each["epoch"], each["passphrase"]), each["error"])
        for each in vectors["corporate"]:
            vault = bytes.fromhex(each["vault"])
            self.same(each["name"], open_corporate(each["wrap"], vault, each["epoch"], each["private"]).hex(), each["secret"])
        for each in vectors["badCorporate"]:
            vault = bytes.fromhex(each["vault"])
            self.same(each["name"], open_corporate(each["wrap"], vault, each["epoch"], each["private"]), each["error"])
        for each in vectors["default"]:
            info = b"holdfast/v1/wrap/default" + bytes.fromhex(each["vault"]) + struct.pack("<I", each["epoch"])
            wrap = each["wrap"]
            hpke = Hpke(bytes.fromhex(each["kekPrivate"]), base64.b64decode(wrap["enc"]), info)
            self.same(each["name"], hpke.open_first(base64.b64decode(wrap["ciphertext"])).hex(), each["secret"])

    def chunk_ids(self):
        vectors = self.load("chunk-ids")
        for each in vectors["good"]:
            message = bytes([each["type"]]) + bytes.fromhex(each["plain"])
            id = hmac.new(bytes.fromhex(vectors["idKey"]), message, hashlib.sha256).hexdigest()
            self.same(f"type {each['type']}", id, each["id"])

    def cuts(self):
        vectors = self.load("cut-hash")
        of = cut_hash(bytes.fromhex(vectors["splitKey"]))
        for each in vectors["good"]:
            self.same(each["bytes"], of(bytes.fromhex(each["bytes"])), each["hash"])
        for each in vectors["bundles"]:
            files = [(bytes.fromhex(file["name"]), file["size"]) for file in each["files"]]
            self.same(each["name"], bundles(files, of), each["bundles"])

    def padme(self):
        for each in self.load("padme")["good"]:
            self.same(str(each["length"]), padme(each["length"]), each["padded"])

    def splitter(self):
        vectors = self.load("splitter")
        split_key = bytes.fromhex(vectors["splitKey"])
        table = gear_table(split_key)
        packed = struct.pack("<256Q", *table)
        self.same("the head of the table", packed[:64].hex(), vectors["gearHead"])
        self.same("the table", hashlib.sha256(packed).hexdigest(), vectors["gearSha256"])
        for each in vectors["good"]:
            data = stream(each["seed"], each["length"]) if each["kind"] == "stream" else bytes.fromhex(each["seed"]) * each["length"]
            self.same(f"{each['kind']} {each['seed']} {each['length']}", split(data, table), each["chunks"])

    def sealed(self):
        vectors = self.load("sealed-chunks")
        id_key, vault = bytes.fromhex(vectors["idKey"]), bytes.fromhex(vectors["vault"])
        chunk_id = lambda type, plain: hmac.new(id_key, bytes([type]) + plain, hashlib.sha256).digest()
        for each in vectors["good"]:
            sealed, key, enc, id = (bytes.fromhex(each[x]) for x in ("sealed", "key", "enc", "id"))
            self.same(each["name"], open_sealed(sealed, key, vault, enc, each["type"], id, chunk_id).hex(), each["plain"])
            said = struct.unpack("<HIQ", sealed[6:20])
            self.same(f"{each['name']}: header", list(said), [each["sessionIndex"], each["epoch"], each["counter"]])
        for each in vectors["bad"]:
            sealed, key, own_vault, enc, id = (bytes.fromhex(each[x]) for x in ("sealed", "key", "vault", "enc", "id"))
            self.refused(each["name"], lambda: open_sealed(sealed, key, own_vault, enc, each["type"], id, chunk_id))

    def packs(self):
        vectors = self.load("packs")
        for each in vectors["good"]:
            data = bytes.fromhex(each["bytes"])
            kind, vault, encs, rows = read_pack(data)
            self.same(f"{each['name']}: id", hashlib.sha256(data).hexdigest(), each["id"])
            self.same(f"{each['name']}: frame", (kind, vault.hex(), [enc.hex() for enc in encs]), (each["kind"], each["vault"], each["sessions"]))
            names = ("id", "type", "session", "offset", "length", "links")
            said = [dict(zip(names, (id.hex(), type, session, offset, length, links.hex()))) for id, type, session, offset, length, links in rows]
            self.same(f"{each['name']}: chunks", said, each["chunks"])
        for each in vectors["bad"]:
            self.refused(each["name"], lambda: read_pack(bytes.fromhex(each["bytes"])))

    def pages(self):
        vectors = self.load("pages")
        for each in vectors["good"]:
            level, rows, links = read_page(bytes.fromhex(each["bytes"]))
            self.same(each["name"], (level, rows), (each["level"], each["children" if level else "entries"]))
            self.same(f"{each['name']}: links", links.hex(), each["links"])
        for each in vectors["bad"]:
            self.refused(each["name"], lambda: read_page(bytes.fromhex(each["bytes"])))

    def catalogs(self):
        vectors = self.load("catalogs")
        id_key, of = bytes.fromhex(vectors["idKey"]), cut_hash(bytes.fromhex(vectors["splitKey"]))
        for each in vectors["good"]:
            leaves, parents, root = build_catalog(each["prefix"].encode(), each["count"], id_key, of)
            self.same(each["name"], (leaves, parents, root.hex()), (each["leaves"], each["parents"], each["root"]))

    def lists(self):
        vectors = self.load("lists")
        for each in vectors["good"]:
            id_key = bytes.fromhex(each["idKey"])
            plains = {}
            for made in each["lists"]:
                plain = bytes.fromhex(made["bytes"])
                plains[hmac.new(id_key, bytes([LIST]) + plain, hashlib.sha256).hexdigest()] = plain
            self.same(f"{each['name']}: ids", list(plains), [made["id"] for made in each["lists"]])
            slices = list(walk_list(plains, each["root"]))
            self.same(each["name"], slices if "slices" in each else len(slices), each.get("slices", each["count"]))
        for each in vectors["bad"]:
            self.refused(each["name"], lambda: read_list(bytes.fromhex(each["bytes"])))

    def records(self):
        vectors = self.load("snapshot-records")
        for each in vectors["good"]:
            data = bytes.fromhex(each["bytes"])
            record, is_right = read_record(data)
            self.same(f"{each['name']}: signature", is_right, True)
            self.same(f"{each['name']}: hash", hashlib.sha256(data).hexdigest(), each["hash"])
            said = {name: value.hex() if isinstance(value, bytes) else value for name, value in record.items()}
            self.same(each["name"], said, {name: each[name] for name in said})
        for each in vectors["bad"]:
            self.refused(each["name"], lambda: read_record(bytes.fromhex(each["bytes"])))
        for each in vectors["unsigned"]:
            self.same(each["name"], read_record(bytes.fromhex(each["bytes"]))[1], False)

    def receipts(self):
        vectors = self.load("receipts")
        key = bytes.fromhex(vectors["receiptKey"])
        seed = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vectors["receiptSeed"])).public_key()
        self.same("the key", seed.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw), key)
        for each in vectors["good"]:
            receipt, is_right = read_receipt(bytes.fromhex(each["bytes"]), key)
            self.same(f"{each['name']}: signature", is_right, True)
            said = {name: value.hex() if isinstance(value, bytes) else value for name, value in receipt.items()}
            self.same(each["name"], said, {name: each[name] for name in said})
        for each in vectors["bad"]:
            self.refused(each["name"], lambda: read_receipt(bytes.fromhex(each["bytes"]), key))
        for each in vectors["unsigned"]:
            self.same(each["name"], read_receipt(bytes.fromhex(each["bytes"]), key)[1], False)


def stream(seed, length):
    blocks = (hashlib.sha256(seed.encode() + struct.pack("<I", index)).digest() for index in range(-(-length // 32)))
    return b"".join(blocks)[:length]


def varint(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def zigzag(number):
    return number * 2 if number >= 0 else -number * 2 - 1


def string(text):
    return varint(len(text)) + text


def shared_prefix(a, b):
    return len(os.path.commonprefix([a, b]))


def walk_list(plains, id):
    level, items = read_list(plains[id])
    for item in items:
        if level == 0:
            yield item
        else:
            yield from walk_list(plains, item[0].hex())


def build_catalog(prefix, count, id_key, of):
    """The catalog of `count` folders by rule (see scripts/vectors/catalogs.ts): leaves' sizes, number of parents, root id."""
    page_id = lambda plain: hmac.new(id_key, bytes([PAGE]) + plain, hashlib.sha256).digest()
    leaves, level, entries, body, previous, first = [], [], 0, b"", b"", b""

    def end_leaf():
        owners = varint(1) + varint(0) + varint(0) + string(b"root") + string(b"root") if entries else varint(0)
        plain = b"HFPG\x01\x00" + varint(0) + owners + varint(entries) + body
        leaves.append(entries)
        level.append((first, page_id(plain), entries))

    for index in range(count):
        path = prefix + b"%07d" % index
        shared = shared_prefix(previous, path)
        seconds = 1 if entries else index
        body += varint(shared) + string(path[shared:]) + b"\x01" + varint(0) + varint(0o755) + varint(0) + varint(zigzag(seconds)) + varint(0)
        entries, previous, first = entries + 1, path, first or path
        if (entries >= 64 and of(path) % 512 == 0) or entries >= 2048 or len(body) >= 128 * 1024:
            end_leaf()
            entries, body, previous, first = 0, b"", b"", b""
    if entries or not level:
        end_leaf()
    number, parents = 0, 0
    while len(level) > 1:
        number, above, group = number + 1, [], []
        for at, child in enumerate(level):
            group.append(child)
            cut = len(group) >= 2 and struct.unpack("<I", child[1][:4])[0] % 64 == 0
            if cut or len(group) >= 1024 or at == len(level) - 1:
                above.append((group[0][0], page_id(parent_page(number, group)), sum(each[2] for each in group)))
                group, parents = [], parents + 1
        level = above
    return leaves, parents, level[0][1]


def parent_page(number, group):
    ids, body, previous = [], b"", b""
    for path, page, entries in group:
        if page not in ids:
            ids.append(page)
        shared = shared_prefix(previous, path)
        body += varint(shared) + string(path[shared:]) + varint(ids.index(page)) + varint(entries) + varint(0)
        previous = path
    return b"HFPG\x01" + bytes([number]) + varint(len(ids)) + b"".join(ids) + varint(len(group)) + body


# --- §3 splitting (only to check the vectors: reading needs none of it) ---------------------------------------------

def gear_table(split_key):
    return struct.unpack("<256Q", hkdf(split_key, b"", b"holdfast/v1/gear", 2048))


def split(data, table):
    mask, start, lengths = (1 << 64) - 1, 0, []
    while start < len(data):
        end = min(len(data), start + CHUNK_MAX)
        cut, h = end, 0
        for at in range(start + 262_080, end):
            h = ((h << 1) + table[data[at]]) & mask
            n = at + 1 - start
            if n >= 262_144 and h < (1 << 43 if n < MIB else 1 << 45):
                cut = at + 1
                break
        lengths.append(cut - start)
        start = cut
    return lengths


def cut_hash(split_key):
    mask = (1 << 32) - 1
    seed = struct.unpack("<I", hkdf(split_key, b"", b"holdfast/v1/cut", 4))[0]

    def of(data):
        h = 2_166_136_261 ^ seed
        for byte in data:
            h = (h ^ byte) * 16_777_619 & mask
        h ^= h >> 16
        h = h * 0x85EBCA6B & mask
        h ^= h >> 13
        h = h * 0xC2B2AE35 & mask
        return h ^ h >> 16

    return of


def bundles(files, of):
    """How many files each bundle takes."""
    groups, size, count = [], 0, 0
    for name, length in files:
        if count and size + length > MIB:
            groups.append(count)
            size = count = 0
        size, count = size + length, count + 1
        if size >= 512 * 1024 and of(name) % 8 == 0:
            groups.append(count)
            size = count = 0
    return groups + ([count] if count else [])


def main(arguments):
    vectors = Vectors(arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__)))
    vectors.run()
    for failure in vectors.failures:
        print(failure, file=sys.stderr)
    print(f"{vectors.count} checks, {len(vectors.failures)} wrong")
    return 1 if vectors.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
