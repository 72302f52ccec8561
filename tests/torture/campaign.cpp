#include "torture/campaign.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <utility>

namespace fettle::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Nothing that is waited for takes so long, even while the gateway is struck once a second.
constexpr seconds patience{90};
/// Most lives are short. A few are longer than a day of the gateway's clock, for an alert is closed after a day of quiet that one life has
/// watched.
constexpr int short_life = 400, long_life = 3'500;
constexpr int long_lives = 9;  ///< one in so many
constexpr int longest_outage = 1'500;
/// From the log line of a revision over journal and publication to the broker's acknowledgement.
constexpr int revision_takes = 8;
/// So that the machines do not march in step.
constexpr int latest_start = 6'000;
constexpr milliseconds glance{20};

/// What a broker on a gateway's own site would be told: write down each change.
constexpr auto broker_settings = "autosave_on_changes true\nautosave_interval 1\nmax_queued_messages 0\n";

constexpr double well = 20, beyond_warning = 42, beyond_limit = 46;

}  // namespace

Campaign::Campaign(CampaignPlan plan)
    : plan_{std::move(plan)},
      random_{plan_.seed},
      disk_{plan_.flush},
      broker_{broker_settings},
      levers_{plan_.machines},
      gateway_{{broker_.port(),
                levers_.port(),
                disk_.folder().string(),
                plan_.machines,
                plan_.power_cuts > 0 ? disk_.environment() : std::map<std::string, std::string>{},
                {}}},
      consumer_{broker_.port(), Gateway::id} {
  for (std::size_t machine = 0; machine < plan_.machines; ++machine) {
    levers_.set(machine, well);
    rounds_.emplace_back(
        Gateway::slot(machine), plan_.commands,
        [this, machine](Deed deed, const LedgerRow* row) { carry_out(deed, machine, row); },
        Clock::now() + up_to(latest_start), random_());
  }
}

Tally Campaign::run() {
  const auto begin = Clock::now();
  std::vector<Blow> blows(plan_.kills, Blow::kill);
  blows.insert(blows.end(), plan_.power_cuts, Blow::power_cut);
  std::shuffle(blows.begin(), blows.end(), random_);
  gateway_.start();
  for (const auto blow : blows) {
    if (is_over()) break;
    strike(blow);
    plan_.progress(fmt::format("{} kills, {} power cuts, {} documents", tally_.kills, tally_.power_cuts,
                               consumer_.ledger().documents()));
  }
  settle();
  count();
  tally_.took = Clock::now() - begin;
  return tally_;
}

void Campaign::carry_out(Deed deed, std::size_t machine, const LedgerRow* row) {
  switch (deed) {
    case Deed::cool: return levers_.set(machine, well);
    case Deed::warm: return levers_.set(machine, beyond_warning);
    case Deed::heat: return levers_.set(machine, beyond_limit);
    case Deed::acknowledge: return consumer_.acknowledge(*row, gateway_.now());
    case Deed::close: levers_.set(machine, well); return consumer_.close(*row, gateway_.now());
  }
}

/// Lets the agent live for a while, and ends it: at any moment, or while a revision is on its way to journal and broker.
void Campaign::strike(Blow blow) {
  live_until(Clock::now() + (up_to(long_lives - 1) == milliseconds{0} ? milliseconds{long_life} : up_to(short_life)));
  if (up_to(15) == milliseconds{0}) disturb_the_broker();
  if (up_to(1) == milliseconds{0} && gateway_.await_revision(milliseconds{700})) {
    ++tally_.aimed;
    live_until(Clock::now() + up_to(revision_takes));
  }
  gateway_.kill();
  ++(blow == Blow::kill ? tally_.kills : tally_.power_cuts);
  if (blow == Blow::power_cut) disk_.cut_power(random_);
  gateway_.start();
}

void Campaign::live_until(Clock::time_point moment) {
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(moment - Clock::now());
    const bool news = consumer_.listen(std::clamp(left, milliseconds{0}, glance));
    gateway_.listen();
    look_after_the_broker();
    for (auto& each : rounds_) each.look(consumer_.ledger(), Clock::now());
    in_vain_ = in_vain_ || give_up();
    if (is_over() || (!news && Clock::now() >= moment)) return;
  }
}

bool Campaign::live_until(const std::function<bool()>& true_now) {
  const auto deadline = Clock::now() + patience;
  while (!is_over() && !true_now()) {
    if (Clock::now() >= deadline) return false;
    live_until(Clock::now() + glance);
  }
  return !is_over();
}

