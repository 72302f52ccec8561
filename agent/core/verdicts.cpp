#include "core/verdicts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace fettle {
namespace {

constexpr std::array<std::pair<Conclusion, std::string_view>, 7> conclusions{
    {{Conclusion::confirmed, "confirmed"},
     {Conclusion::wrong_mode, "wrong-mode"},
     {Conclusion::no_fault_found, "no-fault-found"},
     {Conclusion::false_alarm, "false-alarm"},
     {Conclusion::duplicate, "duplicate"},
     {Conclusion::self_cleared, "self-cleared"},
     {Conclusion::expired, "expired"}}};

}  // namespace

bool beyond_warning(const ModeHealth& health) {
  return health.rising ? health.value >= health.warn : health.value <= health.warn;
}

bool well_below_warning(const ModeHealth& health) {
  constexpr double hysteresis = 0.2;
  double way = health.warn - health.baseline;
  // Where nothing is learned the way to the limit is the better measure: a room that alarms at 8 °C is well again long before it is at 0.
  const double rest = health.limit - health.warn;
  if (health.absolute && rest != 0 && std::abs(rest) < std::abs(way)) way = rest;
  const double off = health.warn - hysteresis * way;
  return health.rising ? health.value < off : health.value > off;
}

std::string_view name_of(AlertState state) {
  switch (state) {
    case AlertState::active: return "active";
    case AlertState::cleared: return "cleared";
    case AlertState::closed: return "closed";
  }
  return "?";
}

std::string_view name_of(AlertKind kind) {
  switch (kind) {
    case AlertKind::prediction: return "prediction";
    case AlertKind::fault: return "fault";
    case AlertKind::service: return "service";
    case AlertKind::system: return "system";
  }
  return "?";
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::warning: return "warning";
    case Severity::minor: return "minor";
    case Severity::major: return "major";
    case Severity::critical: return "critical";
  }
  return "?";
}

std::string_view name_of(AlertEvent event) {
  switch (event) {
    case AlertEvent::raised: return "raised";
    case AlertEvent::updated: return "updated";
    case AlertEvent::cleared: return "cleared";
    case AlertEvent::returned: return "returned";
    case AlertEvent::acked: return "acked";
    case AlertEvent::shelved: return "shelved";
    case AlertEvent::unshelved: return "unshelved";
    case AlertEvent::closed: return "closed";
  }
  return "?";
}

std::string_view name_of(Conclusion conclusion) {
  for (const auto& [each, name] : conclusions) {
    if (each == conclusion) return name;
  }
  return "?";
}

std::optional<Conclusion> conclusion_named(std::string_view name) {
  for (const auto& [each, text] : conclusions) {
    if (text == name) return each;
  }
  return std::nullopt;
}

bool is_iso14224(std::string_view code) {
  return code.size() == 3 && std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool dispatch_grade(const Alert& alert) {
  const bool about_a_machine = alert.kind == AlertKind::prediction || alert.kind == AlertKind::fault;
  return about_a_machine && alert.state == AlertState::active && alert.priority <= 3 && !alert.test && !alert.shelved &&
         alert.parent.empty();
}

}  // namespace fettle
