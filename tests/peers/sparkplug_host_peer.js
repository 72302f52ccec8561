// A host application of Sparkplug B 3.0 for one edge node: sparkplug_host_peer.js PORT GROUP NODE HOST
// It reads payloads with sparkplug-payload and follows the node as a host does: births, sequence numbers, metrics that were announced, deaths that belong
// to a birth. Each packet that keeps the rules is a line of JSON, {"NBIRTH": {...}} and so on, with how many there were; one that does not is {"wrong"}.
// Lines on standard input: {"online": true|false}, {"rebirth": true}, {"write": {"device", "name", "type", "value"}}, {"raw": {"topic", "hex"}}.
import readline from 'node:readline'
import mqtt from 'mqtt'
import sparkplug from 'sparkplug-payload'

const [port, group, node, host] = process.argv.slice(2)
const codec = sparkplug.get('spBv1.0')
const state = `spBv1.0/STATE/${host}`
const started = Date.now()

/** Of each alert slot, by the last part of the metric's name. */
const slotTypes = {State: 'String', Id: 'String', Rev: 'Int32', Severity: 'String', Priority: 'Int32', TtfHoursLow: 'Double', TtfHoursMid: 'Double',
  TtfHoursHigh: 'Double', Test: 'Boolean', Doc: 'String', Ack: 'Boolean', ShelveHours: 'Double', Close: 'String'}
const kinds = {String: 'string', Int32: 'number', Int64: 'number', Double: 'number', Boolean: 'boolean'}

const known = {alive: false, bdSeq: null, seq: 0, devices: new Map(), isMissed: false}
let packets = 0

const say = (line) => console.log(JSON.stringify(line))
class Wrong extends Error {}
const demand = (holds, why) => {
  if (!holds) throw new Wrong(why)
}

const valueOf = (metric) => (metric.type === 'Int64' && metric.value !== null ? Number(metric.value) : metric.value)

const checkMetrics = (metrics) => {
  for (const metric of metrics) {
    demand(metric.name && Number(metric.timestamp) > 0, `a metric without name or timestamp: ${JSON.stringify(metric)}`)
    demand(metric.value === null || typeof valueOf(metric) === kinds[metric.type], `${metric.name}: ${typeof metric.value} is no ${metric.type}`)
  }
  const live = metrics.filter((metric) => !metric.isHistorical).map((metric) => Number(metric.timestamp))
  demand(live.every((time, place) => place === 0 || live[place - 1] <= time), 'metrics that are not in the order of time')
}

const take = (seq) => {
  const expected = (known.seq + 1) % 256
  demand(seq !== undefined && Number(seq) === expected, `sequence ${seq}, not ${expected}`)
  known.seq = expected
}

const bdSeqOf = (metrics) => {
  const metric = metrics.find((each) => each.name === 'bdSeq')
  demand(metric?.type === 'Int64' && valueOf(metric) >= 0 && valueOf(metric) <= 255, 'no bdSeq from 0 to 255')
  return valueOf(metric)
}

