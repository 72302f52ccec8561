#!/usr/bin/env node
// The reference consumer: alerts become work orders, and what became of those goes back. See README.md.
import {createHash} from 'node:crypto'
import mqtt from 'mqtt'
import pg from 'pg'

const env = {MQTT_URL: 'mqtt://127.0.0.1', REQUESTER: 'dispatch', ROOT: 'fettle/v1', POLL_MS: '10000', REPEAT: '1 day', ...process.env}
const me = env.REQUESTER
const day = 86400
const database = new pg.Pool() // where to: PGHOST, PGDATABASE and so on
const broker = mqtt.connect(env.MQTT_URL, {clientId: me, clean: false, resubscribe: false, manualConnect: true})
const syncs = new Map() // jti -> [source, slot]; forgotten with the process, because the next status asks again

// The same order has the same jti, so that repeating it is harmless.
function command(source, op, args, lifetime, jti) {
  const now = Math.floor(Date.now() / 1000)
  const claims = {jti, iss: me, aud: source.split('/').at(-1), iat: now, exp: now + lifetime, op, args}
  broker.publish(`${source}/cmd/${me}/${op}`, JSON.stringify(claims), {qos: 1})
}
const jtiOf = (...what) => createHash('sha256').update(what.join('|')).digest('hex').slice(0, 32)
const reference = ({number}) => ({system: 'backoffice', type: 'workorder', id: `WO-${number}`})

function synchronise(source, slots) {
  const some = slots.length <= 5 ? slots.map((slot) => ({slot})) : [{what: ['alerts']}]
  for (const args of some) {
    const jti = jtiOf('sync', source, args.slot, Date.now())
    if (args.slot) syncs.set(jti, [source, args.slot])
    command(source, 'sync', args, 60, jti)
  }
}

const isDispatchGrade = ({kind, state, test, shelved, parent, priority}) =>
  ['prediction', 'fault'].includes(kind) && state === 'active' && !test && !shelved && !parent && priority <= 3

async function onAlert(db, source, document, topic) {
  const {subject, sequence, data} = document
  if (topic !== `${document.source}/alert/${subject}`) throw new TypeError('the document is not of this topic')
  const {rowCount} = await db.query(
    `INSERT INTO alert VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (source, slot)
     DO UPDATE SET episode = $3, rev = $4, sequence = $5, state = $6, document = $7
     WHERE (alert.episode = $3 AND alert.rev < $4) OR (alert.episode <> $3 AND alert.sequence < $5)`,
    [source, subject, data.id, data.rev, sequence, data.state, document])
  if (rowCount === 0) return // again, or older than what we have
  await db.query(
    `UPDATE work_order SET receipt = receipt OR (episode = $3 AND $4), closed = closed OR episode <> $3 OR $5
     WHERE source = $1 AND slot = $2`, [source, subject, data.id, data.ack !== undefined, data.state === 'closed'])
  if (!isDispatchGrade(data)) return
  await db.query(
    `INSERT INTO work_order (episode, source, slot, title, due) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (episode) DO NOTHING`,
    [data.id, source, subject, data.title, data.dispatchBy])
  return sendOrders
}

async function onStatus(db, source, status) {
  const due = status.state === 'online' ? new Date(Date.parse(status.time) + 3000 * status.heartbeat) : null
  const {rowCount} = await db.query(
    `INSERT INTO gateway (source, session, state, due, stale) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (source)
     DO UPDATE SET session = $2, state = $3, due = $4, stale = $5 WHERE gateway.session <= $2`,
    [source, status.session, status.state, due, status.state === 'lost'])
  console.log(`${source} ${status.state} in session ${status.session}${rowCount === 0 ? ': too late' : ''}`)
  if (rowCount === 0 || !status.open) return
  const {rows} = await db.query("SELECT slot, episode || '-' || rev AS id, state FROM alert WHERE source = $1", [source])
  const held = new Map(rows.map((row) => [row.slot, row.id]))
  const differing = Object.keys(status.open).filter((slot) => held.get(slot) !== status.open[slot])
  const gone = status.openMore ? [] : rows.filter((row) => row.state !== 'closed' && !(row.slot in status.open))
  const missed = [...differing, ...gone.map((row) => row.slot)]
  if (missed.length > status.queued) return () => synchronise(source, missed) // what is queued comes by itself
}

