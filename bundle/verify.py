#!/usr/bin/env python3
"""Verify a Homeward proof bundle:  python3 verify.py BUNDLE.zip [--log KEY]

Needs Python 3.8 or newer and the openssl command (3.0 or newer), and nothing else: no network, no packages. It writes
nothing. It says "verified" (exit code 0), "tampered" (7: it has the form of a bundle, and something is not as it was)
or "invalid" (4: it does not have the form of a bundle), and what it found.

It checks, in this order, that
 1. the archive is in the one form it can have: stored files in the order of their names, nothing hidden between them;
 2. the BagIt lists (RFC 8493) are the lists of what is there, by SHA-256 and SHA-512;
 3. the checkpoint is signed with the log's key (C2SP signed note, Ed25519);
 4. each item, with what is withheld from it, opens its leaf, and the leaf is in the log (RFC 6962);
 5. the log's own entry of this export names the digest of the list of files, so that none was added or taken out;
 6. the log grew from every earlier checkpoint that is enclosed; where an older key signed it, that each key followed the one
    before by a statement of the identity;
 7. what witnesses said of an earlier checkpoint, they said (C2SP cosignatures), and whether that is enough for the policy enclosed;
 8. each time-stamp (RFC 3161) is over its earlier checkpoint, and its signature led to an enclosed root at its own time.
It does not say that what the items say is true, nor that an authority of time-stamps is to be trusted: that is yours to
decide. Compare the keys it prints, and the roots of authorities, with those you were given elsewhere.
"""
import base64, calendar, hashlib, hmac, json, os, re, shutil, struct, subprocess, sys, tempfile, time, zlib

MAX_FILES, MAX_NAME, MAX_SIZE, MAX_KEPT, MAX_ALL = 20000, 200, 1 << 44, 16 << 20, 256 << 20
MAX_STAMPS, MAX_STAMP = 99, 64 << 10
BASE = re.compile(r"homeward-[0-9a-f-]{36}")
LAYOUT = re.compile(
    r"bag-info\.txt|bagit\.txt|manifest-sha(256|512)\.txt|tagmanifest-sha(256|512)\.txt|verify\.py|verify-(uk|en|ru)\.txt"
    r"|data/items/[0-9]{6}\.json|data/originals/[0-9]{6}\.age|data/(report|dossier|card)/(uk|en|ru)\.(html|pdf)|data/sbom\.json|data/(withheld|originals)\.csv"
    r"|data/log/(checkpoint|key|identity|policy)\.txt|data/log/seal\.json|data/log/(proofs|earlier|cosigned|consistency|successors|handovers)/[0-9]{6}\.txt|data/log/stamps/[0-9]{6}-[1-9]\.(tsr|pem)")
SEAL, CHECKPOINT, KEY = "data/log/seal.json", "data/log/checkpoint.txt", "data/log/key.txt"
ITEM, PROOF = "data/items/%s.json", "data/log/proofs/%s.txt"
EARLIER, CONSISTENCY = "data/log/earlier/%s.txt", "data/log/consistency/%s.txt"
IDENTITY, SUCCESSOR, HANDOVER = "data/log/identity.txt", "data/log/successors/%s.txt", "data/log/handovers/%s.txt"
POLICY, COSIGNED = "data/log/policy.txt", "data/log/cosigned/%s.txt"
STAMP, ROOTS = "data/log/stamps/%s.tsr", "data/log/stamps/%s.pem"
POLICY_FORM = re.compile(
    r"log [a-z0-9./-]{1,100}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n"
    r"(?:witness [0-9A-Za-z._/-]+ [0-9A-Za-z._:/-]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n)+"
    r"(?:group [0-9A-Za-z._/-]+ [1-9][0-9]?(?: [0-9A-Za-z._/-]+)+\n)*quorum [0-9A-Za-z._/-]+\n")
