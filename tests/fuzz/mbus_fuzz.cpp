// Whatever an M-Bus brings, the codec neither reads beyond it nor says that a record is where it is not.

#include "mbus/frame.hpp"
#include "mbus/profile.hpp"
#include "mbus/telegram.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace fettle::mbus;

void check(const Telegram& telegram) {
  for (const auto& record : telegram.records) {
    if (record.size == 0 || record.begin + record.size > telegram.payload.size()) std::abort();
    if (bytes_of(record, telegram).size() != record.size) std::abort();
    const bool is_number = record.value.form == Value::Form::number;
    if (is_number != (record.value.number == record.value.number)) std::abort();
    if (!selector_of(record).matches(record) || selector_of(record).to_text().empty()) std::abort();
  }
}

}  // namespace

/// The first byte is the CI field; what follows is at once a payload that was received whole and bytes on a line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 1) return 0;
  const ByteSpan input{bytes, size};
  const auto rest = input.subspan(1);
  const auto telegram = decode_telegram({0x08, 0, input[0], {rest.begin(), rest.end()}});
  if (telegram) check(*telegram);
  if (!telegram && telegram.error().detail.empty()) std::abort();
  const auto sighting = look_at(rest);
  if (sighting.size > rest.size()) std::abort();
  for (const bool is_final : {false, true}) {
    const auto frame = find_frame(rest, is_final);
    if (frame && frame->payload.size() + 9 > rest.size()) std::abort();
    if (!frame) continue;
    const auto received = decode_telegram(*frame);
    if (received) check(*received);
  }
  return 0;
}
