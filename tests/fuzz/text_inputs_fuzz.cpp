// Whatever devices publish, tables hold or the kernel's files say: a value is finite or has a reason, and nothing is read beyond its end.

#include "csv/number.hpp"
#include "csv/stamp.hpp"
#include "csv/table.hpp"
#include "mqtt/payload.hpp"
#include "mqtt/topic.hpp"
#include "sysfs/one_wire.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

using fettle::Reason;
using fettle::acquisition::Decoded;

void check(const Decoded& decoded) {
  if (decoded.reason == Reason::none && !std::isfinite(decoded.value)) std::abort();
}

void check_payload(std::string_view text) {
  using namespace fettle::mqtt_input;
  const fettle::text::States states{{"ON", 1}};
  const auto line = text.find('\n');
  const auto pointer = line == std::string_view::npos ? std::string_view{} : text.substr(0, line);
  Payload payload{line == std::string_view::npos ? text : text.substr(line + 1)};
  payload.availability();
  if (const auto whole = payload.at("", states)) check(whole->number);
  if (!is_pointer(pointer)) return;
  if (const auto member = payload.at(pointer, states)) check(member->number);
}

void check_topics(std::string_view text) {
  using namespace fettle::mqtt_input;
  const auto line = std::min(text.find('\n'), text.size());
  const auto filter = text.substr(0, line);
  if (!is_filter(filter)) return;
  const bool has_wildcard = filter.find_first_of("+#") != std::string_view::npos;
  if (!has_wildcard && !matches(filter, filter)) std::abort();
  matches(filter, text.substr(line));
}

void check_table(std::string_view text) {
  using namespace fettle::csv;
  std::vector<std::string> cells;
  split(text, ';', cells);
  for (const auto& cell : cells) {
    for (const auto decimal : {Decimal::guess, Decimal::point, Decimal::comma})
      check(number_in(cell, ';', decimal, {}));
    StampFormat{}.read(cell);
    StampFormat::parse("%d. %b %y %I:%M:%S %p %z")->read(cell);
    StampFormat::parse("epoch")->read(cell);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer's bytes are our text
  const std::string_view text{reinterpret_cast<const char*>(bytes) + 1, size - 1};
  switch (bytes[0] % 4) {
    case 0: check_payload(text); break;
    case 1: check_topics(text); break;
    case 2: check_table(text); break;
    default:
      if (const auto value = fettle::sysfs::parse_w1_slave(text)) check({*value, Reason::none});
  }
  return 0;
}
