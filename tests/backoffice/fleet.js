#!/usr/bin/env node
// Gateways that follow the contract as far as changes of the settings go, each with a connection of its own, for tests of a rollout:
// node fleet.js PUBLIC_KEY.pem MEMBERS_OF_RING_1,OF_RING_2,... [NAME_OF_A_GATEWAY_THAT_LOSES_ITS_BROKER]
import {createPublicKey, verify} from 'node:crypto'
import {readFileSync} from 'node:fs'
import mqtt from 'mqtt'

const [, , keyFile, sizes, unlucky] = process.argv
const key = createPublicKey(readFileSync(keyFile))
const requester = 'maintenance'

class Gateway {
  constructor(name, ring) {
    Object.assign(this, {name, ring, source: `fettle/v1/${name}`, rev: 0, settingsRev: 0})
    this.client = mqtt.connect(process.env.MQTT_URL, {clientId: name, protocolVersion: 5})
    this.client.on('message', (topic, payload) => this.obey(payload.toString()))
  }

  /// Returns when the broker knows all about it.
  async begin() {
    await this.client.subscribeAsync(`${this.source}/cmd/${requester}/config`, {qos: 1})
    await this.publish('status', {gateway: this.name, state: 'online', session: 1, since: now(), time: now(), heartbeat: 300, mode: 'operational',
      clock: {sync: 'ntp'}, info: 1, sequence: '0000000000000001', queued: 0, dropped: 0, open: {}})
    await this.tell()
  }

  publish(place, document) {
    const retain = !place.startsWith('res/')
    return this.client.publishAsync(`${this.source}/${place}`, JSON.stringify(document), {qos: 1, retain})
  }

  tell() {
    const {held, change} = this
    return this.publish('info', {gateway: this.name, rev: ++this.rev, contract: '1.1', sw: '1.0.0', config: '00000000', time: now(), site: 'HQ',
      tz: 'UTC', ops: ['config'], signed: ['config'], ring: this.ring, ...(held && {held: held.told}), ...(change && {change}), assets: []})
  }

  async obey(jws) {
    const [header, payload, signature] = jws.split('.')
    if (!verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))) return
    const {jti, iss, op, args} = JSON.parse(Buffer.from(payload, 'base64url'))
    const answer = (status, data) => this.publish(`res/${iss}`, {jti, op, status, time: now(), data})
    if (args.withdraw) {
      await answer(200, {withdrawn: this.held !== undefined})
      return this.report(this.held && {jti: this.held.told.jti, by: iss, state: 'withdrawn'})
    }
    if (args.ring < this.ring) {
      this.held = {told: {jti, by: iss, ring: args.ring}}
      await answer(202, {held: `this gateway is in ring ${this.ring}`})
      return this.tell()
    }
    await answer(200, {rev: this.settingsRev + 1, config: '00000000'})
    await this.report({jti, by: iss, state: 'trial', rev: ++this.settingsRev})
    await this.report({...this.change, ...(this.name === unlucky ? {state: 'rolled-back', why: 'the broker was not reached'} : {state: 'applied'})})
  }

  report(change) {
    this.held = undefined
    this.change = change
    return this.tell()
  }
}
const now = () => new Date().toISOString()

const rings = sizes.split(',').flatMap((size, place) => Array(Number(size)).fill(place + 1))
const gateways = rings.map((ring, place) => new Gateway(`sim-${String(place + 1).padStart(3, '0')}`, ring))
await Promise.all(gateways.map((gateway) => gateway.begin()))
console.log('ready')
