#!/usr/bin/env node
// Checks an AsyncAPI document with the specification's own parser, its examples with the schemas that it names, and its topics. Each
// finding is a line; exit status 1 if any is an error.
import {fromFile, Parser} from '@asyncapi/parser/cjs/index.js'
import addFormats from 'ajv-formats'
import Ajv2020 from 'ajv/dist/2020.js'
import {parseTopic} from './documents.js'

const severities = ['error', 'warning', 'information', 'hint']
const tell = (severity, what) => {
  console.log(`${severity}: ${what}`)
  if (severity === 'error') process.exitCode = 1
}

function checkExamples(message) {
  const {schemaFormat, schema} = message.json('payload')
  if (!schemaFormat?.endsWith('draft-2020-12')) return
  const fits = addFormats(new Ajv2020({strict: false})).compile(schema)  // the parser has left its marks in it
  for (const {name, payload} of message.json('examples') ?? []) {
    if (!fits(payload)) tell('error', `example ${name} of ${message.id()}: ${JSON.stringify(fits.errors[0])}`)
  }
  if (!message.json('examples')?.length) tell('error', `message ${message.id()} has no example`)
}

const {document, diagnostics} = await fromFile(new Parser(), process.argv[2]).parse()
for (const each of diagnostics) {
  tell(severities[each.severity], `line ${each.range.start.line + 1}: ${each.path.join('.')}: ${each.message}`)
}
if (!document) process.exit(1)
for (const channel of document.channels().all()) {
  if (!parseTopic(channel.address().replaceAll(/{\w+}/g, 'x'))) tell('error', `${channel.address()} is no topic of the contract`)
}
const messages = document.components().messages().all()
messages.forEach(checkExamples)
const counts = [document.channels(), document.operations()].map((each) => each.all().length)
console.log(`AsyncAPI ${document.version()}: ${counts[0]} channels, ${counts[1]} operations, ${messages.length} messages`)