MADE_AFTER = ("manifest-", "tagmanifest-", KEY, CHECKPOINT, SEAL, "data/log/proofs/", "data/log/consistency/")
REQUIRED = ["bag-info.txt", "bagit.txt", "manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt",
            "tagmanifest-sha512.txt", SEAL, CHECKPOINT, KEY, PROOF % "000000"]


class Invalid(Exception):
    """The form is wrong: this is not a bundle."""


def need(condition, what):
    if not condition:
        raise Invalid(what)


# 1. The archive -------------------------------------------------------------------------------------------------------

def local(name, crc, size):
    """What stands before a file's bytes in a ZIP of stored files with 64-bit sizes."""
    return struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 0, 0, 33, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name), 20) + name + \
        struct.pack("<HHQQ", 1, 16, size, size)


def directory(members, at):
    """Everything that follows the last file."""
    out = b"".join(
        struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 0x032D, 45, 0, 0, 0, 33, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name), 28,
                    0, 0, 0, 0o100644 << 16, 0xFFFFFFFF) + name + struct.pack("<HHQQQ", 1, 24, size, size, offset)
        for name, crc, size, offset in members)
    return out + struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, len(members), len(members), len(out), at) + \
        struct.pack("<IIQI", 0x07064B50, 0, at + len(out), 1) + \
        struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)


def read_archive(f, bundle):
    """Reads the archive from its first byte to its last. Big originals stream by; everything else is kept in memory."""
    members, at = [], 0
    while True:
        fixed = f.read(30)
        need(len(fixed) == 30, "cut short")
        if fixed[:4] != b"PK\3\4":
            want = directory(members, at)
            need(fixed + f.read(len(want) + 1 - 30) == want, "the directory is not in its one form")
            return
        length = struct.unpack("<H", fixed[26:28])[0]
        need(length <= MAX_NAME and len(members) < MAX_FILES, "a name too long, or too many files")
        rest = f.read(length + 20)
        need(len(rest) == length + 20, "cut short")
        name, crc, size = rest[:length], struct.unpack("<I", fixed[14:18])[0], struct.unpack("<Q", rest[length + 4:length + 12])[0]
        need(size <= MAX_SIZE and local(name, crc, size) == fixed + rest, "a file's header is not in its one form")
        need(not members or members[-1][0] < name, "files out of order, or twice")
        bundle.take(name, crc, size, f)
        members.append((name, crc, size, at))
        at += len(fixed) + len(rest) + size


# 2. The bundle --------------------------------------------------------------------------------------------------------

