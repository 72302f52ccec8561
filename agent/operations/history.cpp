#include "operations/alert_operation.hpp"
#include "point_names.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace fettle::operations {
namespace {

using namespace std::chrono_literals;

constexpr int most_rows = 500;

constexpr std::array<Duration, 10> steps{1s, 10s, 1min, 5min, 15min, 1h, 6h, 24h, 24h * 7, 24h * 30};

/// The shortest usual step that keeps the answer short enough.
Duration fitting_step(Duration span) {
  const auto fits = [span](Duration step) { return span / step <= most_rows; };
  const auto found = std::find_if(steps.begin(), steps.end(), fits);
  return found == steps.end() ? steps.back() : *found;
}

struct Question {
  std::string point;
  Time from{}, to{};
  Duration step{};
};

Question read_question(Arguments& arguments, Time now) {
  Question question;
  question.point = arguments.text("point", 1, 200);
  question.from = arguments.time("from");
  question.to = arguments.time_if_any("to").value_or(now);
  const auto step = arguments.text_if_any("step", 32);
  if (question.to <= question.from) arguments.reject("to", "must lie after from");
  question.step = step.empty() ? fitting_step(question.to - question.from) : parse_duration(step).value_or(Duration{0});
  if (question.step < 1s) arguments.reject("step", "must be a duration of at least a second (15m)");
  return question;
}

Deed history(Desk& desk, const Claims& claims) {
  Arguments arguments{claims.args};
  const auto question = read_question(arguments, desk.now);
  if (!arguments.mistake().empty()) return malformed(arguments);
  const auto points = named_points(desk.works.installation);
  const auto named = std::find_if(points.begin(), points.end(), [&question](const NamedPoint& each) {
    return each.name == question.point || each.origin == question.point;
  });
  if (named == points.end()) return refusal(404, "there is no such point", "info lists assets and their points");
  if ((question.to - question.from) / question.step > most_rows) {
    return refusal(413, fmt::format("these would be more than {} rows", most_rows),
                   fmt::format("step: {}", to_text(fitting_step(question.to - question.from))));
  }
  if (desk.history == nullptr) return refusal(503, "the history cannot be read", "ask diag for the state of the disk");
  const auto answer = desk.history->rows(named->name, question.from, question.to, question.step);
  if (!answer) return refusal(500, answer.error().detail);
  boost::json::array rows;
  for (const auto& row : answer->rows) {
    rows.push_back(boost::json::array{to_rfc3339(row.time), row.lowest, row.mean, row.highest});
  }
  Deed deed;
  deed.answer.body["point"] = named->name;
  deed.answer.body["unit"] = facts(named->quantity).unit;
  deed.answer.body["step"] = to_text(answer->step);
  deed.answer.body["rows"] = std::move(rows);
  return deed;
}

const Registration<Operation<Tier::read>> entry{"history", "minimum, mean and maximum of a point, step by step",
                                                history};

}  // namespace
}  // namespace fettle::operations
