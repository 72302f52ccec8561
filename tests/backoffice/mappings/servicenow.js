// ServiceNow Event Management: an alert document becomes an event (em_event), and the events of one slot become one alert (em_alert).
const severities = {critical: 1, major: 2, minor: 3, warning: 4}
const information = 5
const clear = 0

/// Every revision is sent. A rule that opens incidents looks at additional_info.dispatch, which is true for what is worth a visit: not for a
/// child alert, nor for one that is shelved or for information.
export function event(document) {
  const {data} = document
  const isOver = data.state !== 'active'
  const record = {
    source: 'fettle',
    event_class: document.source,
    node: data.asset.ref,
    resource: data.asset.part ?? data.asset.id,
    type: data.failure.mode,
    ...(document.readingtype && {metric_name: document.readingtype}),
    message_key: `${document.source}/${document.subject}`,
    severity: String(isOver ? clear : data.test ? information : severities[data.severity]),
    resolution_state: isOver ? 'Closing' : 'New',
    time_of_event: document.time.slice(0, 19).replace('T', ' '), // UTC, as ours
    description: data.text ? `${data.title}\n${data.text}` : data.title,
    additional_info: JSON.stringify({dispatch: isDispatchGrade(data), ...document}),
  }
  return {method: 'POST', path: '/api/global/em/jsonv2', body: {records: [record]}}
}

const isDispatchGrade = ({kind, state, test, shelved, parent, priority}) =>
  ['prediction', 'fault'].includes(kind) && state === 'active' && !test && !shelved && !parent && priority <= 3