class Bundle:
    def __init__(self):
        self.base, self.total, self.findings = "", 0, []
        self.sums = {"sha256": {}, "sha512": {}}  # name -> digest
        self.kept = {}                            # name -> content
        self.witnesses, self.witnessed = [], 0    # of the policy; checkpoints that enough of them cosigned
        self.stamps = []                          # name, time and authority of each time-stamp; no time where openssl cannot tell

    def found(self, place, what):
        self.findings.append((place, what))

    def take(self, raw, crc, size, f):
        need(all(b < 128 for b in raw), "a file that no bundle has")
        base, _, name = raw.decode("ascii").partition("/")
        self.base = self.base or base
        need(base == self.base and BASE.fullmatch(base) and LAYOUT.fullmatch(name), "a file that no bundle has")
        small = not name.startswith("data/originals/")
        if small:
            self.total += size
            need(size <= MAX_KEPT and self.total <= MAX_ALL, "a file too big")
        short, long, check, left, parts = hashlib.sha256(), hashlib.sha512(), 0, size, []
        while left > 0:
            part = f.read(min(left, 1 << 20))
            need(part, "cut short")
            left -= len(part)
            short.update(part), long.update(part)
            check = zlib.crc32(part, check)
            if small:
                parts.append(part)
        if check != crc:
            self.found(name, "its checksum in the archive is another")
        self.sums["sha256"][name], self.sums["sha512"][name] = short.hexdigest(), long.hexdigest()
        self.kept[name] = b"".join(parts)

    def complete(self):
        for name in REQUIRED:
            need(name in self.kept, "a bundle has a file " + name)
        need((IDENTITY in self.kept) == (len(self.names(SUCCESSOR)) > 0),
             "an identity that named no successor, or a successor that no identity named")
        need(["000000"] + self.names(ITEM) == self.names(PROOF) and self.names(EARLIER) == self.names(CONSISTENCY) and
             self.names(SUCCESSOR) == self.names(HANDOVER),
             "an item or an older checkpoint without its proof, or a proof that is of none")
        cosigned = self.names(COSIGNED)
        need((POLICY in self.kept and set(cosigned) <= set(self.names(EARLIER))) == (len(cosigned) > 0),
             "cosignatures without a policy or a checkpoint, or a policy without cosignatures")
        stamps = self.names(STAMP)
        need(len(stamps) <= MAX_STAMPS and stamps == self.names(ROOTS) and {n[:6] for n in stamps} <= set(self.names(EARLIER)),
             "a time-stamp without roots or a checkpoint, roots without a time-stamp, or too many of them")

    def names(self, kind):
        """The numbers of the files of a kind, in order."""
        before, after = kind.split("%s")
        return sorted(n[len(before):-len(after)] for n in self.kept if n.startswith(before) and n.endswith(after))

    def listed(self, algorithm, of):
        """Digests of some files the way sha256sum lists them."""
        return "".join("%s  %s\n" % (d, n) for n, d in sorted(self.sums[algorithm].items()) if of(n)).encode()

    def manifests(self):
        if self.kept["bagit.txt"] != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
            self.found("bagit.txt", "it does not say BagIt 1.0")
        payload = lambda n: n.startswith("data/")
        tag = lambda n: not payload(n) and not n.startswith("tagmanifest-")
        for algorithm in ("sha256", "sha512"):
            for name, of in (("manifest-%s.txt" % algorithm, payload), ("tagmanifest-%s.txt" % algorithm, tag)):
                want, got = self.listed(algorithm, of), self.kept[name]
                if want != got:
                    self.found(name, "it does not list the files that are there with their digests")
                    told = set(got.split(b"\n"))
                    for line in want.split(b"\n"):
                        if line and line not in told:
                            self.found(line.split(b"  ")[1].decode(), "its digest is not the one that %s lists" % name)

    def content(self):
        """The digest of the list of all files that were there when the export was entered into the ledger."""
        sealed = lambda n: not n.startswith(MADE_AFTER)
        return hashlib.sha256(self.listed("sha256", sealed)).hexdigest()


# 3. The log -----------------------------------------------------------------------------------------------------------

