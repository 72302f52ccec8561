#include "detection/panel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace fettle::detection {
namespace {

/// When every expert has found its feet; what the restless beginning showed is forgotten then.
constexpr std::uint64_t settled = 300;

constexpr std::array<Panel::Seat, 6> usual{
    {{"range", 1}, {"level", 1}, {"week", 1}, {"shift", 1.4}, {"dwell", 1}, {"sequence", 1.2}}};

}  // namespace

std::span<const Panel::Seat> Panel::usual_seats() { return usual; }

Panel::Panel(std::span<const Seat> seats) : seats_{seats.begin(), seats.end()}, members_{members_of(seats_)} {}

std::vector<Panel::Member> Panel::members_of(std::span<const Seat> seats) {
  std::vector<Member> members;
  for (const auto& [name, weight] : seats) {
    const auto* const entry = Registry<Expert>::instance().find(name);
    if (entry == nullptr) throw std::logic_error{"there is no expert " + std::string{name}};
    members.push_back({entry->make(), weight});
  }
  return members;
}

double Panel::judge(std::int64_t second, double value) {
  strangeness_ = 0;
  if (!std::isfinite(value)) return 0;
  double sum = 0;
  for (auto& member : members_) {
    member.evidence = member.weight * member.expert->judge({seen_, second, value});
    const double cube = member.evidence * member.evidence * member.evidence;
    sum += cube * cube;
  }
  strangeness_ = std::cbrt(std::sqrt(sum));  // nearly the largest: experts who agree add little
  if (seen_ == settled) peaks_ = {};
  ++seen_;
  return peaks_.stands_out(strangeness_) ? strangeness_ : 0;
}

std::string Panel::explain() const {
  const auto loudest = std::max_element(members_.begin(), members_.end(), [](const Member& left, const Member& right) {
    return left.evidence < right.evidence;
  });
  return loudest == members_.end() ? std::string{} : loudest->expert->explain();
}

void Panel::save(StateWriter& writer) const {
  writer.put(seen_);
  peaks_.save(writer);
  for (const auto& member : members_) member.expert->save(writer);
}

bool Panel::restore(StateReader& reader) {
  if (restore_all(reader)) return true;
  members_ = members_of(seats_);
  peaks_ = {};
  seen_ = 0;
  return false;
}

bool Panel::restore_all(StateReader& reader) {
  reader.get(seen_);
  return peaks_.restore(reader) &&
         std::all_of(members_.begin(), members_.end(), [&](Member& each) { return each.expert->restore(reader); });
}

}  // namespace fettle::detection
