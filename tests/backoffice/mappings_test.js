// The mappings on the contract's examples and on what becomes of them at the edges. What the agent publishes in other tests goes through
// them too: tests/contract/documents.js.
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {test} from 'node:test'
import {refusals, requestsOf} from './requests.js'

const example = (name) => JSON.parse(readFileSync(new URL(`../../config/contract/examples/alert-${name}.json`, import.meta.url), 'utf8'))
const active = example('active'), acked = example('acked'), shelved = example('shelved'), closed = example('closed')

/// The example with other members of data; undefined removes one.
function changed(members, from = active) {
  const document = structuredClone(from)
  Object.assign(document.data, members)
  return JSON.parse(JSON.stringify(document))
}

/// As the gateway's own troubles look: no reading, no prognosis, no action.
function bare(members) {
  const document = changed({kind: 'system', ...Object.fromEntries(['prognosis', 'evidence', 'detector', 'action', 'energy', 'text',
    'customerNote', 'dispatchBy', 'log'].map((name) => [name, undefined])), ...members})
  for (const name of ['readingtype', 'reading', 'threshold']) delete document[name]
  delete document.data.asset.part
  document.data.location = {site: 'CLINIC-GRAZ', tz: 'Europe/Vienna'}
  return document
}
const service = bare({kind: 'service', severity: 'warning', priority: 3})
const cleared = changed({state: 'cleared', clearedAt: '2026-12-08T05:00:00Z'})
const child = changed({parent: '01KC4Z8M5R9T2VXW3Y6A7B8C9E'})
const forTest = changed({test: true})
const fault = changed({kind: 'fault', severity: 'critical', priority: 1, prognosis: undefined, dispatchBy: undefined})
const informing = changed({kind: 'fault', severity: 'warning', priority: 4, prognosis: undefined})
const long = changed({title: 'ü'.repeat(100), text: 'ß'.repeat(1000)})
const all = {active, acked, shelved, closed, cleared, child, forTest, fault, informing, long, service, system: bare()}

for (const [name, document] of Object.entries(all)) {
  test(`no receiver refuses what is made of ${name}`, () => assert.deepEqual([...refusals(document)], []))
}

test('a refusal would be noticed', () => {
  const wrong = changed({title: 'x'.repeat(101)})
  assert.deepEqual([...refusals(wrong)], ['upsert/msdyn_description must NOT have more than 100 characters',
    'serviceRequest/description must NOT have more than 100 characters'])
  assert.equal([...refusals(changed({kind: 'unheard-of'}))].length, 1)
})

test('work is ordered for what is worth a visit, and for nothing else', () => {
  for (const [name, document] of Object.entries(all)) {
    const {serviceRequest, workOrder, event} = requestsOf(document)
    const isWorthIt = ['active', 'acked', 'fault', 'long'].includes(name)
    assert.equal(serviceRequest !== undefined, isWorthIt, name)
    assert.equal(workOrder !== undefined, isWorthIt, name)
    assert.equal(JSON.parse(event.body.records[0].additional_info).dispatch, isWorthIt, name)
  }
})

test('Dynamics keeps one row an episode, which ends when the alert is closed', () => {
  const {path, body} = requestsOf(active).upsert
  assert.match(path, /msdyn_alerttoken='01KC4Z8M5R9T2VXW3Y6A7B8C9D'/)
  assert.equal(requestsOf(closed).upsert.path, path)
  assert.deepEqual({...body, msdyn_alertdata: JSON.parse(body.msdyn_alertdata)}, {
    msdyn_description: active.data.title,
    msdyn_alerttime: active.time,
    msdyn_alerttype: 192350002,
    msdyn_suggestedpriority: 192350001,
    msdyn_deviceid: 'gw-0815_PUMP-02',
    msdyn_parentalerttoken: null,
    msdyn_alertdata: active,
    statecode: 0,
  })
  const types = Object.entries({fault, service, forTest, system: bare(), cleared, closed})
    .map(([name, document]) => [name, requestsOf(document).upsert.body.msdyn_alerttype - 192350000])
  assert.deepEqual(Object.fromEntries(types), {fault: 0, service: 2, forTest: 3, system: 1, cleared: 2, closed: 2})
  assert.equal(requestsOf(cleared).upsert.body.statecode, 0, 'it may come back')
  assert.equal(requestsOf(closed).upsert.body.statecode, 1)
  assert.equal(requestsOf(child).upsert.body.msdyn_parentalerttoken, '01KC4Z8M5R9T2VXW3Y6A7B8C9E')
  assert.equal(requestsOf(active).upsert.body.msdyn_parentalerttoken, null, 'a parent that is gone is taken away')
  assert.equal(requestsOf(informing).upsert.body.msdyn_suggestedpriority, 192350002)
})

