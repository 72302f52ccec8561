#!/usr/bin/env node
// Gateways that follow the contract as far as changes of the settings go, each with a connection of its own, for tests of a rollout:
// node fleet.js PUBLIC_KEY.pem MEMBERS_OF_RING_1,OF_RING_2,... [NAME=FATE]
// One of them may be "silent", "refuse" the change, or lose its broker with it: "roll-back".
import {createPublicKey, verify} from 'node:crypto'
import {readFileSync} from 'node:fs'
import mqtt from 'mqtt'

const [, , keyFile, sizes, exception = ''] = process.argv
const [unlucky, fate] = exception.split('=')
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
    const answer = (status, rest) => this.publish(`res/${iss}`, {jti, op, status, time: now(), ...rest})
    if (this.does('silent')) return
    if (args.withdraw) {
      await answer(200, {data: {withdrawn: this.held !== undefined}})
      return this.held && this.report({jti: this.held.told.jti, by: iss, state: 'withdrawn'})
    }
    if (this.does('refuse')) return answer(400, {error: 'there is no bus "lan"', hint: 'nothing was changed'})
    const wait = args.start ? Date.parse(args.start) - Date.now() : 0
    if (args.ring < this.ring || wait > 0) {
      this.hold({jti, by: iss, ring: args.ring, ...(args.start && {start: args.start})}, wait)
      await answer(202, {data: {held: args.ring < this.ring ? `this gateway is in ring ${this.ring}` : `it starts at ${args.start}`}})
      return this.tell()
    }
    await answer(200, {data: {rev: this.settingsRev + 1, config: '00000000'}})
    return this.follow(jti, iss)
  }

  does(what) {
    return this.name === unlucky && fate === what
  }

  hold(told, wait) {
    clearTimeout(this.held?.timer)
    const late = wait + 1 // timers may be early by less than a millisecond
    const timer = told.ring < this.ring ? undefined : setTimeout(() => this.follow(told.jti, told.by), late)
    this.held = {told, timer}
  }

  async follow(jti, by) {
    await this.report({jti, by, state: 'trial', rev: ++this.settingsRev})
    await this.report({...this.change, ...(this.does('roll-back') ? {state: 'rolled-back', why: 'the broker was not reached'} : {state: 'applied'})})
  }

  report(change) {
    clearTimeout(this.held?.timer)
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
