#!/usr/bin/env python3
"""A reader of the Holdfast format, version 1, written from docs/format.md alone; it shares no code with Holdfast.

  reader.py restore <storage folder> <vault id> <vault secret in hex> <target folder> [sequence]
  reader.py list    <storage folder> <vault id> <vault secret in hex> [sequence]

`restore` checks the chain of snapshot records and writes the files, folders and symlinks of one snapshot (the last, unless
told otherwise) below the target, which must not exist; `list` prints its entries as lines of JSON. `check.py` beside
this file reads the test vectors with it. Needs Python 3.9 and the package `cryptography`; for compressed chunks also zstd: the module `compression.zstd` (Python 3.14), the package
`zstandard`, or the program `zstd`. Slow and simple on purpose.
"""
import base64
import hashlib
import hmac
import json
import os
import shutil
import struct
import subprocess
import sys
import unicodedata
import zlib

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MIB = 1 << 20
CHUNK_MAX = 4 * MIB
DATA, BUNDLE, PAGE, LIST, BODY = 1, 2, 3, 4, 5


class Bad(Exception):
    """The bytes are not what they say they are."""


# --- §2 keys -------------------------------------------------------------------------------------------------------

def hkdf_extract(salt, ikm):
    return hmac.new(salt or bytes(32), ikm, hashlib.sha256).digest()


def hkdf_expand(prk, info, length):
    out, block, number = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([number]), hashlib.sha256).digest()
        out += block
        number += 1
    return out[:length]


def hkdf(ikm, salt, info, length):
    return hkdf_expand(hkdf_extract(salt, ikm), info, length)


def public_of(private):
    key = X25519PrivateKey.from_private_bytes(private).public_key()
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


class Keys:
    def __init__(self, secret, vault):
        derive = lambda label: hkdf(secret, vault, b"holdfast/v1/" + label, 32)
        self.vault = vault
        self.read, self.id, self.split, self.signer = (derive(x) for x in (b"read", b"id", b"split", b"signer"))

    def session_key(self, enc, epoch):
        info = b"holdfast/v1/session" + self.vault + struct.pack("<I", epoch)
        return Hpke(self.read, enc, info).export(b"holdfast/v1/session-key", 32)

    def chunk_id(self, type, plain):
        return hmac.new(self.id, bytes([type]) + plain, hashlib.sha256).digest()


class Hpke:
    """RFC 9180, the recipient's side in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM."""

    def __init__(self, private, enc, info):
        kem = b"KEM" + struct.pack(">H", 0x20)
        dh = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(enc))
        prk = self.extract(kem, b"", b"eae_prk", dh)
        shared = self.expand(kem, prk, b"shared_secret", enc + public_of(private), 32)
        self.suite = b"HPKE" + struct.pack(">HHH", 0x20, 1, 2)
        context = b"\0" + self.extract(self.suite, b"", b"psk_id_hash", b"") + self.extract(self.suite, b"", b"info_hash", info)
        secret = self.extract(self.suite, shared, b"secret", b"")
        self.key = self.expand(self.suite, secret, b"key", context, 32)
        self.nonce = self.expand(self.suite, secret, b"base_nonce", context, 12)
        self.exporter = self.expand(self.suite, secret, b"exp", context, 32)

    def export(self, context, length):
        return self.expand(self.suite, self.exporter, b"sec", context, length)

    def open_first(self, ciphertext, aad=b""):
        return AESGCM(self.key).decrypt(self.nonce, ciphertext, aad)

    @staticmethod
    def extract(suite, salt, label, ikm):
        return hkdf_extract(salt, b"HPKE-v1" + suite + label + ikm)

    @staticmethod
    def expand(suite, prk, label, info, length):
        return hkdf_expand(prk, struct.pack(">H", length) + b"HPKE-v1" + suite + label + info, length)


