#include "delivery/sparkplug_slot.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

// What a host writes: protobuf, and names and values that are to become commands.

namespace {

constexpr auto open_alert =
    R"({"data": {"id": "01JD8Q4Z7T3V9XK2M5N6P8R0SA", "rev": 1, "state": "active", "kind": "fault",
  "severity": "major", "priority": 2, "count": 1, "raisedAt": "2026-11-19T06:02:11Z", "changedAt": "2026-11-19T06:02:11Z",
  "asset": {"id": "AHU-07"}, "failure": {"mode": "filter-clog"}}})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace fettle::delivery::sparkplug;
  const auto wishes = decode_command({reinterpret_cast<const char*>(bytes), size});
  if (!wishes) return 0;
  for (const auto& wish : *wishes) {
    static_cast<void>(mode_of(wish.name));
    static_cast<void>(order_of(wish, open_alert, {}));
  }
  return 0;
}