/// True, and told, if somebody waits in vain.
bool Campaign::give_up() {
  const auto now = Clock::now();
  const bool late = std::any_of(rounds_.begin(), rounds_.end(), [now](const auto& each) {
    return each.is_waiting() && each.waits_since(now) > patience;
  });
  if (!late) return false;
  for (const auto& each : rounds_) {
    if (!each.is_waiting()) continue;
    const auto* row = consumer_.ledger().row(each.slot());
    tally_.breaches.push_back(fmt::format("{} waits for {} since {} s; its latest document is {} ({})", each.slot(),
                                          each.waits_for(),
                                          std::chrono::duration_cast<seconds>(each.waits_since(now)).count(),
                                          row == nullptr ? "none" : row->event, row == nullptr ? "" : row->state));
  }
  tally_.breaches.push_back("the agent's last words:\n" + gateway_.last_words());
  return true;
}

/// Nobody can go on behind an alert that never comes. Where losses are looked for, the first one is enough.
bool Campaign::is_over() const {
  return in_vain_ || (plan_.flush == Flush::ignored && !consumer_.ledger().breaches().empty());
}

void Campaign::look_after_the_broker() {
  broker_.listen();
  if (broker_away_until_ && Clock::now() >= *broker_away_until_) restore_the_broker();
}

void Campaign::disturb_the_broker() {
  if (broker_away_until_) return;
  if (up_to(1) == milliseconds{0}) {
    broker_.kill();
    ++tally_.broker_kills;
  } else {
    broker_.stop();
    ++tally_.broker_stops;
  }
  broker_away_until_ = Clock::now() + up_to(longest_outage);
}

void Campaign::restore_the_broker() {
  broker_.start();
  broker_away_until_.reset();
}

/// Waits until every round has come to a rest. Then the broker loses its memory, gets everything again that is open, and the last status,
/// what it has kept and the book must say the same.
void Campaign::settle() {
  if (broker_away_until_) restore_the_broker();
  for (auto& each : rounds_) each.wind_down();
  live_until(
      [this] { return std::all_of(rounds_.begin(), rounds_.end(), [](const auto& each) { return each.is_done(); }); });
  if (is_over()) return;
  gateway_.kill();
  broker_.stop();
  std::filesystem::remove(broker_.folder().path() / "mosquitto.db");
  broker_.start();
  while (consumer_.listen(milliseconds{500})) continue;
  const auto told = consumer_.ledger().statuses();
  gateway_.start();
  const bool agree = live_until([this, told] {
    const auto& ledger = consumer_.ledger();
    return ledger.statuses() > told && ledger.queued() == 0 && ledger.digest() == ledger.open();
  });
  if (!agree) tally_.breaches.emplace_back("the status never lists what is open in the consumer's book");
  if (const int status = gateway_.stop(); status != 0) {
    tally_.breaches.push_back(fmt::format("the agent ends with {}:\n{}", status, gateway_.last_words()));
  }
  while (consumer_.listen(seconds{1})) continue;
  compare_with_the_retained();
}

void Campaign::compare_with_the_retained() {
  const auto open = consumer_.ledger().open();
  Subscriber late{broker_.port(), fmt::format("fettle/v1/{}/alert/#", Gateway::id)};
  std::size_t found = 0;
  while (found < open.size()) {
    const auto message = late.next(seconds{5});
    if (!message) break;
    const auto slot = message->topic.substr(message->topic.find("/alert/") + 7);
    if (open.contains(slot) && message->payload == consumer_.ledger().document(open.at(slot))) ++found;
  }
  if (found < open.size()) {
    tally_.breaches.push_back(
        fmt::format("the broker keeps {} of {} open alerts as the book has them", found, open.size()));
  }
}

void Campaign::count() {
  const auto& ledger = consumer_.ledger();
  for (const auto& each : rounds_) {
    const auto seen = ledger.episodes(each.slot());
    tally_.expected += each.expected();
    tally_.seen += seen;
    tally_.lost += each.expected() > seen ? each.expected() - seen : 0;
    tally_.doubled += seen > each.expected() ? seen - each.expected() : 0;
    tally_.returns += each.returns();
  }
  tally_.unseen_endings = ledger.unseen_endings();
  tally_.system = ledger.episodes() - tally_.seen;
  tally_.documents = ledger.documents();
  tally_.repeats = ledger.repeats();
  tally_.statuses = ledger.statuses();
  const auto& breaches = ledger.breaches();
  tally_.breaches.insert(tally_.breaches.end(), breaches.begin(), breaches.end());
  tally_.complaints = gateway_.complaints();
  if (tally_.broker_kills == 0 && tally_.unseen_endings > 0) tally_.breaches.emplace_back("endings were never seen");
}

/// Any whole number from 0 on, by chance.
milliseconds Campaign::up_to(int count) { return milliseconds{std::uniform_int_distribution{0, count}(random_)}; }

}  // namespace fettle::test
