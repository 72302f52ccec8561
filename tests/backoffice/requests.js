// Whether the requests that the mappings make of an alert document are what the receivers take: their fields, their types, and how long each
// may be, as their makers' documents say. No receiver was there to ask.
import Ajv from 'ajv'
import * as dynamics from './mappings/dynamics.js'
import {serviceRequest} from './mappings/maximo.js'
import {workOrder} from './mappings/servicemax.js'
import {event} from './mappings/servicenow.js'

const text = (maxLength) => ({type: 'string', minLength: 1, maxLength})
const time = {type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z$'}
const json = {...text(32768), pattern: '^\\{.*\\}$'}
const whole = (minimum, maximum) => ({type: 'integer', minimum, maximum})
/// All properties are required but those with a question mark.
function object(properties) {
  const entries = Object.entries(properties).map(([name, schema]) => [name.replace('?', ''), schema])
  const required = Object.keys(properties).filter((name) => !name.endsWith('?'))
  return {type: 'object', required, additionalProperties: false, properties: Object.fromEntries(entries)}
}

const bodies = {
  stock: object({
    msdyn_alertdata: json, msdyn_alerttime: time, msdyn_alerttoken: text(100), msdyn_deviceid: text(100),
    msdyn_description: {...text(400), pattern: '^.+ reading of .+ exceeded a threshold of .+$'},
  }),
  upsert: object({
    msdyn_alertdata: json, msdyn_alerttime: time, msdyn_description: text(100), msdyn_deviceid: text(100), msdyn_parentalerttoken: {anyOf: [text(100), {type: 'null'}]},
    msdyn_alerttype: whole(192350000, 192350003), msdyn_suggestedpriority: whole(192350000, 192350003), statecode: whole(0, 1),
  }),
  event: object({records: {type: 'array', minItems: 1, maxItems: 1, items: object({
    source: {const: 'fettle'}, event_class: text(100), node: text(100), resource: text(100), type: text(100), 'metric_name?': text(100),
    message_key: text(1024), severity: {enum: ['0', '1', '2', '3', '4', '5']}, resolution_state: {enum: ['New', 'Closing']},
    time_of_event: {type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$'}, description: text(4000), additional_info: json,
  })}}),
  serviceRequest: object({
    description: text(100), description_longdescription: text(32000), reportedby: text(62), reportdate: time, reportedpriority: whole(1, 4),
    assetnum: text(64), siteid: text(64), 'location?': text(64), 'problemcode?': text(8), externalrefid: text(26),
  }),
  workOrder: object({
    Event: object({
      Subject: text(255), Description: text(32000), AlertType: text(255), Property: text(255), EventTime: time, Priority: whole(1, 3),
    }),
    Asset: object({ThingName: text(255)}),
    Others: {type: 'object', minProperties: 1, additionalProperties: text(255)},
  }),
}
const places = {
  stock: /^POST \/api\/data\/v9\.2\/msdyn_iotalerts$/,
  upsert: /^PATCH \/api\/data\/v9\.2\/msdyn_iotalerts\(msdyn_alerttoken='[0-9A-Z]{26}'\)$/,
  event: /^POST \/api\/global\/em\/jsonv2$/,
  serviceRequest: /^POST \/maximo\/api\/os\/mxapisr\?lean=1$/,
  workOrder: /^POST \/services\/apexrest\/SVMXC\/svmx\/rest\/IOTServiceIntf\/CreateWorkOrder\/2\.0\/$/,
}
const ajv = new Ajv({allErrors: true})
const validators = Object.fromEntries(Object.entries(bodies).map(([name, schema]) => [name, ajv.compile(schema)]))

/// What each mapping makes of the document; undefined where it makes nothing of it.
export const requestsOf = (document) => ({
  stock: dynamics.stock(document),
  upsert: dynamics.upsert(document),
  event: event(document),
  serviceRequest: serviceRequest(document),
  workOrder: workOrder(document),
})

/// Everything that a receiver would refuse.
export function* refusals(document) {
  for (const [name, request] of Object.entries(requestsOf(document))) {
    if (request === undefined) continue
    const place = `${request.method} ${request.path}`
    if (!places[name].test(place)) yield `${name}: ${place}`
    const body = JSON.parse(JSON.stringify(request.body)) // as it is sent
    if (!validators[name](body)) yield* validators[name].errors.map((error) => `${name}${error.instancePath} ${error.message}`)
  }
}
