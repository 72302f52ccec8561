#!/usr/bin/env python3
"""Validates alert documents, one a line on standard input, against the schema file named as the first argument.

Prints one line for each document that does not keep it, and how many were read; exit status 1 if any did not.
"""

import json
import sys

from jsonschema import Draft202012Validator


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    wrong = read = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        read += 1
        try:
            document = json.loads(line.decode("utf-8"))
            errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
        except ValueError as error:
            errors = [str(error)]
        if errors:
            wrong += 1
            print(f"document {number}: " + "; ".join(errors))
    print(f"{read} read, {wrong} wrong")
    return 1 if wrong or not read else 0


sys.exit(main())