const rules = {
  NBIRTH({metrics, seq}) {
    const bdSeq = bdSeqOf(metrics)
    demand(Number(seq) === 0, `a birth with sequence ${seq}`)
    demand(!known.alive || bdSeq === known.bdSeq, `reborn as ${bdSeq}, not as ${known.bdSeq}`)
    demand(known.alive || bdSeq !== known.bdSeq, `another session with bdSeq ${bdSeq}`)
    const rebirth = metrics.find((each) => each.name === 'Node Control/Rebirth')
    demand(rebirth?.type === 'Boolean' && rebirth.value === false, 'no Node Control/Rebirth that is false')
    Object.assign(known, {alive: true, bdSeq, seq: 0, devices: new Map()})
  },
  NDEATH({metrics, seq}) {
    demand(seq === undefined && metrics.length === 1, 'a death with a sequence, or with other metrics')
    demand(!known.alive || bdSeqOf(metrics) === known.bdSeq, `the death of ${bdSeqOf(metrics)}, not of ${known.bdSeq}`)
    known.alive = false
  },
  DBIRTH({metrics, seq}, device) {
    demand(known.alive, 'the birth of a device of nobody')
    take(seq)
    const slots = new Map()
    for (const {name, type} of metrics) {
      const [, mode, last] = /^Alerts\/([A-Za-z0-9_-]+)\/(\w+)$/.exec(name) ?? []
      demand(slotTypes[last] === type, `${name} is a ${type}`)
      slots.set(mode, (slots.get(mode) ?? 0) + 1)
    }
    for (const [mode, count] of slots) demand(count === Object.keys(slotTypes).length, `${mode} has ${count} metrics`)
    known.devices.set(device, new Map(metrics.map((each) => [each.name, each.type])))
  },
  DDATA({metrics, seq}, device) {
    demand(known.alive && known.devices.has(device), `data of ${device}, which was not born`)
    take(seq)
    demand(metrics.length > 0, 'data without a metric')
    for (const {name, type} of metrics) demand(known.devices.get(device).get(name) === type, `${name} was not announced as ${type}`)
  },
  DDEATH({metrics = [], seq}, device) {
    demand(known.alive && known.devices.delete(device), `the death of ${device}, which was not born`)
    take(seq)
    demand(metrics.length === 0, 'a death with metrics')
  },
}

const follow = (topic, bytes, {qos, retain}) => {
  const [, , verb, from, device] = topic.split('/')
  if (verb === 'NCMD' || verb === 'DCMD' || (known.isMissed && verb !== 'NBIRTH')) return
  known.isMissed = false
  try {
    demand(rules[verb] && from === node && verb.startsWith('D') === (device !== undefined), `topic ${topic}`)
    demand(!retain && qos === (verb === 'NDEATH' ? 1 : 0), `${verb} with QoS ${qos}, retain ${retain}`)
    const payload = codec.decodePayload(bytes)
    demand(Number(payload.timestamp) > 0, `${verb} without a timestamp`)
    checkMetrics(payload.metrics ?? [])
    rules[verb]({...payload, metrics: payload.metrics ?? []}, device)
    packets += 1
    const values = Object.fromEntries((payload.metrics ?? []).map((each) => [each.name, valueOf(each)]))
    say({[verb]: {device, packets, historical: (payload.metrics ?? []).some((each) => each.isHistorical), values}})
  } catch (error) {
    say({wrong: `${topic}: ${error.message}`})
  }
}

const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
  protocolVersion: 4, clean: true, clientId: `host-${host}`, reconnectPeriod: 100,
  will: {topic: state, payload: JSON.stringify({online: false, timestamp: started}), qos: 1, retain: true},
})
client.on('message', follow)
const command = (topic, metrics) => client.publish(topic, Buffer.from(codec.encodePayload({timestamp: Date.now(), metrics})), {qos: 0})
const askRebirth = () => command(`spBv1.0/${group}/NCMD/${node}`, [{name: 'Node Control/Rebirth', type: 'Boolean', value: true}])

client.on('connect', () => client.subscribe(`spBv1.0/${group}/#`, {qos: 1}, () => {
  say('ready')
  if (known.isMissed) askRebirth()
}))
// Whatever happens until it is back is not heard of, as a host knows.
client.on('close', () => Object.assign(known, {alive: false, isMissed: true}))

readline.createInterface({input: process.stdin}).on('line', (line) => {
  const wish = JSON.parse(line)
  if ('online' in wish) client.publish(state, JSON.stringify({online: wish.online, timestamp: Date.now()}), {qos: 1, retain: true})
  if (wish.rebirth) askRebirth()
  if (wish.write) {
    const {device, ...metric} = wish.write
    command(`spBv1.0/${group}/DCMD/${node}/${device}`, [metric])
  }
  if (wish.raw) client.publish(wish.raw.topic, Buffer.from(wish.raw.hex, 'hex'), {qos: 1})
})
