// Dynamics 365 Connected Field Service: an alert document becomes a row of msdyn_iotalert.
const table = '/api/data/v9.2/msdyn_iotalerts'
const types = {prediction: 192350002, service: 192350002, fault: 192350000, system: 192350001}
const test = 192350003
const high = 192350001, low = 192350002

/// Every revision updates the row of its episode. It needs an alternate key on msdyn_alerttoken, and creates the row where there is none.
/// An alert that is cleared may come back, so it stays active until it is closed. Where documents may overtake each other, send none that is
/// older (data.rev) than what the row's msdyn_alertdata holds.
export function upsert(document) {
  const {data} = document
  return {
    method: 'PATCH',
    path: `${table}(msdyn_alerttoken='${data.id}')`,
    body: {
      msdyn_description: data.title,
      msdyn_alerttime: document.time,
      msdyn_alerttype: data.test ? test : types[data.kind],
      msdyn_suggestedpriority: data.priority <= 2 ? high : low,
      msdyn_deviceid: data.asset.ref,
      msdyn_parentalerttoken: data.parent ?? null,
      msdyn_alertdata: JSON.stringify(document),
      statecode: data.state === 'closed' ? 1 : 0,
    },
  }
}

/// What the stock Logic App "IoT-To-CRM" makes of a document, without a line of code: it only creates, so let none but the first revision of
/// an episode through, and none without a reading and its threshold, which its template asks for.
export function stock(document) {
  const {readingtype, reading, threshold} = document
  if (document.data.rev !== 1 || [readingtype, reading, threshold].includes(undefined)) return undefined
  return {
    method: 'POST',
    path: table,
    body: {
      msdyn_alertdata: JSON.stringify(document),
      msdyn_alerttime: document.time,
      msdyn_alerttoken: document.eventtoken,
      msdyn_description: `${readingtype} reading of ${reading} exceeded a threshold of ${threshold}`,
      msdyn_deviceid: document.deviceid,
    },
  }
}
