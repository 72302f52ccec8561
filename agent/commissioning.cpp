#include "commissioning.hpp"

namespace fettle {
namespace {

constexpr std::string_view until_fact = "commissioning_until";
/// 1 from the first start that finds it in the site file until one that does not.
constexpr std::string_view seen_fact = "commissioning_in_site_file";

}  // namespace

Commissioning::Commissioning(Ledger& ledger) : ledger_{ledger} {
  until_ = Time{Duration{ledger.read([](store::Journal& journal) { return journal.fact(until_fact); })}};
}

void Commissioning::follow(bool asked_for, Time now) {
  // An end that lies further away was counted from a clock that was wrong.
  if (until_ > now + longest) set(now + longest);
  const bool seen = ledger_.read([](store::Journal& journal) { return journal.fact(seen_fact); }) != 0;
  if (seen == asked_for) return;
  ledger_.write([asked_for](store::Journal& journal) { return journal.set_fact(seen_fact, asked_for ? 1 : 0); });
  if (asked_for) set(now + longest);
}

void Commissioning::shift(Duration step) {
  if (until_ != Time{}) set(until_ + step);
}

void Commissioning::set(std::optional<Time> until) {
  until_ = until.value_or(Time{});
  keep();
}

void Commissioning::keep() {
  const auto milliseconds = until_.time_since_epoch().count();
  ledger_.write([milliseconds](store::Journal& journal) { return journal.set_fact(until_fact, milliseconds); });
}

}  // namespace fettle
