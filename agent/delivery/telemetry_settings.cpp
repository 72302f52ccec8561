#include "delivery/telemetry_settings.hpp"

#include "settings/fields.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>
#include <system_error>
#include <utility>

namespace fettle::delivery {
namespace {

using settings::Fields;

constexpr std::uint64_t smallest_buffer = 4'000'000;  ///< below that SQLite's own needs would be the larger part
constexpr std::uint64_t largest_buffer = 10'000'000'000;
constexpr int fastest_catch_up = 1'000;
constexpr Duration shortest_every = std::chrono::milliseconds{100};
constexpr std::string_view per_second = "/s";

template <class T>
std::optional<T> whole(std::string_view text) {
  T number{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

std::uint64_t read_buffer(Fields& fields, std::uint64_t fallback) {
  const auto text = fields.text("buffer", "");
  if (text.empty()) return fallback;
  const auto size = settings::parse_size(text);
  if (size && *size >= smallest_buffer && *size <= largest_buffer) return *size;
  fields.mistakes().add(fields.child("buffer"), size ? fmt::format("\"{}\" is out of range (4MB to 10GB)", text)
                                                     : fmt::format("\"{}\" is not a size (try 32MB)", text));
  return fallback;
}

int read_catch_up(Fields& fields, int fallback) {
  const auto text = fields.text("catch_up", "");
  if (text.empty()) return fallback;
  auto number = std::string_view{text};
  const bool is_rate = number.ends_with(per_second);
  if (is_rate) number.remove_suffix(per_second.size());
  const auto rate = whole<int>(number);
  if (is_rate && rate && *rate >= 1 && *rate <= fastest_catch_up) return *rate;
  fields.mistakes().add(fields.child("catch_up"),
                        is_rate && rate ? fmt::format("\"{}\" is out of range (1/s to {}/s)", text, fastest_catch_up)
                                        : fmt::format("\"{}\" is not a rate (try 20/s)", text));
  return fallback;
}

void check_devices(Fields& fields, std::span<const std::string> known) {
  for (const auto& item : fields.node()["devices"].items()) {
    if (item.kind() != settings::Node::Kind::scalar || item.reported()) continue;
    if (std::find(known.begin(), known.end(), item.scalar()) != known.end()) continue;
    fields.mistakes().add(item, fmt::format("there is no device \"{}\"", item.scalar()));
  }
}

}  // namespace

TelemetrySettings read_telemetry(const settings::Node& node, std::span<const std::string> devices,
                                 settings::Mistakes& mistakes) {
  Fields fields{node, mistakes};
  TelemetrySettings telemetry;
  telemetry.every = fields.duration("every", shortest_every, Duration{});
  telemetry.devices = fields.texts("devices");
  telemetry.buffer = read_buffer(fields, telemetry.buffer);
  telemetry.catch_up = read_catch_up(fields, telemetry.catch_up);
  check_devices(fields, devices);
  fields.finish();
  return telemetry;
}

}  // namespace fettle::delivery
