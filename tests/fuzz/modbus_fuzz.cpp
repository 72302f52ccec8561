// Whatever a wire brings, the codec neither reads beyond it nor takes more registers from it than were asked for.

#include "modbus/mbap.hpp"
#include "modbus/pdu.hpp"
#include "modbus/rtu.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

using namespace fettle::modbus;

void check(const Request& request, ByteSpan pdu) {
  const auto words = decode_answer(request, pdu);
  if (words && words->size() != request.count) std::abort();
}

void follow_connection(const Request& request, ByteSpan received) {
  while (true) {
    const auto frame = first_tcp_frame(received);
    if (!frame || !*frame) return;
    if ((*frame)->size == 0 || (*frame)->size > received.size()) std::abort();
    check(request, (*frame)->pdu);
    received = received.subspan((*frame)->size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 3) return 0;
  const ByteSpan input{bytes, size};
  const auto table = input[0] % 2 == 0 ? RegisterTable::holding : RegisterTable::input;
  const Request request{table, input[1], static_cast<std::uint16_t>(1 + input[2] % 125)};
  const auto received = input.subspan(3);
  check(request, received);
  follow_connection(request, received);
  const auto scan = scan_rtu(received, input[0], request);
  if (scan.answer) check(request, *scan.answer);
  if (explain_rtu(received, input[0], request, "300ms").detail.empty()) std::abort();
  return 0;
}
