#!/usr/bin/python3
"""watched.py FILE NAME POSTMASTER COMMAND...: runs the command (vorpost itself, called NAME) and looks all the time at it, at every
process that descends from it, and at the database's processes that serve it. FILE gets a line "KIND KB" for each kind of process:
the most anonymous memory (smaps_rollup) that one of them ever had, so neither programs nor shared buffers count. Ends as the command does.
"""
import glob
import os
import subprocess
import sys
import time

KINDS = {"vorpost": "worker", "vorpost-reader": "reader", "vorpost-validate": "validator", "vorpost-inspect": "inspector"}
PAUSE_S = 0.002  # some of them live for a few hundredths of a second


def text(path):
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except OSError:
        return ""  # it has ended


def program(pid):
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        return ""


def children(pid):
    return [child for path in glob.glob(f"/proc/{pid}/task/*/children") for child in text(path).split()]


def anonymous_kb(pid):
    for line in text(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Anonymous:"):
            return int(line.split()[1])
    return 0


def look(most, kind, pid):
    most[kind] = max(most.get(kind, 0), anonymous_kb(pid))


def look_below(most, pid):
    for child in children(pid):
        name = program(child)
        if name:
            look(most, KINDS.get(name, name), child)
        look_below(most, child)


def main(path, name, postmaster, *command):
    most = {}
    child = subprocess.Popen(command)
    while child.poll() is None:
        look(most, name, child.pid)
        look_below(most, child.pid)
        for server in children(postmaster):
            if text(f"/proc/{server}/cmdline").startswith("postgres: vorpost "):
                look(most, "backend", server)
        time.sleep(PAUSE_S)
    with open(path, "w") as file:
        for kind, kb in most.items():
            file.write(f"{kind} {kb}\n")
    return child.returncode


sys.exit(main(*sys.argv[1:]))
