#!/usr/bin/env python3
"""Prints the share of lines and branches the tests reached, folder by folder, and fails where a folder is below its gate.

usage: coverage.py BUILD_FOLDER
"""
import json
import pathlib
import subprocess
import sys

PURE = ("core", "settings", "manipulation", "detection", "health", "prognosis", "advisory")
PURE_GATE = (95, 90)
EDGE_GATE = (80, 0)
TOP = pathlib.Path(__file__).resolve().parents[2]


def folder_of(path):
    parts = path.split("/")
    if parts[0] == "drivers":
        return "drivers"
    return parts[1] if len(parts) > 2 else "(agent)"


def measured(build):
    command = ["gcovr", "--root", str(TOP), "--filter", "agent/", "--filter", "drivers/", "--json-summary", "-",
               "--exclude-throw-branches", "--exclude-unreachable-branches", "--gcov-ignore-parse-errors", str(build)]
    answer = subprocess.run(command, cwd=TOP, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(answer.stdout)["files"]


def share(covered, total):
    return 100.0 * covered / total if total else 100.0


def main():
    folders = {}
    for file in measured(sys.argv[1]):
        sums = folders.setdefault(folder_of(file["filename"]), [0, 0, 0, 0])
        for place, key in enumerate(("line_covered", "line_total", "branch_covered", "branch_total")):
            sums[place] += file[key]
    failed = False
    print(f"{'folder':<14} {'lines':>7} {'branches':>9}   gate")
    for name, (lines, all_lines, branches, all_branches) in sorted(folders.items()):
        gate = PURE_GATE if name in PURE else EDGE_GATE
        reached = (share(lines, all_lines), share(branches, all_branches))
        below = any(has < wants for has, wants in zip(reached, gate))
        failed = failed or below
        print(f"{name:<14} {reached[0]:>6.1f}% {reached[1]:>8.1f}%   {gate[0]}/{gate[1] or '-'}{'  BELOW' if below else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
