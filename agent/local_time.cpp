#include "local_time.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <array>
#include <utility>

namespace fettle {
namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::shared_ptr<const Zone> find_zone(const std::string& name) {
  auto zone = Zone::named(name);
  if (!zone && !name.empty()) spdlog::warn("hours of the day are those of UTC: {}", zone.error().detail);
  return std::make_shared<const Zone>(zone ? std::move(*zone) : Zone{});
}

std::string local_day(Time time, const Zone& zone) {
  const auto local = time + zone.offset_at(time);
  const std::chrono::year_month_day date{std::chrono::floor<Days>(local)};
  return fmt::format("{} {} {}", static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1),
                     static_cast<int>(date.year()));
}

std::string local_text(Time time, const Zone& zone) {
  const auto local = time + zone.offset_at(time);
  const std::chrono::hh_mm_ss clock{local - std::chrono::floor<Days>(local)};
  return fmt::format("{} {:02}:{:02}", local_day(time, zone), clock.hours().count(), clock.minutes().count());
}

std::optional<Time> parse_moment(std::string_view text, const Zone& zone) {
  if (const auto moment = parse_rfc3339(text)) return moment;
  const auto midnight = parse_rfc3339(fmt::format("{}T00:00:00Z", text));
  if (!midnight) return std::nullopt;
  return zone.moments(WallTime{midnight->time_since_epoch()}).first;
}

}  // namespace fettle
