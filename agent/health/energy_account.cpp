#include "health/energy_account.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fettle::health {
namespace {

constexpr double significant = 3;      ///< evidence that the indicator has left its baseline: 1 in 1,000
constexpr double insignificant = 1;    ///< and that it is back
constexpr int lasting = 3;             ///< updates
constexpr double worth_a_word = 0.05;  ///< kWh; less is published as 0.0
constexpr Days day{1};

}  // namespace

void EnergyAccount::judge(const ModeHealth& health) {
  if (!account_.open && health.evidence >= significant && health.index > 0) {
    account_ = {};
    account_.open = true;
    account_.since = account_.day_begun = health.time;
  }
  if (!account_.open) return;
  account_.quiet = health.evidence < insignificant || health.index <= 0 ? account_.quiet + 1 : 0;
  if (account_.quiet >= lasting) {
    account_ = {};
    return;
  }
  const double share = settings_.share(health.baseline, health.value);
  account_.share = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0;
}

void EnergyAccount::draw(const Reading& power) {
  const auto last = std::exchange(last_, power.time);
  if (!account_.open) return;
  turn_days(power.time);
  if (!last || !power.is_good()) return;
  // A gap in the readings says nothing about what was drawn meanwhile.
  const auto span = std::clamp(power.time - *last, Duration{0}, 2 * settings_.every);
  const double kwh = std::max(0.0, power.value) * account_.share * to_hours(span);
  account_.kwh += kwh;
  account_.today += kwh;
}

/// A day that was not seen to its end, because nothing was read or because the clock jumped, does not count.
void EnergyAccount::turn_days(Time now) {
  const auto past = now - account_.day_begun;
  if (past >= Duration{0} && past < day) return;
  if (past >= day && past < 2 * day) {
    account_.days.at(account_.whole_days++ % week) = account_.today;
    account_.day_begun += day;
  } else {
    account_.day_begun = now;
  }
  account_.today = 0;
}

std::optional<EnergyWaste> EnergyAccount::waste() const {
  if (!account_.open || account_.kwh < worth_a_word) return std::nullopt;
  EnergyWaste waste;
  waste.kwh = account_.kwh;
  waste.since = account_.since;
  const auto known = std::min<std::size_t>(account_.whole_days, week);
  if (settings_.price && known > 0) {
    const double sum =
        std::accumulate(account_.days.begin(), account_.days.begin() + static_cast<std::ptrdiff_t>(known), 0.0);
    waste.cost_per_day = *settings_.price * sum / static_cast<double>(known);
    waste.currency = settings_.currency;
  }
  return waste;
}

void EnergyAccount::recall(const EnergyWaste& published) {
  if (account_.open && account_.kwh >= published.kwh) return;
  if (!account_.open) account_.day_begun = published.since;
  account_.open = true;
  account_.since = published.since;
  account_.kwh = published.kwh;
}

void EnergyAccount::start_anew() { account_ = {}; }

void EnergyAccount::save(StateWriter& writer) const { writer.put(account_); }

bool EnergyAccount::restore(StateReader& reader) {
  Account account;
  reader.get(account);
  if (!reader.complete() || !(account.kwh >= 0)) return false;
  account_ = account;
  return true;
}

}  // namespace fettle::health
