#!/usr/bin/env node
// Validates documents against config/contract: one a line on standard input, its topic, a space, its JSON (nothing for a removal).
// Answers each at once with "ok" or "wrong: ...", so that it can stand beside a running test; exit status 1 if any was wrong.
import {createInterface} from 'node:readline'
import {mistakes} from './documents.js'

for await (const line of createInterface({input: process.stdin})) {
  const space = line.indexOf(' ')
  const found = space < 0 ? mistakes(line, '') : mistakes(line.slice(0, space), line.slice(space + 1))
  if (found.length > 0) process.exitCode = 1
  process.stdout.write(found.length > 0 ? `wrong: ${found.join('; ').replaceAll('\n', ' ')}\n` : 'ok\n')
}
