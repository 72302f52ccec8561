#include "manipulation/change_point_model.hpp"

#include "manipulation/normal_equations.hpp"

#include <algorithm>
#include <cmath>

namespace fettle::manipulation {
namespace {

constexpr int lowest_point = 5, highest_point = 25;
constexpr double fewest_days = 28;
constexpr double margin = 1;  ///< K beyond what was seen

}  // namespace

double EnergyShape::at(double temperature) const {
  return base + heating * std::max(0.0, heating_from - temperature) +
         cooling * std::max(0.0, temperature - cooling_from);
}

void ChangePointModel::learn(double temperature, double value, double pace) {
  const double bin = std::floor(temperature) - coldest;
  if (!(bin >= 0 && bin < static_cast<double>(bins)) || !std::isfinite(value)) return;
  const double keep = std::pow(keep_, pace);
  for (auto& each : days_) {
    for (auto* sum : {&each.n, &each.t, &each.tt, &each.y, &each.ty, &each.yy}) *sum *= keep;
  }
  auto& day = days_.at(static_cast<std::size_t>(bin));
  day.n += pace;
  day.t += pace * temperature;
  day.tt += pace * temperature * temperature;
  day.y += pace * value;
  day.ty += pace * temperature * value;
  day.yy += pace * value * value;
  fit();
}

bool ChangePointModel::knows(double temperature) const {
  const auto seen = [](const Sums& each) { return each.n > 0.01; };
  const auto first = std::find_if(days_.begin(), days_.end(), seen);
  const auto last = std::find_if(days_.rbegin(), days_.rend(), seen);
  if (first == days_.end()) return false;
  const auto from = static_cast<double>(coldest + (first - days_.begin()));
  const auto to = static_cast<double>(coldest + (last.base() - days_.begin()));
  return temperature >= from - margin && temperature <= to + margin;
}

void ChangePointModel::fit() {
  Running running{};
  for (std::size_t i = 0; i < bins; ++i) {
    const auto& before = running.at(i);
    const auto& day = days_.at(i);
    running.at(i + 1) = {before.n + day.n, before.t + day.t,   before.tt + day.tt,
                         before.y + day.y, before.ty + day.ty, before.yy + day.yy};
  }
  shape_.reset();
  if (running.back().n < fewest_days) return;
  consider(running, "2P", {}, coldest);
  consider(running, "2P", coldest + static_cast<int>(bins), {});
  for (int one = lowest_point; one <= highest_point; ++one) {
    consider(running, "3PH", one, {});
    consider(running, "3PC", {}, one);
    consider(running, "4P", one, one);
    for (int other = one + 1; other <= highest_point; ++other) consider(running, "5P", one, other);
  }
}

/// Least squares with what lies below a whole degree, or above one, as regressors; their sums follow from the sums per degree.
void ChangePointModel::consider(const Running& running, std::string_view name, std::optional<int> heating,
                                std::optional<int> cooling) {
  const auto& all = running.back();
  const auto& low = running.at(static_cast<std::size_t>(heating.value_or(coldest) - coldest));
  const auto& below =
      running.at(static_cast<std::size_t>(cooling.value_or(coldest + static_cast<int>(bins)) - coldest));
  const double h = heating.value_or(0), c = cooling.value_or(0);
  const double n = all.n - below.n, t = all.t - below.t, tt = all.tt - below.tt, y = all.y - below.y,
               ty = all.ty - below.ty;
  NormalEquations equations;
  equations.squares = {all.n, h * low.n - low.t,         h * h * low.n - 2 * h * low.t + low.tt, t - c * n,
                       0,     tt - 2 * c * t + c * c * n};
  equations.products = {all.y, h * low.y - low.ty, ty - c * y};
  const auto solution = equations.solve(3);
  const double heating_slope = solution.at(1), cooling_slope = solution.at(2);
  if ((heating && !(heating_slope > 0)) || (cooling && !(cooling_slope > 0))) return;
  double errors = all.yy;
  for (std::size_t i = 0; i < 3; ++i) errors -= solution.at(i) * equations.products.at(i);
  const double least = 1e-6 * all.yy + 1e-12;
  const double parameters = name == "5P" ? 5 : (name == "4P" ? 4 : (name == "2P" ? 2 : 3));
  const double score = all.n * std::log(std::max(errors, least) / all.n) + parameters * std::log(all.n);
  if (shape_ && shape_->score <= score) return;
  shape_ = EnergyShape{name, solution.front(), heating_slope, cooling_slope, h, c, score};
}

void ChangePointModel::save(StateWriter& writer) const { writer.put(days_); }

bool ChangePointModel::restore(StateReader& reader) {
  std::array<Sums, bins> days{};
  reader.get(days);
  const bool sound = std::all_of(days.begin(), days.end(), [](const Sums& each) {
    return std::isfinite(each.t + each.tt + each.y + each.ty + each.yy) && std::isfinite(each.n) && each.n >= 0;
  });
  if (!reader.complete() || !sound) return false;
  days_ = days;
  fit();
  return true;
}

}  // namespace fettle::manipulation
