// A device's side of an Azure IoT Hub, as its documents describe it: azure_hub_peer.js PORT CERTIFICATE KEY DEVICE DEVICE_KEY|AUTHORITY.pem
// MQTT 3.1.1 inside TLS for one device. It lets in who shows a token that the device's key made, or a certificate of the authority's, keeps the
// rules for topics, and ends the connection of whoever breaks one. Each packet that keeps the rules is a line of JSON: {"connect"}, {"subscribe"},
// {"event"}, {"twin"}, {"response"}, {"will"}; one that does not is {"wrong"}. Lines on standard input: {"method", "payload"}, {"message", "id"},
// {"twinStatus": 429}, {"close"}, and {"quota"}: "late" puts events into a queue, as the hub does with those beyond its throttle, and each is a line
// {"late"}; "exceeded" ends the connection of whoever sends one, with a line {"exceeded"}; "met" takes events again, the queue first.
import crypto from 'node:crypto'
import fs from 'node:fs'
import readline from 'node:readline'
import tls from 'node:tls'
import mqtt from 'mqtt-packet'

const [port, certificate, key, device, secret] = process.argv.slice(2)
const authority = secret.endsWith('.pem') ? fs.readFileSync(secret) : null
const filters = new Set(['$iothub/twin/res/#', '$iothub/methods/POST/#', `devices/${device}/messages/devicebound/#`])
const events = `devices/${device}/messages/events/`
let current = null
let twin = {}
let twinVersion = 1
let twinStatus = 204
let quota = 'met'
let queue = []
let calls = 0

const say = (line) => console.log(JSON.stringify(line))

class Wrong extends Error {}
const demand = (holds, why) => {
  if (!holds) throw new Wrong(why)
}

const checkToken = (text) => {
  const match = /^SharedAccessSignature sr=([^&]+)&sig=([^&]+)&se=(\d+)$/.exec(text)
  demand(match, `no token: ${text}`)
  const [, resource, signature, expiry] = match
  demand(resource === encodeURIComponent(`localhost/devices/${device}`), `token for ${resource}`)
  demand(Number(expiry) > Date.now() / 1000, 'token has expired')
  const expected = crypto.createHmac('sha256', Buffer.from(secret, 'base64')).update(`${resource}\n${expiry}`).digest('base64')
  demand(decodeURIComponent(signature) === expected, 'token is signed with another key')
}

const checkCertificate = (socket, password) => {
  demand(!password, 'a password beside the certificate')
  demand(socket.authorized, `certificate: ${socket.authorizationError}`)
  demand(socket.getPeerCertificate().subject.CN === device, 'certificate of another device')
}

const properties = (topic) => {
  demand(topic.startsWith(events), `no topic of the hub: ${topic}`)
  const bag = Object.fromEntries(topic.slice(events.length).split('&').map((pair) => pair.split('=').map(decodeURIComponent)))
  demand(bag['$.ct'] === 'application/json;charset=utf-8' && bag['$.ce'] === 'utf-8', 'an event without its encoding')
  return bag
}

const merge = (target, patch) => {
  for (const [name, value] of Object.entries(patch)) {
    demand(!/[.$\s]/.test(name), `a twin has no property ${name}`)
    if (value === null) delete target[name]
    else if (typeof value === 'object' && !Array.isArray(value)) target[name] = merge(target[name] ?? {}, value)
    else target[name] = value
  }
  return target
}

const connect = ({send, socket}, packet) => {
  try {
    demand(packet.protocolVersion === 4 && packet.protocolId === 'MQTT', 'another protocol than MQTT 3.1.1')
    demand(packet.clientId === device, `client id ${packet.clientId}`)
    demand(packet.username === `localhost/${device}/?api-version=2021-04-12`, `user ${packet.username}`)
    demand(packet.keepalive <= 1177 && !packet.clean, 'keep-alive or session')
    if (authority) checkCertificate(socket, packet.password)
    else checkToken(packet.password.toString())
    demand(!packet.will || (packet.will.qos === 1 && !packet.will.retain && properties(packet.will.topic)), 'will')
  } catch (error) {
    say({wrong: error.message})
    send({cmd: 'connack', returnCode: 5, sessionPresent: false})
    return false
  }
  send({cmd: 'connack', returnCode: 0, sessionPresent: false})
  say({connect: packet.will ? {will: packet.will.payload.toString()} : {}})
  return true
}

