"""Holds the shim against strace: a call that it does not see cannot be killed at."""

import collections
import re
import shutil

# What strace calls it, and what the shim's log calls it.
FAMILIES = {
    "open": ("open", "openat", "creat"),
    "mkdir": ("mkdir", "mkdirat"),
    "rename": ("rename", "renameat", "renameat2"),
    "link": ("link", "linkat", "symlink", "symlinkat"),
    "unlink": ("unlink", "unlinkat", "rmdir"),
    "sync": ("fsync", "fdatasync"),
    "flock": ("flock", "flock-un"),
    "cut": ("truncate", "ftruncate", "fallocate"),
    "rights": ("chmod", "fchmod", "fchmodat", "utimensat", "utimes"),
    "write": ("write", "writev", "pwrite", "pwrite64", "copy_file_range", "sendfile"),
    "send": ("sendto", "sendmsg", "send"),
    "connect": ("connect",),
}
FAMILY_OF = {call: family for family, calls in FAMILIES.items() for call in calls}
TRACED = [call for calls in FAMILIES.values() for call in calls if call not in ("flock-un", "pwrite", "utimes", "send")]


def why_not():
    return None if shutil.which("strace") else "there is no strace"


def command(log, env):
    """Runs what follows under strace, with the shim."""
    settings = [part for name, value in env.items() for part in ("-E", f"{name}={value}")]
    return ["strace", "-f", "-y", "-qq", "-s", "1", "-o", str(log), "-e", f"trace={','.join(['execve', *TRACED])}", *settings]


def of_strace(text, log):
    """How many calls of each family the process itself made that the shim must count; its own log is no subject."""
    calls = [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in text.splitlines() if " " in line]
    first = calls[0][0]
    # A thread runs no program of its own; git and what it runs do.
    others = {pid for pid, call in calls if call.startswith("execve(")} - {first}
    found = collections.Counter()
    for pid, call in calls:
        if call.startswith("--- SIGSYS") and pid not in others:
            # The shim catches this call and makes it again.
            found["rename"] -= 1
        name = re.match(r"(\w+)\(", call)
        if pid in others or not name or name[1] not in FAMILY_OF or not is_subject(name[1], call) or str(log) in call:
            continue
        found[FAMILY_OF[name[1]]] += 1
    return found


def is_subject(name, call):
    family = FAMILY_OF[name]
    if family == "open":
        is_special = re.search(r'"/(dev|proc)/', call)
        return not is_special and bool(re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", call) or name == "creat")
    if family == "connect":
        return "AF_INET" in call
    if family in ("write", "send"):
        target = re.match(r"\w+\((\d+)<([^>]*)", call)
        fd, place = int(target[1]), target[2]
        return fd > 2 and not place.startswith(("pipe:", "anon_inode:", "UNIX", "/dev/", "/proc/"))
    return True


def of_shim(calls):
    return collections.Counter(FAMILY_OF[name] for _, name, _, _ in calls if name in FAMILY_OF)
