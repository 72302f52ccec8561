#include "manipulation/time_order.hpp"

namespace fettle::manipulation {
namespace {

using namespace std::chrono_literals;

/// A season, a machine or a sensor may have changed in between.
constexpr Duration long_gap = 6h;
/// A clock that is corrected by less makes a few readings late, no more.
constexpr Duration clock_step = 60s;
constexpr Time earliest{};
constexpr Time latest{std::chrono::sys_days{std::chrono::year{2200} / 1 / 1}};

}  // namespace

Arrival TimeOrder::take(Time time) {
  if (time < earliest || time > latest) return Arrival::impossible;
  interval_ = {};
  if (newest_ == never) {
    newest_ = time;
    return Arrival::anew;
  }
  if (time == newest_) return Arrival::repeated;
  if (time > newest_) {
    const auto gap = time - newest_;
    newest_ = time;
    late_ = never;
    if (gap > long_gap) return Arrival::anew;
    interval_ = gap;
    return Arrival::next;
  }
  const bool goes_on = late_ != never && time > late_;
  if (goes_on && newest_ - time > clock_step) {
    newest_ = time;
    late_ = never;
    return Arrival::anew;
  }
  late_ = time;
  return Arrival::late;
}

}  // namespace fettle::manipulation