const changeTwin = (send, topic, payload) => {
  const rid = topic.slice('$iothub/twin/PATCH/properties/reported/?$rid='.length)
  if (twinStatus === 204) {
    merge(twin, JSON.parse(payload))
    demand(JSON.stringify(twin).length <= 32 * 1024, 'a twin that is too large')
    say({twin})
  }
  send({cmd: 'publish', topic: `$iothub/twin/res/${twinStatus}/?$rid=${rid}&$version=${++twinVersion}`, payload: '', qos: 0})
}

const takeEvent = ({send, socket}, {topic, payload, qos, messageId}) => {
  const bag = properties(topic)
  const take = () => {
    if (qos === 1) send({cmd: 'puback', messageId})
    say({event: {properties: bag, body: JSON.parse(payload.toString())}})
  }
  if (quota === 'met') return take()
  say({[quota]: {properties: bag}})
  if (quota === 'late') queue.push(take)
  else socket.destroy()
}

const publish = (connection, packet) => {
  const {topic, payload, qos, retain, messageId} = packet
  const {send} = connection
  demand(qos < 2 && !retain && payload.length <= 256 * 1024, 'QoS 2, retained or too large')
  const text = payload.toString()
  if (!topic.startsWith('$iothub/')) return takeEvent(connection, packet)
  if (qos === 1) send({cmd: 'puback', messageId})
  const response = /^\$iothub\/methods\/res\/(\d+)\/\?\$rid=(.+)$/.exec(topic)
  if (topic.startsWith('$iothub/twin/PATCH/properties/reported/?$rid=')) changeTwin(send, topic, text)
  else {
    demand(response, `no topic of the hub: ${topic}`)
    say({response: {status: Number(response[1]), rid: response[2], body: JSON.parse(text)}})
  }
}

const handle = (connection, packet) => {
  const {send, socket} = connection
  if (packet.cmd === 'connect') {
    if (!connect(connection, packet)) return socket.end()
    connection.will = packet.will
    current = connection
  } else if (packet.cmd === 'subscribe') {
    for (const each of packet.subscriptions) demand(filters.has(each.topic), `filter ${each.topic}`)
    send({cmd: 'suback', messageId: packet.messageId, granted: packet.subscriptions.map(() => 1)})
    say({subscribe: packet.subscriptions.map((each) => each.topic)})
  } else if (packet.cmd === 'publish') publish(connection, packet)
  else if (packet.cmd === 'pingreq') send({cmd: 'pingresp'})
  else if (packet.cmd === 'disconnect') connection.will = null
}

const identity = {cert: fs.readFileSync(certificate), key: fs.readFileSync(key)}
const server = tls.createServer({...identity, ...(authority && {ca: authority, requestCert: true, rejectUnauthorized: false})}, (socket) => {
  const connection = {socket, will: null, send: (packet) => socket.write(mqtt.generate(packet))}
  const parser = mqtt.parser({protocolVersion: 4})
  parser.on('packet', (packet) => {
    try {
      handle(connection, packet)
    } catch (error) {
      say({wrong: error.message})
      socket.destroy()
    }
  })
  parser.on('error', (error) => say({wrong: error.message}))
  socket.on('data', (data) => parser.parse(data))
  socket.on('error', () => {})
  socket.on('close', () => {
    if (connection.will) say({will: {properties: properties(connection.will.topic), body: JSON.parse(connection.will.payload)}})
    if (current === connection) {
      current = null
      queue = []
    }
  })
})

readline.createInterface({input: process.stdin}).on('line', (line) => {
  const wish = JSON.parse(line)
  if (wish.twinStatus) twinStatus = wish.twinStatus
  if (wish.close) current?.socket.destroy()
  if (wish.quota) quota = wish.quota
  if (quota === 'met') queue.splice(0).forEach((take) => take())
  if (wish.method) {
    const topic = `$iothub/methods/POST/${wish.method}/?$rid=${(++calls).toString(16)}`
    current?.send({cmd: 'publish', topic, payload: JSON.stringify(wish.payload ?? null), qos: 0})
  }
  if (wish.message) {
    const bag = `%24.mid=${encodeURIComponent(wish.id)}&%24.to=${encodeURIComponent(`/devices/${device}/messages/deviceBound`)}`
    const topic = `devices/${device}/messages/devicebound/${bag}`
    current?.send({cmd: 'publish', topic, payload: JSON.stringify(wish.message), qos: 1, messageId: ++calls})
  }
})

server.listen(Number(port), '127.0.0.1', () => console.log('ready'))