async function onInfo(db, source, info) {
  await db.query('INSERT INTO gateway (source, info) VALUES ($1, $2) ON CONFLICT (source) DO UPDATE SET info = $2', [source, info])
}

async function onAnswer(db, source, {jti, op, status, error}) {
  if (status >= 400) console.log(`${source} refuses ${op}: ${status} ${error}`)
  if (!syncs.has(jti) || status !== 404) return
  const [, slot] = syncs.get(jti) // the gateway knows nothing of it any more
  await db.query("UPDATE alert SET state = 'closed' WHERE source = $1 AND slot = $2", [source, slot])
  await db.query('UPDATE work_order SET closed = true WHERE source = $1 AND slot = $2', [source, slot])
  console.log(`${source} ${slot} has expired`)
}

// What a document changes is one transaction, and what is to be sent is sent when that holds.
async function store(topic, text) {
  const [, source, kind] = new RegExp(`^(.*${env.ROOT}/[^/]+)/(alert|status|info|res)`).exec(topic) ?? []
  const change = {alert: onAlert, status: onStatus, info: onInfo, res: onAnswer}[kind]
  if (!change || text === '') return
  const db = await database.connect()
  try {
    await db.query('BEGIN')
    const send = await change(db, source, JSON.parse(text), topic)
    await db.query('COMMIT')
    await send?.()
  } catch (error) {
    await db.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    db.release()
  }
}

// Each order is repeated until a revision shows its effect.
async function sendOrders() {
  const due = (sent) => `(${sent} IS NULL OR ${sent} < now() - $1::interval) RETURNING *`
  const acks = await database.query(
    `UPDATE work_order SET ack_sent = now() WHERE NOT closed AND outcome IS NULL AND NOT receipt AND ${due('ack_sent')}`, [env.REPEAT])
  for (const order of acks.rows) {
    command(order.source, 'ack', {id: order.episode, ref: reference(order)}, 29 * day, jtiOf('ack', order.episode))
  }
  const closes = await database.query(
    `UPDATE work_order SET close_sent = now() WHERE NOT closed AND outcome IS NOT NULL AND ${due('close_sent')}`, [env.REPEAT])
  for (const order of closes.rows) {
    const args = {id: order.episode, outcome: {...order.outcome, ref: reference(order)}}
    command(order.source, 'close', args, 29 * day, jtiOf('close', order.episode, JSON.stringify(order.outcome)))
  }
}

// The broker hears that we have a message only when the database has it. A document that makes no sense is named and passed over; without
// its database the process ends, and whoever starts it again gets the message again.
broker.handleMessage = (packet, done) => {
  store(packet.topic, packet.payload.toString()).then(() => done(), (error) => {
    console.error(`${packet.topic}: ${error.message}`)
    const isSenseless = error instanceof SyntaxError || error instanceof TypeError || /^2[23]/.test(error.code)
    isSenseless ? done() : process.exit(1)
  })
}

broker.on('error', (error) => console.error(error.message))
broker.on('connect', () => {
  const topics = ['info', 'status', 'alert/+/+', `res/${me}`].map((rest) => `${env.ROOT}/+/${rest}`)
  broker.subscribe(topics, {qos: 1}, (error) => console.log(error?.message ?? 'subscribed'))
})

// What was sent by a process before this one may be lost with it.
await database.query('UPDATE work_order SET ack_sent = NULL, close_sent = NULL WHERE NOT closed')
broker.connect()
setInterval(async () => {
  await database.query('UPDATE gateway SET stale = true WHERE due < now()')
  await sendOrders()
}, Number(env.POLL_MS))