def open_custom(wrap, vault, epoch, passphrase):
    """Gives the vault secret, or the error's code."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    cost = wrap["argon2"]
    memory, passes, lanes = cost["memoryKiB"], cost["passes"], cost["parallelism"]
    if not (65_536 <= memory <= 1_048_576 and 3 <= passes <= 10 and 1 <= lanes <= 16):
        return "key/weak-wrap"
    salt, check, nonce, ciphertext = (base64.b64decode(wrap[x]) for x in ("salt", "check", "nonce", "ciphertext"))
    text = unicodedata.normalize("NFC", passphrase).encode()
    out = Argon2id(salt=salt, length=64, iterations=passes, lanes=lanes, memory_cost=memory).derive(text)
    if out[32:] != check:
        return "key/wrong-passphrase"
    aad = b"holdfast/v1/wrap/custom" + vault + struct.pack("<IIII", epoch, memory, passes, lanes) + salt
    try:
        return AESGCM(out[:32]).decrypt(nonce, ciphertext, aad)
    except InvalidTag:
        return "key/not-this-vault"


def open_corporate(wrap, vault, epoch, pem):
    """Gives the vault secret, or the error's code."""
    key = serialization.load_pem_private_key(pem.encode(), None)
    spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if hashlib.sha256(spki).hexdigest() != wrap["certificate"]:
        return "key/recovery-key-other"
    label = b"holdfast/v1/wrap/corporate" + vault + struct.pack("<I", epoch)
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=label)
    try:
        return key.decrypt(base64.b64decode(wrap["ciphertext"]), oaep)
    except ValueError:
        return "key/not-this-vault"


# --- reading bytes -------------------------------------------------------------------------------------------------

class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def left(self):
        return len(self.data) - self.at

    def take(self, length):
        if length > self.left():
            raise Bad("the data ends early")
        self.at += length
        return self.data[self.at - length : self.at]

    def unpack(self, form):
        values = struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))
        return values[0] if len(values) == 1 else values

    def magic(self, expected):
        if self.take(4) != expected or self.unpack("B") != 1:
            raise Bad("wrong magic or version")

    def varint(self):
        value = shift = 0
        while True:
            byte = self.unpack("B")
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                if byte == 0 and shift > 7:
                    raise Bad("not the shortest form")
                if value >= 1 << 53:
                    raise Bad("more than 53 bits")
                return value
            if shift > 56:
                raise Bad("too long")

    def svarint(self):
        value = self.varint()
        return -(value + 1) // 2 if value & 1 else value // 2

    def string(self):
        return self.take(self.varint())

    def count(self):
        value = self.varint()
        if value > self.left():
            raise Bad("a count exceeds the data")
        return value

    def end(self):
        if self.left():
            raise Bad("trailing bytes")


# --- §4 sealed chunks ------------------------------------------------------------------------------------------------

