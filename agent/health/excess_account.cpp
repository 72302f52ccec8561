#include "health/excess_account.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace fettle::health {
namespace {

constexpr double worth_a_word = 0.05;  ///< kWh; less is published as 0.0
constexpr std::size_t week = 7;
constexpr std::int64_t longest_gap = 366;  ///< days; a longer one is a clock that was wrong

std::int64_t day_of(Time time) { return std::chrono::floor<Days>(time).time_since_epoch().count(); }

}  // namespace

void ExcessAccount::drop_first(std::uint32_t count) {
  const auto gone = std::min(count, account_.count);
  std::copy(account_.days.begin() + gone, account_.days.begin() + account_.count, account_.days.begin());
  account_.count -= gone;
}

void ExcessAccount::judge(const ModeHealth& health) {
  if (day_of(health.time) > account_.today_number) turn_to(day_of(health.time));
  if (health.value <= 0) {
    account_.open = false;
    account_.earlier = 0;
    const auto first = account_.today_number - account_.count;
    const auto gone = std::clamp<std::int64_t>(day_of(health.time) - first, 0, account_.count);
    drop_first(static_cast<std::uint32_t>(gone));
    return;
  }
  if (!account_.open && beyond_warning(health) && account_.count > 0) find_beginning();
}

/// The likeliest beginning of a step of unknown size in noise of unknown size is where the squared sum of all that follows, for each day
/// that follows, is largest.
void ExcessAccount::find_beginning() {
  double sum = 0, best = 0;
  auto beginning = account_.count;
  for (auto day = account_.count; day-- > 0;) {
    sum += account_.days.at(day);
    const double likely = sum > 0 ? sum * sum / (account_.count - day) : 0;
    if (likely <= best) continue;
    best = likely;
    beginning = day;
  }
  drop_first(beginning);
  account_.since = account_.today_number - account_.count;
  account_.open = true;
}

void ExcessAccount::draw(const Reading& excess) {
  const auto last = std::exchange(last_, excess.time);
  turn_to(day_of(excess.time - Duration{1}));
  if (!last || !excess.is_good()) return;
  // A gap in the readings says nothing about what was drawn meanwhile.
  const auto span = std::clamp(excess.time - *last, Duration{0}, 2 * settings_.every);
  account_.today += excess.value * to_hours(span);
}

void ExcessAccount::turn_to(std::int64_t number) {
  const auto past = number - account_.today_number;
  if (past == 0) return;
  if (past < 0 || past > longest_gap) {
    const double kwh = account_.earlier;
    account_ = {};
    account_.earlier = kwh;
    account_.today_number = account_.since = number;
    return;
  }
  for (std::int64_t day = 0; day < past; ++day) {
    if (account_.count == longest) {
      if (account_.open) account_.earlier += account_.days.front();
      drop_first(1);
    }
    account_.days.at(account_.count++) = std::exchange(account_.today, 0);
  }
  account_.today_number = number;
}

std::optional<EnergyWaste> ExcessAccount::waste() const {
  const auto* const first = account_.days.begin();
  const auto* const last = first + account_.count;
  const double kwh = account_.earlier + std::accumulate(first, last, account_.today);
  if (!account_.open || kwh < worth_a_word) return std::nullopt;
  EnergyWaste waste;
  waste.kwh = kwh;
  waste.since = Time{Days{account_.since}};
  const auto known = std::min<std::size_t>(account_.count, week);
  if (settings_.price && known > 0) {
    const double sum = std::accumulate(last - static_cast<std::ptrdiff_t>(known), last, 0.0);
    waste.cost_per_day = std::max(0.0, *settings_.price * sum / static_cast<double>(known));
    waste.currency = settings_.currency;
  }
  return waste;
}

void ExcessAccount::recall(const EnergyWaste& published) {
  const auto own = waste();
  if (own && own->kwh >= published.kwh) return;
  account_.open = true;
  account_.since = day_of(published.since);
  account_.earlier += published.kwh - (own ? own->kwh : 0);
}

bool ExcessAccount::restore(StateReader& reader) {
  Account account;
  reader.get(account);
  const auto sound = [](double each) { return std::isfinite(each); };
  if (!reader.complete() || account.count > longest || !sound(account.today) || !sound(account.earlier) ||
      !std::all_of(account.days.begin(), account.days.end(), sound))
    return false;
  account_ = account;
  return true;
}

}  // namespace fettle::health
