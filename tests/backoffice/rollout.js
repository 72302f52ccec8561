#!/usr/bin/env node
// Takes a change of the settings to all gateways that the consumer knows, ring by ring, and stops at the first ring in which one does not
// follow it. See README.md.
import {createPrivateKey, randomUUID, sign} from 'node:crypto'
import {EventEmitter, once} from 'node:events'
import {readFileSync} from 'node:fs'
import mqtt from 'mqtt'
import pg from 'pg'

const env = {MQTT_URL: 'mqtt://127.0.0.1', REQUESTER: 'maintenance', ROOT: 'fettle/v1', WITHIN_S: '1800', ...process.env}
const [, , patchFile, start] = process.argv
if (!patchFile || !env.KEY) {
  console.error('usage: KEY=private.pem node rollout.js PATCH.json [START]')
  process.exit(64)
}
const patch = JSON.parse(readFileSync(patchFile, 'utf8'))
const key = createPrivateKey(readFileSync(env.KEY))
const me = env.REQUESTER
const lastRing = 9
const within = Number(env.WITHIN_S) * 1000

const gateways = new Map() // source -> {source, name, ring, jti of the patch, state, why}
const news = new EventEmitter()
const broker = mqtt.connect(env.MQTT_URL, {clientId: `${me}-rollout`, manualConnect: true})

/// The claims as a compact JWS (RFC 7515). A new key is P-256 or Ed25519.
function signed(claims) {
  const isEdwards = key.asymmetricKeyType === 'ed25519'
  const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${base64url({alg: isEdwards ? 'EdDSA' : 'ES256'})}.${base64url(claims)}`
  const signature = sign(isEdwards ? null : 'sha256', Buffer.from(text), {key, dsaEncoding: 'ieee-p1363'})
  return `${text}.${signature.toString('base64url')}`
}

/// Returns the jti of the command.
function configure(gateway, args) {
  const now = Math.floor(Date.now() / 1000)
  const jti = randomUUID()
  const claims = {jti, iss: me, aud: gateway.name, iat: now, exp: now + 300, op: 'config', args}
  broker.publish(`${gateway.source}/cmd/${me}/config`, signed(claims), {qos: 1})
  return jti
}

function onAnswer(gateway, {jti, status, error, data}) {
  if (jti !== gateway.jti || gateway.state === 'applied') return
  gateway.state = status >= 400 ? 'refused' : status === 202 ? 'held' : 'trial'
  gateway.why = error ?? data?.held
}

function onInfo(gateway, {change}) {
  if (!change || change.jti !== gateway.jti) return
  gateway.state = change.state
  gateway.why = change.why
}

broker.on('message', (topic, payload) => {
  const [, source, kind] = /^(.*)\/(info|res)(?:\/[^/]+)?$/.exec(topic) ?? []
  const gateway = gateways.get(source)
  if (!gateway || payload.length === 0) return
  const take = {info: onInfo, res: onAnswer}[kind]
  take(gateway, JSON.parse(payload))
  news.emit('news')
})

const isBad = ({state}) => ['refused', 'rejected', 'rolled-back'].includes(state)
const all = () => [...gateways.values()]
const inRing = (ring) => all().filter((gateway) => gateway.ring === ring)
const appliedIn = (ring) => inRing(ring).filter(({state}) => state === 'applied').length

/// Waits until this holds, but not for ever.
async function until(holds, deadline) {
  for (let left = deadline - Date.now(); !holds() && left > 0; left = deadline - Date.now()) {
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(), left)
    await once(news, 'news', {signal: patience.signal}).catch(() => {})
    clearTimeout(timer)
  }
}

/// The first ring's round goes to everybody: whoever is in a later ring checks the change and holds it, or says now that it will not do.
async function takeTo(ring, isFirst) {
  const members = inRing(ring)
  for (const gateway of isFirst ? all() : members) gateway.jti = configure(gateway, {patch, ring, ...(start && {start})})
  const from = Math.max(Date.now(), start ? Date.parse(start) : 0)
  await until(() => all().some(isBad) || members.every(({state}) => state === 'applied'), from + within)
  console.log(`ring ${ring}: ${appliedIn(ring)} of ${members.length} applied`)
  return members.every(({state}) => state === 'applied') && !all().some(isBad)
}

/// Whoever has begun with the change sees it through; nobody else begins, and who has not answered may hold it all the same.
async function stop(ring) {
  for (const gateway of all().filter(({state}) => state === 'held' || state === undefined)) configure(gateway, {withdraw: true})
  await until(() => all().every(({state}) => !['held', 'trial'].includes(state)), Date.now() + within)
  for (const {name, state, why} of all().filter((each) => isBad(each) || (each.ring === ring && each.state !== 'applied'))) {
    console.log(`${name} ${state ?? 'is silent'}${why ? `: ${why}` : ''}`)
  }
  console.log(`stopped in ring ${ring}: ${all().filter(({state}) => state === 'applied').length} of ${gateways.size} gateways have the change`)
}

const database = new pg.Client() // where to: PGHOST, PGDATABASE and so on
await database.connect()
const {rows} = await database.query(
  "SELECT source, coalesce((info->>'ring')::int, $1) AS ring, state = 'online' AND NOT stale AS online FROM gateway WHERE info IS NOT NULL", [lastRing])
await database.end()
for (const {source, ring, online} of rows) {
  if (online) gateways.set(source, {source, name: source.split('/').at(-1), ring})
  else console.log(`${source} is not online and left out`)
}

broker.connect()
await once(broker, 'connect')
await broker.subscribeAsync(['info', `res/${me}`].map((rest) => `${env.ROOT}/+/${rest}`), {qos: 1})
const rings = [...new Set(all().map(({ring}) => ring))].sort((one, other) => one - other)
for (const ring of rings) {
  if (await takeTo(ring, ring === rings[0])) continue
  await stop(ring)
  process.exitCode = 1
  break
}
await broker.endAsync()