test('the stock Logic App of Dynamics finds the members that it asks for', () => {
  const {body} = requestsOf(active).stock
  assert.equal(body.msdyn_description, 'Bearing vibration (mm/s) reading of 3.9 exceeded a threshold of 7.1')
  assert.equal(body.msdyn_alerttoken, active.data.id)
  assert.equal(body.msdyn_deviceid, 'gw-0815_PUMP-02')
  assert.deepEqual(JSON.parse(body.msdyn_alertdata), active)
  assert.equal(requestsOf(acked).stock, undefined, 'it would make a second row')
  assert.equal(requestsOf(bare({rev: 1})).stock, undefined, 'it would fail')
})

test('ServiceNow gets each revision, and a slot is one alert that ends by itself', () => {
  const record = (document) => requestsOf(document).event.body.records[0]
  const {additional_info: information, ...fields} = record(active)
  assert.deepEqual(fields, {
    source: 'fettle',
    event_class: 'fettle/v1/gw-0815',
    node: 'gw-0815_PUMP-02',
    resource: 'pump bearing',
    type: 'bearing-wear',
    metric_name: 'Bearing vibration (mm/s)',
    message_key: 'fettle/v1/gw-0815/PUMP-02/bearing-wear',
    severity: '2',
    resolution_state: 'New',
    time_of_event: '2026-12-07 05:00:00',
    description: `${active.data.title}\n${active.data.text}`,
  })
  assert.deepEqual(JSON.parse(information), {dispatch: true, ...active})
  const severities = Object.entries({fault, informing, service, forTest, cleared, closed}).map(([name, document]) => [name, record(document).severity])
  assert.deepEqual(Object.fromEntries(severities), {fault: '1', informing: '4', service: '4', forTest: '5', cleared: '0', closed: '0'})
  assert.equal(record(cleared).resolution_state, 'Closing')
  assert.equal(record(closed).message_key, fields.message_key)
  assert.equal(record(bare()).resource, 'PUMP-02')
})

test('Maximo gets what the technician needs, and its own keys', () => {
  const {body} = requestsOf(active).serviceRequest
  assert.deepEqual({...body, description_longdescription: body.description_longdescription.split('\n')}, {
    description: active.data.title,
    description_longdescription: [
      active.data.text,
      'Do: Replace the pump bearings and the shaft seal, align the coupling',
      'Bring: 2 x deep groove ball bearing 6306-2RS BRG-6306-2RS, 1 x mechanical seal 28 mm SEAL-28-MG1',
      'Safety: lock out and tag out the pump',
      'Access: ask the porter for key 12',
      'Not later than 2026-12-14T17:00:00Z',
    ],
    reportedby: 'FETTLE',
    reportdate: active.time,
    reportedpriority: 2,
    assetnum: 'gw-0815_PUMP-02',
    siteid: 'CLINIC-GRAZ',
    location: 'plant room C.04',
    problemcode: 'BEARING',
    externalrefid: active.data.id,
  })
})

test('ServiceMax counts priorities the other way round', () => {
  const priority = (severity) => requestsOf(changed({severity})).workOrder.body.Event.Priority
  assert.deepEqual(['critical', 'major', 'minor', 'warning'].map(priority), [3, 3, 2, 1])
  const {Event, Asset, Others} = requestsOf(active).workOrder.body
  assert.equal(Event.Subject, active.data.title)
  assert.equal(Event.AlertType, 'bearing-wear')
  assert.equal(Event.Property, 'Bearing vibration (mm/s)')
  assert.match(Event.Description, /^The vibration velocity rose.*\nDo: Replace .*\nBring: 2 x deep groove/s)
  assert.equal(Asset.ThingName, 'gw-0815_PUMP-02')
  assert.deepEqual(Others, {SerialNumber__c: 'gw-0815_PUMP-02'})
})

test('parts without a name, and actions without parts, make no holes in the text', () => {
  const parts = [{sku: 'F7-592', qty: 4}]
  const text = (action) => requestsOf(changed({action, text: undefined})).serviceRequest.body.description_longdescription
  assert.match(text({code: 'X', text: 'Replace it', parts}), /^Heating pump 2: .*\nDo: Replace it\nBring: 4 x F7-592\nAccess/)
  assert.match(text({code: 'X', text: 'Look at it'}), /\nDo: Look at it\nAccess/)
})
