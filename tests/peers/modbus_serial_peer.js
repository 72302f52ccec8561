// A Modbus server on modbus-serial: modbus_serial_peer.js tcp PORT | rtu TTY BAUD UNIT
// Holding registers hold 1000 x unit + address, input registers 500 more; every third coil and every second discrete input is on.
// Input registers end before 300: whoever asks beyond is refused with exception 2. Holding register 50 takes 700 ms.
// It prints "ready" when it can be asked, and then each question as "input 290 21".
import modbus from 'modbus-serial'

const asked = (table, address, count) => console.log(table, address, count)
const illegal_address = {modbusErrorCode: 2, msg: 'illegal data address'}
const from = (first, address, count) => Array.from({length: count}, (_, place) => first + address + place)

const holding = (address, count, unit, done) => {
  asked('holding', address, count)
  const is_slow = address <= 50 && address + count > 50
  setTimeout(done, is_slow ? 700 : 0, null, from(1000 * unit, address, count))
}

const input = (address, count, unit) => {
  asked('input', address, count)
  if (address + count > 300) throw illegal_address
  return from(1000 * unit + 500, address, count)
}

const device = {
  getHoldingRegister: (address, unit, done) => holding(address, 1, unit, (error, values) => done(error, values[0])),
  getMultipleHoldingRegisters: holding,
  getInputRegister: (address, unit) => input(address, 1, unit)[0],
  getMultipleInputRegisters: input,
  getCoil: (address) => address % 3 === 0,
  getDiscreteInput: (address) => address % 2 === 1,
}

const [kind, place, baud, unit] = process.argv.slice(2)
const server =
  kind === 'tcp'
    ? new modbus.ServerTCP(device, {host: '127.0.0.1', port: Number(place), unitID: 255})
    : new modbus.ServerSerial(device, {port: place, baudRate: Number(baud), unitID: Number(unit), interval: 2})
for (const event of ['error', 'serverError', 'socketError']) server.on(event, (error) => console.error(event, error))
server.on('initialized', () => console.log('ready'))
