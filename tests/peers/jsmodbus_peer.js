// A Modbus server on jsmodbus: jsmodbus_peer.js PORT
// The same registers as modbus_serial_peer.js at unit 1, for any unit. What comes in one burst is answered in reverse order; an answer that
// would go beyond the 300 input registers is cut short. It prints "ready" when it listens, and "reversed" when it answers an earlier
// question after a later one.
import jsmodbus from 'jsmodbus'
import net from 'node:net'

const registers = (first) => {
  const words = Buffer.alloc(600)
  for (let address = 0; address < 300; ++address) words.writeUInt16BE(first + address, 2 * address)
  return words
}

const bits = (is_on) => {
  const bytes = Buffer.alloc(8)
  for (let address = 0; address < 64; ++address) if (is_on(address)) bytes[address >> 3] |= 1 << (address & 7)
  return bytes
}

const listener = net.createServer()
const server = new jsmodbus.server.TCP(listener, {
  holding: registers(1000),
  input: registers(1500),
  coils: bits((address) => address % 3 === 0),
  discrete: bits((address) => address % 2 === 1),
})

let last = 0
server.on('postReadHoldingRegisters', ({id}) => {
  if (id < last) console.log('reversed')
  last = id
})
listener.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'))