def unbase64(text, size):
    """Bytes of a base64 text that is written in the one way it can be; nothing for any other."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if len(raw) == size and base64.b64encode(raw).decode() == text else None


def parse_key(text, name=r"[a-z0-9./-]{1,100}", algorithm=1):
    """A verifier key: name+hash+base64(algorithm, Ed25519 key)."""
    m = re.fullmatch(r"(%s)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})" % name, text)
    raw = m and unbase64(m[3], 33)
    need(raw and raw[0] == algorithm and hashlib.sha256(m[1].encode() + b"\n" + raw).hexdigest()[:8] == m[2], "it is not a log's key")
    return m[1], bytes.fromhex(m[2]), raw[1:]


def ed25519(key, message, signature):
    """Asks openssl whether the signature of the message is that of the key."""
    pem = "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % base64.b64encode(
        bytes.fromhex("302a300506032b6570032100") + key).decode()
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("key", "message", "signature")]
        for path, content in zip(paths, (pem.encode(), message, signature)):
            with open(path, "wb") as f:
                f.write(content)
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", paths[0], "-rawin", "-in", paths[1],
                               "-sigfile", paths[2]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def open_note(note, *keys):
    """The text of a note that each of the keys signed once and nobody else did; nothing of any other."""
    text, _, lines = note.rpartition(b"\n\n")
    left, text = {(name, short): public for name, short, public in keys}, text + b"\n"
    if not lines.endswith(b"\n") or lines.count(b"\n") != len(keys) or len(left) != len(keys):
        return None
    for line in lines.split(b"\n")[:-1]:
        m = re.fullmatch(rb"\xe2\x80\x94 ([^ \n]+) ([A-Za-z0-9+/=]+)", line)
        signature = m and unbase64(m[2].decode(), 68)
        public = signature and left.pop((m[1].decode("utf-8", "replace"), signature[:4]), None)
        if not public or not ed25519(public, text, signature[4:]):
            return None
    return text


def open_checkpoint(note, *keys):
    """Size and root of a checkpoint that the keys signed; nothing when they did not."""
    text = open_note(note, *keys)
    m = text and re.fullmatch(rb"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/=]+)\n", text)
    root = m and unbase64(m[3].decode(), 32)
    if not root or m[1] != keys[0][0].encode() or int(m[2]) >= 1 << 63:
        return None
    return int(m[2]), root


def follow(bundle, newest):
    """The keys that spoke for the log, each with the sizes between which it did; nothing when they did not follow one another."""
    if IDENTITY not in bundle.kept:
        return [(parse_key(newest), 0, 1 << 63)]
    try:
        text = bundle.kept[IDENTITY].decode()
        need(text.endswith("\n"), "it is not a key")
        identity, keys, start, last = parse_key(text[:-1], r"[^\s+]{1,200}"), [], 0, None
        for n in bundle.names(SUCCESSOR):
            lines = (open_note(bundle.kept[SUCCESSOR % n], identity) or b"").decode().split("\n")
            need(len(lines) == 5 and lines[0] == "homeward/log-key/v1" and last in (None, lines[2]) and lines[2] != lines[3], "another key")
            old, last = parse_key(lines[2]), lines[3]
            signed = open_checkpoint(bundle.kept[HANDOVER % n], old, parse_key(last))
            need(signed and signed[0] >= start and lines[1] == old[0] == parse_key(last)[0], "not both keys signed the handover")
            keys.append((old, start, signed[0]))
            start = signed[0]
        need(last == newest, "they lead to another key")
        return keys + [(parse_key(last), start, 1 << 63)]
    except (Invalid, ValueError):
        return None


def parse_policy(raw):
    """c2sp.org/tlog-policy: witnesses (name, key), groups (name -> how many of which members) and the quorum."""
    text = raw.decode("latin-1")
    need(len(raw) <= 4096 and POLICY_FORM.fullmatch(text), "it is not a policy in its one form")
    lines = [line.split(" ") for line in text[:-1].split("\n")]
    witnesses, groups, used, publics = [], {}, set(), {parse_key(lines[0][1])[2]}
    for word, name, *rest in lines[1:-1]:
        known = {n for n, _ in witnesses} | set(groups)
        need(name != "none" and name not in known, "it is not a policy in its one form")
        if word == "witness":
            key = parse_key(rest[0], r"[0-9A-Za-z._:/-]+", 4)
            need(key[2] not in publics, "it is not a policy in its one form")
            publics.add(key[2])
            witnesses.append((name, key))
        else:
            least, members = int(rest[0]), rest[1:]
            need(least <= len(members) == len(set(members)) and set(members) <= known - used, "it is not a policy in its one form")
            used.update(members)
            groups[name] = least, members
    quorum = lines[-1][1]
    need(quorum in groups or quorum in dict(witnesses), "it is not a policy in its one form")
    return witnesses, groups, quorum


def cosigned_by(witnesses, checkpoint, raw):
    """The names of the witnesses whose words the lines are, each of another; nothing when a line is of none."""
    text, lines, said = checkpoint.partition(b"\n\n")[0] + b"\n", raw.split(b"\n"), set()
    if lines.pop() or not 1 <= len(lines) <= 9:
        return None
    for line in lines:
        m = re.fullmatch(rb"\xe2\x80\x94 ([^ \n]+) ([A-Za-z0-9+/=]+)", line)
        signature = m and unbase64(m[2].decode(), 76)
        who = signature and next((n for n, k in witnesses if n not in said and k[0].encode() == m[1] and k[1] == signature[:4]), None)
        if not who or not ed25519(dict(witnesses)[who][2], b"cosignature/v1\ntime %d\n" % struct.unpack(">Q", signature[4:12]) + text, signature[12:]):
            return None
        said.add(who)
    return said


def enough(name, groups, said):
    """Whether a witness, or enough of a group, said it."""
    if name not in groups:
        return name in said
    return sum(enough(m, groups, said) for m in groups[name][1]) >= groups[name][0]


def parse_hashes(text):
    lines = [unbase64(line, 32) for line in text.decode().split("\n")[:-1]]
    need(None not in lines, "a hash is not in its form")
    return lines


def parse_proof(text):
    """c2sp.org/tlog-proof@v1: index, hashes, checkpoint."""
    m = re.fullmatch(rb"c2sp\.org/tlog-proof@v1\nindex (0|[1-9][0-9]{0,18})\n((?:[A-Za-z0-9+/=]+\n)*)\n(.*)", text, re.S)
    need(m and int(m[1]) < 1 << 63, "it is not a proof in the form of tlog-proof@v1")
    return int(m[1]), parse_hashes(m[2]), m[3]


def parse_consistency(text):
    """What c2sp.org/tlog-witness sends to a witness: size of the older log, hashes, the newer checkpoint."""
    m = re.fullmatch(rb"old (0|[1-9][0-9]{0,18})\n((?:[A-Za-z0-9+/=]+\n)*)\n(.*)", text, re.S)
    need(m and int(m[1]) < 1 << 63 and m[2].count(b"\n") <= 63, "it is not a proof of consistency")
    return int(m[1]), parse_hashes(m[2]), m[3]


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def included(index, size, leaf, proof, root):
    """RFC 9162, section 2.1.3.2."""
    at, last, r = index, size - 1, hashlib.sha256(b"\0" + leaf).digest()
    if index >= size:
        return False
    for p in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            r = node(p, r)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            r = node(r, p)
        at, last = at >> 1, last >> 1
    return last == 0 and r == root


def grew(old, old_root, size, root, proof):
    """RFC 9162, section 2.1.4.2."""
    if old == 0 or old >= size:
        return not proof and (old == 0 or old == size and old_root == root)
    if old & (old - 1) == 0:
        proof = [old_root] + proof
    if not proof:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    a = b = proof[0]
    for p in proof[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            a, b = node(p, a), node(p, b)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            b = node(b, p)
        at, last = at >> 1, last >> 1
    return last == 0 and a == old_root and b == root


def der(raw, deep=0):
    """What stands one after another in DER, down to a depth: tag, content and whole of each."""
    out = []
    while raw:
        at = 2 + (raw[1] & 0x7F if raw[1] & 0x80 else 0)
        size = int.from_bytes(raw[2:at], "big") if raw[1] & 0x80 else raw[1]
        if at > 5 or at + size > len(raw) or raw[0] & 0x1F == 0x1F or raw[1] & 0x80 and (size < 0x80 or raw[2] == 0):
            raise ValueError
        out.append((raw[0], raw[at:at + size], raw[:at + size]))
        if deep and raw[0] & 0x20:
            if deep == 1:
                raise ValueError
            der(out[-1][1], deep - 1)
        raw = raw[at + size:]
    return out


def token_of(answer):
    """The token of an answer that has the form which two readers read alike; nothing of any other."""
    [(_, response, _)] = der(answer, 33)
    status, token = der(response)
    signed_data = der(der(der(token[1])[1][1])[0][1])
    [signer] = der(signed_data[-1][1])
    signer = der(signer[1])
    digest, signature = (der(signer[i][1])[0][1].hex() for i in (2, 4))
    n = {"608648016503040201": 1, "608648016503040202": 2, "608648016503040203": 3}[digest]
    kind, content = der(signed_data[2][1])
    good = der(status[1])[0][2] == b"\2\1\0" and len(signed_data) > 3 and signed_data[3][0] == 0xA0 and len(signer) > 5 and \
        kind[1].hex() == "2a864886f70d0109100104" and content[0] == 0xA0 and [c[0] for c in der(content[1])] == [4] and \
        signature in ("2a864886f70d010101", "2a864886f70d01010%x" % (10 + n), "2a8648ce3d04030%d" % (1 + n)) and \
        {der(a[1])[0][1].hex() for a in der(signed_data[1][1])} == {digest}
    return token[2] if good else None


def one_pem(raw):
    """The certificates of a PEM text that has one form; nothing of any other."""
    form = rb"-----BEGIN CERTIFICATE-----\n((?:[A-Za-z0-9+/]{64}\n)*(?:[A-Za-z0-9+/]{1,64}={0,2}\n)?)-----END CERTIFICATE-----\n"
    if not re.fullmatch(b"(?:%s)+" % form, raw):
        return []
    blocks = [m[1].replace(b"\n", b"") for m in re.finditer(form, raw)]
    good = all(b and base64.b64encode(base64.b64decode(b)) == b and len(base64.b64decode(b)) > 0 for b in blocks)
    return [m[0] for m in re.finditer(form, raw)] if good else []


def names_itself(certificate):
    """Whether a certificate in PEM names itself as its issuer."""
    fields = der(der(der(base64.b64decode(b"".join(certificate.split(b"\n")[1:-2])))[0][1])[0][1])
    issuer, _, subject = fields[3:6] if fields[0][0] == 0xA0 else fields[2:5]
    return issuer[2] == subject[2]


def stamped(answer, message, roots):
    """Asks openssl whether an answer is a time-stamp of the message under these roots: its time and who signed it, or nothing."""
    def put(name, content):
        with open(os.path.join(folder, name), "wb") as f:
            f.write(content)

    def openssl(*args):
        ran = subprocess.run(["openssl", *args], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if ran.returncode:
            raise ValueError
        return ran.stdout

    with tempfile.TemporaryDirectory() as folder:
        try:
            if len(answer) > MAX_STAMP or len(roots) > MAX_STAMP:
                return None
            certificates, token = one_pem(roots), token_of(answer)
            if not certificates or not token:
                return None
            for name, content in (("answer", answer), ("message", message), ("roots", roots), ("token", token)):
                put(name, content)
            for one in certificates:
                put("one", one)
                if not names_itself(one):
                    return None
                openssl("verify", "-check_ss_sig", "-no_check_time", "-CAfile", "one", "one")
            openssl("cms", "-verify", "-noverify", "-inform", "DER", "-in", "token", "-binary", "-out", "content", "-signer", "signer")
            with open(os.path.join(folder, "content"), "rb") as f:
                _, _, imprint, _, moment = der(der(f.read())[0][1])[:5]
            (_, algorithm, _), (_, digest, _) = der(imprint[1])
            m = re.fullmatch(rb"([0-9]{14})(?:\.[0-9]+)?Z", moment[1])
            at = calendar.timegm(time.strptime(m[1].decode(), "%Y%m%d%H%M%S"))
            if at <= 0 or der(algorithm)[0][2].hex() != "0609608648016503040201" or digest != hashlib.sha256(message).digest():
                return None
            openssl("ts", "-verify", "-data", "message", "-in", "answer", "-CAfile", "roots", "-attime", str(at))
            name = openssl("x509", "-in", "signer", "-noout", "-subject", "-nameopt",
                           "esc_2253,esc_ctrl,utf8,dump_unknown,dump_der,sep_comma_plus,dn_rev,sname")
        except (ValueError, TypeError, IndexError, KeyError, OSError):
            return None
    name = name.decode("utf-8", "replace").partition("=")[2].strip()
    name = "".join(c if c.isprintable() else "\\u%04x" % ord(c) for c in name)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)), name[:200] + "…" * (len(name) > 200)


def tells_stamps():
    """Whether this openssl can verify a time-stamp at its own time."""
    ran = subprocess.run(["openssl", "ts", "-help"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return ran.returncode == 0 and b"-attime" in ran.stdout


# 4. The items ---------------------------------------------------------------------------------------------------------

def canonical(v):
    """RFC 8785 for text, lists and objects of nothing but these."""
    if isinstance(v, str):
        return json.dumps(v, ensure_ascii=False)
    if isinstance(v, list):
        return "[" + ",".join(map(canonical, v)) + "]"
    need(isinstance(v, dict), "a number, or another thing that is not text")
    order = sorted(v, key=lambda k: k.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(canonical(k) + ":" + canonical(v[k]) for k in order) + "}"


def parse_item(raw):
    """An item's minute, the digests of all its paths, and what is disclosed of it."""
    try:
        it = json.loads(raw.decode())
        need(canonical(it).encode() == raw, "it is not in canonical form")
    except (ValueError, RecursionError):
        raise Invalid("it is not in canonical form")
    need(isinstance(it, dict) and set(it) == {"disclosed", "time", "v", "withheld"} and it["v"] == "1" and
         isinstance(it["time"], str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z", it["time"]) and
         isinstance(it["disclosed"], dict) and isinstance(it["withheld"], dict), "it is not an item")
    digests, values = {}, {}
    for kind, first, second in (("disclosed", "key", "value"), ("withheld", "digest", "why")):
        for path, pair in it[kind].items():
            need(isinstance(pair, dict) and set(pair) == {first, second} and isinstance(pair[first], str) and
                 isinstance(pair[second], str) and re.fullmatch("[0-9a-f]{64}", pair[first]) and path not in digests, "it is not an item")
            digests[path] = pair[first]
            if kind == "disclosed":
                values[path] = pair["value"]
                digests[path] = hmac.new(bytes.fromhex(pair["key"]), canonical(pair["value"]).encode(), "sha256").hexdigest()
    return it["time"], digests, values


def check_item(bundle, name, proof, size, root):
    time, digests, values = parse_item(bundle.kept[name])
    if name == SEAL and set(digests) - set(values) != {"actor"}:
        bundle.found(name, "it withholds the actor's id and nothing else")
    if "at" in values and values["at"][:16] + "Z" != time:
        bundle.found(name, "its leaf is of another minute than the entry says")
    commit = hashlib.sha256(b"homeward/commit/v1\0" + canonical(digests).encode()).hexdigest()
    leaf = '{"c":"%s","t":"%s","v":"1"}' % (commit, time)
    if not included(proof[0], size, leaf.encode(), proof[1], root):
        bundle.found(name, "the ledger did not commit to this: a value, a digest or the proof was altered")
    return values


# 5. The steps ---------------------------------------------------------------------------------------------------------

def steps(f, bundle, known):
    """Yields after each step; a step that found something is the last."""
    read_archive(f, bundle)
    bundle.complete()
    yield
    bundle.manifests()
    yield
    text = bundle.kept[KEY].decode("latin-1")
    need(text.endswith("\n"), "it is not a log's key")
    key = parse_key(text[:-1])
    bundle.key = text[:-1]
    if known and known != text[:-1]:
        bundle.found(KEY, "it is not the key that was given")
    yield
    signed = open_checkpoint(bundle.kept[CHECKPOINT], key)
    if not signed:
        bundle.found(CHECKPOINT, "its signature does not verify under the key")
    yield
    keys = follow(bundle, bundle.key)
    if not keys:
        bundle.found(IDENTITY, "the log's keys did not follow one another to this one")
    yield
    size, root = signed
    proofs = {}
    for n in bundle.names(PROOF):
        proofs[n] = parse_proof(bundle.kept[PROOF % n])
        if proofs[n][2] != bundle.kept[CHECKPOINT]:
            bundle.found(PROOF % n, "it is a proof for another checkpoint")
    yield
    for n in bundle.names(ITEM):
        check_item(bundle, ITEM % n, proofs[n], size, root)
    yield
    bundle.seal = seal = check_item(bundle, SEAL, proofs["000000"], size, root)
    if seal.get("type") != "export" or "homeward-" + seal.get("body/object", "") != bundle.base:
        bundle.found(SEAL, "it is not the entry of this export")
    if seal.get("body/content") != bundle.content():
        bundle.found(SEAL, "the ledger says of this export that it had other files")
    yield
    for n in bundle.names(EARLIER):
        old, hashes, newer = parse_consistency(bundle.kept[CONSISTENCY % n])
        opened = ((open_checkpoint(bundle.kept[EARLIER % n], k), start, end) for k, start, end in keys)
        older = next((c for c, start, end in opened if c and start <= c[0] <= end), None)
        if not older:
            bundle.found(EARLIER % n, "no key that spoke for the log then signed it")
        elif newer != bundle.kept[CHECKPOINT] or old != older[0] or not grew(old, older[1], size, root, hashes):
            bundle.found(EARLIER % n, "it is not proved that the log grew from this checkpoint")
    yield
    if POLICY in bundle.kept:
        bundle.witnesses, groups, quorum = parse_policy(bundle.kept[POLICY])
        for n in bundle.names(COSIGNED):
            said = cosigned_by(bundle.witnesses, bundle.kept[EARLIER % n], bundle.kept[COSIGNED % n])
            if said is None:
                bundle.found(COSIGNED % n, "a line in it is not what a witness of the policy said of this checkpoint")
            elif enough(quorum, groups, said):
                bundle.witnessed += 1
    yield
    able = bundle.names(STAMP) and tells_stamps()
    for n in bundle.names(STAMP):
        said = stamped(bundle.kept[STAMP % n], bundle.kept[EARLIER % n[:6]], bundle.kept[ROOTS % n]) if able else ("", "")
        if said is None:
            bundle.found(STAMP % n, "it is no time-stamp of this checkpoint that holds under the roots beside it")
        else:
            bundle.stamps.append((n, *said))
    yield


def verify(f, known=""):
    """Returns the verdict and the bundle with its findings. f is an open binary file."""
    bundle = Bundle()
    try:
        for _ in steps(f, bundle, known):
            if bundle.findings:
                return "tampered", bundle
    except Invalid as wrong:
        bundle.findings.append(("form", str(wrong)))
        return "invalid", bundle
    return "verified", bundle


def main(args):
    sys.stdout.reconfigure(errors="backslashreplace")
    known = args.pop(args.index("--log") + 1) if "--log" in args[:-1] else ""
    paths = [a for a in args if not a.startswith("-")]
    if len(paths) != 1:
        sys.exit(__doc__)
    if not shutil.which("openssl"):
        sys.exit("verify.py: the command openssl is not on this machine; without it no signature can be checked")
    try:
        with open(paths[0], "rb") as f:
            verdict, bundle = verify(f, known)
    except OSError as wrong:
        sys.exit("verify.py: the file cannot be read: %s" % wrong.strerror)
    for place, what in bundle.findings:
        print("%s\t%s" % (place, what))
    if verdict == "verified":
        print("%d items, exported %s as %s\nlog key\t%s" % (len(bundle.names(ITEM)), bundle.seal.get("at", ""), bundle.base, bundle.key))
        for _, key in bundle.witnesses:
            print("witness\t%s+%s+%s" % (key[0], key[1].hex(), base64.b64encode(b"\4" + key[2]).decode()))
        if POLICY in bundle.kept:
            print("%d of %d earlier checkpoints are cosigned by witnesses enough for the policy" % (bundle.witnessed, len(bundle.names(EARLIER))))
        for n, at, name in bundle.stamps:
            print("time-stamp\t%s\t%s" % (n, "%s by %s" % (at, name) if at else "NOT CHECKED: the openssl on this machine cannot verify time-stamps"))
        if bundle.stamps:
            print("Whether to trust an authority of time-stamps is yours to decide: compare the roots in data/log/stamps with its own.")
    print(verdict)
    return {"verified": 0, "tampered": 7, "invalid": 4}[verdict]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
