// ServiceMax on Salesforce: an alert document becomes a work order, by the IoT event CreateWorkOrder. CreateCase and CreateServiceRequest
// in the path take the same body.
const priorities = {critical: 3, major: 3, minor: 2, warning: 1} // 3 is high
const uniqueKey = 'SerialNumber__c' // of an installed product, as named in the IoT configuration

/// One request for each data.id, and nothing for what is not worth a visit: keep the work order's number beside data.id, so that a later
/// revision finds that there is one. ServiceMax joins all of Event into the problem description, which the technician reads.
export function workOrder(document) {
  const {data} = document
  if (!isDispatchGrade(data)) return undefined
  return {
    method: 'POST',
    path: '/services/apexrest/SVMXC/svmx/rest/IOTServiceIntf/CreateWorkOrder/2.0/',
    body: {
      Event: {
        Subject: data.title,
        Description: instructions(data),
        AlertType: data.failure.mode,
        Property: document.readingtype ?? data.asset.part ?? data.failure.mode,
        EventTime: document.time,
        Priority: priorities[data.severity],
      },
      Asset: {ThingName: data.asset.ref},
      Others: {[uniqueKey]: data.asset.ref},
    },
  }
}

const isDispatchGrade = ({kind, state, test, shelved, parent, priority}) =>
  ['prediction', 'fault'].includes(kind) && state === 'active' && !test && !shelved && !parent && priority <= 3

/// What the technician needs, a line each.
function instructions({title, text, action, dispatchBy, location}) {
  const parts = action?.parts?.map(({qty, name, sku}) => `${qty} x ${name ?? ''} ${sku}`.replace('  ', ' '))
  return [
    text ?? title,
    action && `Do: ${action.text}`,
    parts && `Bring: ${parts.join(', ')}`,
    action?.safety && `Safety: ${action.safety.join(', ')}`,
    location.access && `Access: ${location.access}`,
    dispatchBy && `Not later than ${dispatchBy}`,
  ].filter(Boolean).join('\n')
}