def padme(length):
    if length < 2:
        return length
    e = length.bit_length() - 1
    s = e.bit_length()
    step = 1 << max(0, e - s)
    return -(-length // step) * step


def unzstd(frame, length):
    """One frame of exactly `length` bytes; never makes more than that."""
    if zstd_frame_end(frame) != len(frame):
        raise Bad("not one zstd frame")
    try:
        from compression import zstd  # Python 3.14

        plain = zstd.ZstdDecompressor().decompress(frame, max_length=length + 1)
    except ImportError:
        try:
            import zstandard

            plain = zstandard.ZstdDecompressor().stream_reader(frame).read(length + 1)
        except ImportError:
            plain = unzstd_by_program(frame, length)
    if len(plain) != length:
        raise Bad("the plaintext has another length")
    return plain


def unzstd_by_program(frame, length):
    if not shutil.which("zstd"):
        sys.exit("This vault has compressed chunks, and there is no zstd here: install the program zstd or the Python package zstandard.")
    with subprocess.Popen(["zstd", "-dcq"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        pid = os.fork()
        if pid == 0:  # Feeds the program, so that neither waits for the other.
            try:
                program.stdin.write(frame)
                program.stdin.close()
            finally:
                os._exit(0)
        program.stdin.close()
        plain = program.stdout.read(length + 1)
        program.stdout.close()
        os.waitpid(pid, 0)
    if program.returncode and len(plain) <= length:
        raise Bad("zstd can't read it")
    return plain


def zstd_frame_end(frame):
    """Where the first frame ends (RFC 8878): `zstd` would read several."""
    r = Reader(frame)
    if r.take(4) != b"\x28\xb5\x2f\xfd":
        raise Bad("no zstd frame")
    descriptor = r.unpack("B")
    single = descriptor >> 5 & 1
    r.take((1 - single) + (0, 1, 2, 4)[descriptor & 3] + ((0, 2, 4, 8)[descriptor >> 6] or single))
    last = 0
    while not last:
        header = int.from_bytes(r.take(3), "little")
        last = header & 1
        r.take(1 if header >> 1 & 3 == 1 else header >> 3)
    r.take(4 if descriptor & 4 else 0)
    return r.at


def open_sealed(sealed, key, keys_vault, enc, type, id, chunk_id):
    r = Reader(sealed)
    r.magic(b"HFCK")
    said_type, _session, epoch, counter, said_id, length, crc = r.unpack("BHIQ32sII")
    if zlib.crc32(sealed[:56]) != crc or said_type != type or said_id != id or length != r.left():
        raise Bad("a header that does not fit")
    aad = b"holdfast/v1/chunk" + keys_vault + enc + sealed[4:6] + sealed[8:56]
    if r.left() < 16:
        raise Bad("too short")
    try:
        frame = Reader(AESGCM(key).decrypt(struct.pack("<IQ", 0, counter), sealed[60:], aad))
    except InvalidTag:
        raise Bad("the tag is wrong") from None
    method, plain_length, payload_length = frame.unpack("BII")
    payload = frame.take(payload_length)
    if len(frame.data) != padme(9 + payload_length) or any(frame.data[frame.at :]):
        raise Bad("wrong padding")
    if method > 1 or plain_length > CHUNK_MAX:
        raise Bad("unknown method or impossible length")
    plain = payload if method == 0 else unzstd(payload, plain_length)
    if len(plain) != plain_length or chunk_id(type, plain) != id:
        raise Bad("another plaintext than its id says")
    return plain


# --- §5 packs ------------------------------------------------------------------------------------------------------

def read_pack(data):
    """Gives (kind, vault, encapsulated keys, [(id, type, session, offset, length, links)])."""
    if len(data) > 64 * MIB:
        raise Bad("too large")
    r = Reader(data)
    r.magic(b"HFPK")
    kind, count = r.unpack("BH")
    if kind > 1 or not 1 <= count <= 1024:
        raise Bad("unknown kind or impossible number of sessions")
    vault = r.take(16)
    encs = [r.take(32) for _ in range(count)]
    if r.unpack("I") != zlib.crc32(data[: r.at - 4]):
        raise Bad("the header's checksum")
    start = r.at
    if r.left() < 24:
        raise Bad("too short")
    offset, length, chunks, crc, trailer_crc, magic = struct.unpack("<IIIII4s", data[-24:])
    if magic != b"HFPE" or zlib.crc32(data[-24:-8]) != trailer_crc or offset + length + 24 != len(data):
        raise Bad("the trailer")
    directory = Reader(data[offset : offset + length])
    if zlib.crc32(directory.data) != crc or chunks < 1 or chunks * 47 > length:
        raise Bad("the directory")
    rows = []
    for _ in range(chunks):
        id, type, session, at, size, links = directory.unpack("32sBHIII")
        if type not in ((DATA, BUNDLE), (PAGE, LIST))[kind] or session >= count or (kind == 0 and links):
            raise Bad("a row that does not belong there")
        if at != start or size < 60 + 9 + 16 or links * 32 > directory.left():
            raise Bad("a row's numbers")
        start += size
        rows.append((id, type, session, at, size, directory.take(32 * links)))
    directory.end()
    if start != offset:
        raise Bad("a gap or an overlap")
    return kind, vault, encs, rows


# --- §6 catalog ------------------------------------------------------------------------------------------------------

class Ids:
    """The id table: exactly what is used, in order of first use."""

    def __init__(self, r):
        count = r.count()
        self.all = [r.take(32) for _ in range(count)]
        self.used = 0
        if len(set(self.all)) != count:
            raise Bad("an id stands twice")

    def get(self, index):
        if index > self.used or index >= len(self.all):
            raise Bad("an id out of order")
        self.used = max(self.used, index + 1)
        return self.all[index]

    def end(self):
        if self.used != len(self.all):
            raise Bad("an id that is not used")


def order(path):
    """Bytewise with `/` lowest."""
    return path.translate(SLASH_LOWEST)


SLASH_LOWEST = bytes([0 if byte == 0x2F else byte + 1 if byte < 0x2F else byte for byte in range(256)])
TYPES = ("file", "folder", "symlink", "fifo", "socket", "character-device", "block-device")


def check_path(path):
    if not 1 <= len(path) <= MIB or b"\0" in path:
        raise Bad("a path that is not allowed")
    for component in path.split(b"/"):
        if not 1 <= len(component) <= 1024 or component in (b".", b".."):
            raise Bad("a component that is not allowed")


def read_slice(r, ids):
    n = r.varint()
    if n == 0:
        length = r.varint()
        if length == 0:
            raise Bad("an empty hole")
        return {"hole": length}
    chunk, offset, length = ids.get(n - 1), r.varint(), r.varint()
    if length == 0 or offset + length > CHUNK_MAX:
        raise Bad("an impossible slice")
    return {"chunk": chunk.hex(), "offset": offset, "length": length}


def slice_length(slice):
    return slice["hole"] if "hole" in slice else slice["length"]


def read_entry(r, ids, owners, previous, seconds):
    shared = r.varint()
    if shared > len(previous):
        raise Bad("more shared than there is")
    path = previous[:shared] + r.string()
    check_path(path)
    type, flags, mode, owner = r.unpack("B"), r.varint(), r.varint(), r.varint()
    seconds += r.svarint()
    nanoseconds = r.varint()
    if type > 6 or flags > 31 or (type and flags & 28) or flags & 20 == 20 or mode > 0o7777 or owner >= len(owners) or nanoseconds >= 10**9:
        raise Bad("an entry's numbers")
    entry = {"path": path.hex(), "type": TYPES[type], "mode": mode, "owner": owners[owner]}
    entry.update(mtimeSeconds=seconds, mtimeNanoseconds=nanoseconds)
    if type == 0:
        entry["sizeBytes"] = size = r.varint()
        if flags & 8:
            entry["changing"] = True
        if flags & 16:
            entry["missing"] = True
        elif flags & 4:
            entry["list"] = ids.get(r.varint()).hex()
            if size == 0:
                raise Bad("an empty file with a list")
        else:
            count = r.varint()
            if count > 32:
                raise Bad("too many slices")
            entry["slices"] = [read_slice(r, ids) for _ in range(count)]
            if sum(map(slice_length, entry["slices"])) != size:
                raise Bad("slices that don't sum to the size")
    if type == 2:
        entry["target"] = r.string().hex()
    if type >= 5:
        entry["major"], entry["minor"] = r.varint(), r.varint()
    if flags & 2:
        entry["linkGroup"] = r.take(8).hex()
    if flags & 1:
        attributes = [(r.string(), r.string()) for _ in range(r.count())]
        names = [name for name, _ in attributes]
        if not names or names != sorted(set(names)):
            raise Bad("attributes")
        entry["attributes"] = [{"name": name.hex(), "value": value.hex()} for name, value in attributes]
    return entry


def read_page(plain):
    """Gives (level, entries or children, links)."""
    r = Reader(plain)
    r.magic(b"HFPG")
    level = r.unpack("B")
    if level > 16:
        raise Bad("an impossible level")
    ids, rows, previous, seconds = Ids(r), [], b"", 0
    if level == 0:
        owners = []
        for _ in range(r.count()):
            uid, gid, user, group = r.varint(), r.varint(), r.string(), r.string()
            owners.append({"uid": uid, "gid": gid, "user": user.decode(), "group": group.decode()})
    for index in range(r.count()):
        if level == 0:
            row = read_entry(r, ids, owners, previous, seconds)
            path, seconds = bytes.fromhex(row["path"]), row["mtimeSeconds"]
        else:
            shared = r.varint()
            if shared > len(previous):
                raise Bad("more shared than there is")
            path = previous[:shared] + r.string()
            check_path(path)
            row = {"firstPath": path.hex(), "page": ids.get(r.varint()).hex(), "entries": r.varint(), "bytes": r.varint()}
        if index and order(previous) >= order(path):
            raise Bad("out of order")
        rows.append(row)
        previous = path
    if level and not rows:
        raise Bad("a parent without children")
    ids.end()
    r.end()
    return level, rows, b"".join(ids.all)


def read_list(plain):
    """Gives (level, slices or [(id, bytes below)])."""
    r = Reader(plain)
    r.magic(b"HFLS")
    level = r.unpack("B")
    if level > 8:
        raise Bad("an impossible level")
    ids = Ids(r)
    items = [read_slice(r, ids) if level == 0 else (ids.get(r.varint()), r.varint()) for _ in range(r.count())]
    ids.end()
    r.end()
    return level, items


# --- §7 and §8 ------------------------------------------------------------------------------------------------------

def is_signed(key, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def safe(number):
    if not -(1 << 53) < number < 1 << 53:
        raise Bad("a number beyond 53 bits")
    return number


def read_record(data):
    r = Reader(data)
    r.magic(b"HFSN")
    flags, reserved = r.unpack("BH")
    if flags > 1 or reserved:
        raise Bad("unknown flags")
    names = ("vault", "machine", "sequence", "previous", "root", "epoch", "claimedAt", "signer", "signerProof", "enc")
    record = dict(zip(names, r.unpack("16s16sQ32s32sIq32s32s32s")), incomplete=flags == 1)
    length = r.unpack("I")
    if safe(record["sequence"]) < 1 or safe(record["claimedAt"]) is None or not 76 <= length <= 524_288:
        raise Bad("impossible numbers")
    record["body"] = r.take(length)
    signature = r.take(64)
    r.end()
    message = b"holdfast/v1/snapshot\0" + hashlib.sha256(data[:-64]).digest()
    return record, is_signed(record["signer"], message, signature)


def read_receipt(data, key):
    r = Reader(data)
    r.magic(b"HFRC")
    receipt = dict(zip(("vault", "machine", "sequence", "record", "receivedAt"), r.unpack("16s16sQ32sq")))
    safe(receipt["sequence"]), safe(receipt["receivedAt"])
    signature = r.take(64)
    r.end()
    return receipt, is_signed(key, b"holdfast/v1/receipt\0" + data[:-64], signature)


# --- §9 a storage folder ---------------------------------------------------------------------------------------------

class Storage:
    def __init__(self, folder, vault, secret):
        self.folder, self.vault_hex = folder, vault
        self.keys = Keys(secret, bytes.fromhex(vault))
        self.places, self.session_keys, self.records = {}, {}, []
        packs = os.path.join(folder, "packs", vault)
        for prefix in sorted(os.listdir(packs)):
            for name in sorted(os.listdir(os.path.join(packs, prefix))):
                self.add_pack(os.path.join(packs, prefix, name), prefix, name)
        self.read_chain(os.path.join(folder, "records", vault))

    def add_pack(self, path, prefix, name):
        with open(path, "rb") as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != name or name[:2] != prefix:
            raise Bad(f"pack {name} is not what its name says")
        _kind, vault, encs, rows = read_pack(data)
        if vault != self.keys.vault:
            raise Bad(f"pack {name} is of another vault")
        for id, type, session, offset, length, links in rows:
            self.places.setdefault(id, (path, type, encs[session], offset, length, links))

    def read_chain(self, folder):
        previous, signed_by = self.origin(), hmac.new(self.keys.signer, digestmod=hashlib.sha256)
        for number, name in enumerate(sorted(os.listdir(folder)), 1):
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            record, is_right = read_record(data)
            digest = hashlib.sha256(data).digest()
            proof = signed_by.copy()
            proof.update(record["signer"])
            if name != f"{number:016d}-{digest.hex()}" or record["sequence"] != number or record["previous"] != previous:
                raise Bad(f"record {name} breaks the chain")
            if not is_right or proof.digest() != record["signerProof"] or record["vault"] != self.keys.vault:
                raise Bad(f"record {name} is not signed by a machine of this vault")
            record["said"] = json.loads(self.open(record["body"], BODY, record["body"][20:52], record["enc"]))
            self.records.append(record)
            previous = digest

    def origin(self):
        """What the first record follows: the id of a local copy (9.4), or nothing."""
        card = os.path.join(self.folder, "copy.json")
        if not os.path.exists(card):
            return bytes(32)
        with open(card, encoding="utf-8") as file:
            said = json.load(file)
        if said["version"] != 1 or said["vault"] != self.vault_hex:
            raise Bad("copy.json is of another version or vault")
        return bytes.fromhex(said["copy"])

    def open(self, sealed, type, id, enc):
        epoch = struct.unpack("<I", sealed[8:12])[0]
        key = self.session_keys.get((enc, epoch))
        if key is None:
            key = self.session_keys[enc, epoch] = self.keys.session_key(enc, epoch)
        return open_sealed(sealed, key, self.keys.vault, enc, type, id, self.keys.chunk_id)

    def get(self, id, types):
        path, type, enc, offset, length, links = self.places.get(id) or self.missing(id)
        if type not in types:
            raise Bad(f"chunk {id.hex()} is of type {type}")
        with open(path, "rb") as file:
            file.seek(offset)
            plain = self.open(file.read(length), type, id, enc)
        return plain, links

    @staticmethod
    def missing(id):
        raise Bad(f"chunk {id.hex()} is in no pack")

    def entries(self, page, level=None):
        plain, links = self.get(page, (PAGE,))
        said_level, rows, ids = read_page(plain)
        if links != ids or level not in (None, said_level):
            raise Bad("a page's links or level")
        if said_level == 0:
            yield from rows
        else:
            for child in rows:
                yield from self.entries(bytes.fromhex(child["page"]), said_level - 1)

    def slices(self, entry):
        if "list" not in entry:
            return entry["slices"]
        return list(self.list_slices(bytes.fromhex(entry["list"])))

    def list_slices(self, id, level=None):
        plain, _links = self.get(id, (LIST,))
        said_level, items = read_list(plain)
        if level not in (None, said_level):
            raise Bad("a list's level")
        for item in items:
            if said_level == 0:
                yield item
            else:
                yield from self.list_slices(item[0], said_level - 1)

    def write(self, entry, path):
        done = 0
        with open(path, "xb") as file:
            for slice in self.slices(entry):
                if "hole" in slice:
                    file.seek(slice["hole"], os.SEEK_CUR)
                else:
                    plain, _ = self.get(bytes.fromhex(slice["chunk"]), (DATA, BUNDLE))
                    part = plain[slice["offset"] : slice["offset"] + slice["length"]]
                    if len(part) != slice["length"]:
                        raise Bad("a slice that reaches beyond its chunk")
                    file.write(part)
                done += slice_length(slice)
            file.truncate()
            file.truncate(done)
        if done != entry["sizeBytes"]:
            raise Bad("a file of another size")


def restore(storage, record, target):
    """Folders' modes and times last, so that read-only ones can be filled."""
    os.mkdir(target)
    base, folders, counts = os.fsencode(target), [], {}
    for entry in storage.entries(record["root"]):
        path = os.path.join(base, bytes.fromhex(entry["path"]))
        type = entry["type"]
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if type == "folder":
            os.makedirs(path, exist_ok=True)
            folders.append((path, entry))
        elif type == "symlink":
            os.symlink(bytes.fromhex(entry["target"]), path)
            finish(path, entry)
        elif type == "file" and not entry.get("missing"):
            storage.write(entry, path)
            finish(path, entry)
        else:
            type = f"left out: {type}"
        counts[type] = counts.get(type, 0) + 1
    for path, entry in reversed(folders):
        finish(path, entry)
    return counts


def finish(path, entry):
    if entry["type"] != "symlink":
        os.chmod(path, entry["mode"])
    time = entry["mtimeSeconds"] * 10**9 + entry["mtimeNanoseconds"]
    os.utime(path, ns=(time, time), follow_symlinks=False)


def main(arguments):
    if len(arguments) < 4 or arguments[0] not in ("restore", "list"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        storage = Storage(arguments[1], arguments[2], bytes.fromhex(arguments[3]))
        wanted = arguments[5 if arguments[0] == "restore" else 4 :]
        record = storage.records[int(wanted[0]) - 1 if wanted else -1]
        if arguments[0] == "restore":
            print(json.dumps({"sequence": record["sequence"], "said": record["said"], "restored": restore(storage, record, arguments[4])}))
        else:
            for entry in storage.entries(record["root"]):
                print(json.dumps(entry))
        return 0
    except Bad as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
