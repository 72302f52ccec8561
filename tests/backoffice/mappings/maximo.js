// IBM Maximo: an alert document becomes a service request (object structure mxapisr).
const reportedBy = 'FETTLE' // a person of your Maximo
const problemCodes = {'bearing-wear': 'BEARING', 'filter-clog': 'FILTER'} // of your Maximo, at most 8 characters; a mode without one is sent without

/// One request for each data.id, and nothing for what is not worth a visit: keep the number that Maximo gives beside data.id, so that a later
/// revision finds that there is one. The site file's names are Maximo's keys: site.id the siteid, an asset's ref the assetnum, and its space,
/// if it has one, the location.
export function serviceRequest(document) {
  const {data} = document
  if (!isDispatchGrade(data)) return undefined
  const {asset, failure, location} = data
  return {
    method: 'POST',
    path: '/maximo/api/os/mxapisr?lean=1',
    body: {
      description: data.title,
      description_longdescription: instructions(data),
      reportedby: reportedBy,
      reportdate: document.time,
      reportedpriority: data.priority,
      assetnum: asset.ref,
      siteid: location.site,
      ...(location.space && {location: location.space}),
      ...(problemCodes[failure.mode] && {problemcode: problemCodes[failure.mode]}),
      externalrefid: data.id,
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
