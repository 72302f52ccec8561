#include "operations/alert_operation.hpp"

namespace fettle::operations {
namespace {

/// A technician's clock may be a little ahead of ours.
constexpr Duration clocks_differ = Days{1};

Outcome read_outcome(Arguments& outcome, const Claims& claims, Time now) {
  const auto verdict = conclusion_named(outcome.text("verdict", 1, 32));
  if (!verdict) {
    outcome.reject("verdict",
                   "must be confirmed, wrong-mode, no-fault-found, false-alarm, duplicate, self-cleared or expired");
  }
  Outcome result{verdict.value_or(Conclusion::expired), claims.who(), now, {}};
  if (auto by = outcome.text_if_any("by", 128); !by.empty()) result.by = std::move(by);
  if (const auto at = outcome.time_if_any("at")) result.at = *at;
  if (result.at > now + clocks_differ) outcome.reject("at", "lies in the future");
  result.note = outcome.text_if_any("note", 1000);
  result.mode = outcome.level_if_any("mode");
  result.action = outcome.level_if_any("action");
  result.fixed = outcome.flag_if_any("fixed");
  result.parts = outcome.parts_if_any("parts");
  result.minutes = outcome.number_if_any("minutes", 0, 100'000);
  result.reference = outcome.reference_if_any("ref");
  return result;
}

Deed close(Desk& desk, const Claims& claims) {
  Arguments arguments{claims.args};
  const auto id = arguments.text("id", 1, 64);
  if (!arguments.has("outcome")) arguments.reject("outcome", "is missing");
  const auto object = arguments.object_if_any("outcome");
  if (!arguments.mistake().empty()) return malformed(arguments);
  Arguments fields{object, "args.outcome"};
  const auto outcome = read_outcome(fields, claims, desk.now);
  if (!fields.mistake().empty()) return malformed(fields);
  const auto found = find_open(desk, id);
  if (found.episode == nullptr) return found.refused;
  if (const auto fit = delivery::check_outcome(outcome); !fit) return refusal(400, fit.error().detail);
  if (desk.works.pipeline.episode(id) == nullptr) return revised({*found.episode->close(desk.now, outcome)});
  auto deed = revised(desk.works.pipeline.close(desk.now, id, outcome));
  // Or a crash within the day would bring the old baseline back.
  if (outcome.fixed.value_or(false)) deed.afterwards = desk.keep_learned;
  return deed;
}

const Registration<Operation<Tier::service>> entry{"close", "how an alert ended, and what was done", close};

}  // namespace
}  // namespace fettle::operations
