#include "manipulation/baseline.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

namespace fettle::manipulation {
namespace {

double intervals_a_day(const FeatureSettings& settings) {
  return std::max(1.0, static_cast<double>(Days{1} / std::max(settings.every, Duration{1})));
}

}  // namespace

BaselineResidual::BaselineResidual(FeatureSettings&& settings, const BaselineUse& use,
                                   std::unique_ptr<Baseline> baseline)
    : target_{settings.target},
      id_{settings.id},
      hash_{manipulation::settings_hash(settings)},
      relative_{chosen(settings, {"relative", 0, 0, 1}) > 0},
      use_{use},
      means_{settings, settings.gate ? use.least_share / 2 : use.least_share},
      baseline_{std::move(baseline)},
      probation_{{intervals_a_day(settings), use.trial_days, chosen(settings, {"largest_cv", use.largest_cv, 0.01, 10}),
                  use.longest_hold}} {
  refuse_other_options(settings, {{"half_life_days"}, {"largest_cv"}, {"relative"}});
  need_interval(settings, use.least_interval);
}

std::optional<Reading> BaselineResidual::derive(const Reading& reading) {
  const auto interval = means_.take(reading);
  return interval ? std::optional{judge(*interval)} : std::nullopt;
}

Reading BaselineResidual::judge(const Interval& interval) {
  if (interval.why != Reason::none) return bad(target_, interval.end, interval.why);
  const auto residual = judged({interval.wall_second, interval.means.subspan(1)}, interval.means.front());
  if (!residual) return bad(target_, interval.end, Reason::not_learned);
  return good(target_, interval.end, *residual);
}

std::optional<double> BaselineResidual::judged(const Context& context, double value) {
  const auto expected = baseline_->expect(context);
  if (!expected) {
    baseline_->learn(context, value, probation_.pace());
    return std::nullopt;
  }
  const bool trusted = probation_.passed();
  const double believed = probation_.believable(value, *expected);
  probation_.judge(value, *expected);
  baseline_->learn(context, believed, probation_.pace());
  if (!trusted || (relative_ && *expected == 0)) return std::nullopt;
  return relative_ ? (value - *expected) / std::abs(*expected) : value - *expected;
}

void BaselineResidual::start_anew() {
  baseline_->start_anew();
  probation_.start_anew();
}

void BaselineResidual::save(StateWriter& writer) const {
  means_.save(writer);
  probation_.save(writer);
  baseline_->save(writer);
}

bool BaselineResidual::restore(StateReader& reader) {
  auto means = means_;
  auto probation = probation_;
  if (!means.restore(reader) || !probation.restore(reader) || !baseline_->restore(reader)) return false;
  means_ = std::move(means);
  probation_ = probation;
  return true;
}

double keep_of(const FeatureSettings& settings, double usual_days, double fewest_days) {
  const double half_life = chosen(settings, {"half_life_days", usual_days, fewest_days, 3650});
  return std::exp2(-to_hours(settings.every) / to_hours(Days{1}) / half_life);
}

void need_arguments(const FeatureSettings& settings, std::size_t least, std::size_t most, const char* wanted) {
  const auto count = settings.arguments.size();
  if (count < least || count > most || !settings.arguments.front().point)
    throw std::invalid_argument{fmt::format("takes {}", wanted)};
}

void need_interval(const FeatureSettings& settings, Duration least) {
  if (settings.every < least) throw std::invalid_argument{fmt::format("needs `every: {}`", to_text(least))};
}

std::uint64_t settings_hash(const FeatureSettings& settings) {
  auto text = fmt::format("{} {}", settings.every.count(), settings.arguments.size());
  // Another zone has other hours of the week.
  for (const auto month : {std::chrono::January, std::chrono::July}) {
    const Time moment{std::chrono::sys_days{std::chrono::year{2026} / month / 1}};
    text += fmt::format(" {}", settings.zone ? settings.zone->offset_at(moment).count() : 0);
  }
  for (const auto& [name, value] : settings.options) text += fmt::format(" {} {}", name, value);
  return hash_of(text, settings.meaning);
}

}  // namespace fettle::manipulation
