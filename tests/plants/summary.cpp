#include "plants/summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace fettle::plants {
namespace {

constexpr std::string_view row_format = "{:<11} {:<38} {:<9} {:<9} {:<10} {:<24} {}\n";

std::string days(double hours) { return fmt::format("{:.1f}", hours / 24); }

std::string forecast_text(const Document& document) {
  if (!document.forecast) return "none";
  const auto& [low, mid, high] = *document.forecast;
  return fmt::format("{} / {} / {} d", days(low), days(mid), high ? days(*high) : "open");
}

std::string truth_text(const Document& document, Time failed_at) {
  const double left = to_hours(failed_at - document.time);
  if (!document.forecast) return fmt::format("{} d", days(left));
  const auto& [low, mid, high] = *document.forecast;
  const bool inside = left >= low && (!high || left <= *high);
  return fmt::format("{} d, {}", days(left), inside ? "inside" : "outside");
}

std::string row_text(const Row& row, Time start) {
  const auto& [failure, announced] = row;
  const auto failed = failure.at ? day_of(*failure.at, start) : "not yet";
  if (!announced)
    return fmt::format(row_format, failure.asset, failure.fault, failed, failure.at ? "NEVER" : "none yet", "-", "-",
                       "-");
  const auto ahead = failure.at ? days(to_hours(*failure.at - announced->time)) + " d" : "-";
  auto text = fmt::format(row_format, failure.asset, failure.fault, failed, day_of(announced->time, start),
                          row.in_time() ? ahead : "TOO LATE", forecast_text(*announced),
                          failure.at ? truth_text(*announced, *failure.at) : "-");
  return text + fmt::format("{:<11} do: {}\n{:<11} bring: {}\n", "", announced->action, "", what_to_bring(*announced));
}

}  // namespace

std::string day_of(Time time, Time start) { return fmt::format("day {:.1f}", to_hours(time - start) / 24); }

std::string what_to_bring(const Document& document) {
  if (document.parts.empty()) return "no parts";
  return fmt::format("{}", fmt::join(document.parts, ", "));
}

std::string summary(const Verdict& verdict, Time start) {
  auto text = fmt::format(row_format, "machine", "injected fault", "failed", "alert", "ahead", "forecast low/mid/high",
                          "truth");
  for (const auto& row : verdict.rows) text += row_text(row, start);
  for (const auto& document : verdict.superfluous) {
    text += fmt::format("{:<11} DISPATCHED FOR NOTHING on {}: {} {}: {}\n", document.asset,
                        day_of(document.time, start), document.kind, document.mode, document.title);
  }
  return text;
}

}  // namespace fettle::plants
