// What makes a document fit its topic: the schema of its kind, what a schema cannot say, and that back offices would take what is made of it.
import {readFileSync} from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import {refusals} from '../backoffice/requests.js'

const folder = new URL('../../config/contract/', import.meta.url)
const level = '[A-Za-z0-9_-]{1,64}'
const topicPattern = new RegExp(`^((?:${level}/)?fettle/v1/(${level}))/(info|status|alert|cmd|res|data)(?:/(${level}))?(?:/(${level}))?$`)
const levels = {info: 0, status: 0, alert: 2, cmd: 2, res: 1, data: 1}
const schemaOf = {info: 'info', status: 'status', alert: 'alert', cmd: 'command', res: 'answer', data: 'data'}
const largest = 16384

const ajv = addFormats(new Ajv2020({allErrors: true, strict: true, strictRequired: false, strictTypes: false}))
const validators = {}
for (const [kind, name] of Object.entries(schemaOf)) {
  validators[kind] = ajv.compile(JSON.parse(readFileSync(new URL(`${name}-1.schema.json`, folder), 'utf8')))
}

/// {prefix, gateway, kind, first, second}, or undefined for a topic that is none of the contract's.
export function parseTopic(topic) {
  const [, prefix, gateway, kind, first, second] = topicPattern.exec(topic) ?? []
  if (kind === undefined || [first, second].filter((each) => each !== undefined).length !== levels[kind]) return undefined
  return {prefix, gateway, kind, first, second}
}

function* brokenByAlert(alert, {prefix, first, second}) {
  const {data} = alert
  if (alert.source !== prefix) yield `source is not the topic's ${prefix}`
  if (alert.subject !== `${first}/${second}`) yield `subject is not the topic's ${first}/${second}`
  if (alert.subject !== `${data.asset.id}/${data.failure.mode}`) yield 'subject is not asset and failure mode'
  if (alert.id !== `${data.id}-${data.rev}`) yield 'id is not data.id and data.rev'
  if (alert.eventtoken !== undefined && alert.eventtoken !== data.id) yield 'eventtoken is not data.id'
  if (alert.time !== data.changedAt) yield 'time is not data.changedAt'
  const hours = data.prognosis?.ttfHours
  if (hours && !(hours.low <= hours.mid && hours.mid <= (hours.high ?? Infinity))) yield 'ttfHours are not in order'
  if (data.prognosis?.p7d > data.prognosis?.p30d) yield 'p7d is above p30d'
  if (data.log?.some((entry) => entry.rev > data.rev)) yield 'log is ahead of rev'
  if (data.energy && Date.parse(data.energy.since) > Date.parse(data.changedAt)) yield 'energy.since is after changedAt'
  if (data.energy?.costPerDay !== undefined && data.state === 'closed') yield 'energy.costPerDay in a closed alert'
  if (data.customerNote && data.kind === 'system') yield 'customerNote in a system alert'
  if (data.customerNote && data.state === 'cleared') yield 'customerNote in a cleared alert'
  if (data.customerNote && data.state === 'closed' && data.outcome.fixed === false) yield 'customerNote in an alert that was closed unrepaired'
}

function* brokenByCommand(claims, {gateway, first, second}) {
  if (claims.aud !== gateway) yield `aud is not the topic's ${gateway}`
  if (claims.iss !== first) yield `iss is not the topic's ${first}`
  if (claims.op !== second) yield `op is not the topic's ${second}`
  if (claims.iat !== undefined && claims.exp < claims.iat) yield 'exp is before iat'
}

function* brokenByData(batch, {first}) {
  if (batch.device !== first) yield `device is not the topic's ${first}`
  for (const {id, time, ageMs} of batch.points) {
    if (Date.parse(batch.time) - Date.parse(time) > ageMs) yield `${id} is older than it says`
  }
}

function* brokenBy(document, place) {
  if (place.kind === 'alert') yield* brokenByAlert(document, place)
  if (place.kind === 'alert') yield* refusals(document)
  if (place.kind === 'cmd') yield* brokenByCommand(document, place)
  if (place.kind === 'data') yield* brokenByData(document, place)
  if (document.gateway !== undefined && document.gateway !== place.gateway) yield `gateway is not the topic's ${place.gateway}`
}

/// A signed command is a compact JWS; its claims are the middle of it.
function claimsOf(payload) {
  const parts = payload.split('.')
  const isSigned = parts.length === 3 && parts.every((part) => /^[A-Za-z0-9_-]+$/.test(part))
  return isSigned ? Buffer.from(parts[1], 'base64url').toString() : payload
}

/// Everything that is wrong with a document; nothing if it keeps the contract.
export function mistakes(topic, payload) {
  const place = parseTopic(topic)
  if (!place) return [`${topic} is no topic of the contract`]
  if (payload === '') return place.kind === 'alert' ? [] : ['empty']
  const size = Buffer.byteLength(payload)
  if (size > largest && place.kind !== 'res' && place.kind !== 'info') return [`${size} bytes are more than ${largest}`]
  let document
  try {
    document = JSON.parse(place.kind === 'cmd' ? claimsOf(payload) : payload)
  } catch (error) {
    return [error.message]
  }
  const fits = validators[place.kind]
  if (!fits(document)) return fits.errors.map((error) => `${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`)
  return [...brokenBy(document, place)]
}
