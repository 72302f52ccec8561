// A broker that has no other way to refuse a topic than to end the connection, as AWS IoT Core does: abrupt_broker_peer.js PORT FORBIDDEN
// [CERTIFICATE KEY AUTHORITY], with these in TLS and with certificates. What it takes is a line of JSON: {"topic", "payload"}; a topic that
// contains FORBIDDEN is a line {"forbidden"} and the end.
import fs from 'node:fs'
import net from 'node:net'
import tls from 'node:tls'
import mqtt from 'mqtt-packet'

const [port, forbidden, certificate, key, authority] = process.argv.slice(2)

const say = (line) => console.log(JSON.stringify(line))

const take = (socket, send, {topic, payload, qos, messageId}) => {
  if (topic.includes(forbidden)) {
    say({forbidden: topic})
    return socket.destroy()
  }
  say({topic, payload: payload.toString()})
  if (qos === 1) send({cmd: 'puback', messageId, reasonCode: 0})
}

const serve = (socket) => {
  const parser = mqtt.parser()
  let protocolVersion = 5
  const send = (packet) => socket.write(mqtt.generate(packet, {protocolVersion}))
  parser.on('packet', (packet) => {
    if (packet.cmd === 'connect') {
      protocolVersion = packet.protocolVersion
      send({cmd: 'connack', reasonCode: 0, returnCode: 0, sessionPresent: false})
    } else if (packet.cmd === 'subscribe') {
      send({cmd: 'suback', messageId: packet.messageId, granted: packet.subscriptions.map(() => 1)})
    } else if (packet.cmd === 'publish') take(socket, send, packet)
    else if (packet.cmd === 'pingreq') send({cmd: 'pingresp'})
  })
  socket.on('data', (data) => parser.parse(data))
  socket.on('error', () => {})
}

const server = certificate
  ? tls.createServer({cert: fs.readFileSync(certificate), key: fs.readFileSync(key), ca: fs.readFileSync(authority),
      requestCert: true, rejectUnauthorized: true}, serve)
  : net.createServer(serve)
server.listen(Number(port), '127.0.0.1', () => console.log('ready'))
