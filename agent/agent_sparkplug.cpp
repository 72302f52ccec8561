#include "agent.hpp"

#include "core/level.hpp"
#include "delivery/paho_broker.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

// The agent as an edge node of Sparkplug, beside its delivery.

namespace fettle {
namespace {

/// The next bdSeq, over restarts.
constexpr auto sparkplug_session = "sparkplug_session";
constexpr std::int64_t sessions = 256;

/// The site's id, as a level of topics.
std::string default_group(std::string site) {
  const auto is_of_topics = [](char each) { return of_topics.find(each) != std::string_view::npos; };
  std::replace_if(site.begin(), site.end(), is_of_topics, '-');
  return site;
}

}  // namespace

/// What is open is in its first birth; the documents that follow come as they are written.
void Agent::start_sparkplug() {
  sparkplug_.reset();
  if (!broker_.sparkplug) return;
  auto settings = *broker_.sparkplug;
  if (settings.group.empty()) settings.group = default_group(works_->installation.site.location.site);
  const auto make_broker = [this, of = settings.broker](delivery::BrokerListener& listener) {
    return std::make_unique<delivery::PahoBroker>(of, gateway_.id + "-sparkplug", home_.get_executor(), listener);
  };
  const auto ear = [this](const delivery::Incoming& command) { hear(command); };
  sparkplug_ = std::make_unique<delivery::Sparkplug>(
      home_, clock_, gateway_, settings, delivery::SparkplugDoors{[this] { return next_sparkplug_session(); }, ear},
      make_broker);
  for (auto& each : ledger_->read(&store::Journal::open_documents)) {
    sparkplug_->recall(each.slot, std::move(each.document));
  }
}

std::uint8_t Agent::next_sparkplug_session() {
  const auto session = ledger_->read([](store::Journal& journal) { return journal.fact(sparkplug_session); });
  ledger_->write(
      [next = (session + 1) % sessions](store::Journal& journal) { return journal.set_fact(sparkplug_session, next); });
  return static_cast<std::uint8_t>(session);
}

void Agent::tell(const std::vector<Alert>& alerts) {
  delivery_->alerts_changed();
  if (!sparkplug_) return;
  for (const auto& alert : alerts) {
    auto stored = ledger_->read([&alert](store::Journal& journal) { return journal.find(alert.id); });
    if (stored) sparkplug_->revise(stored->slot, std::move(stored->document));
  }
}

/// A command, from whichever broker.
void Agent::hear(const delivery::Incoming& command) {
  command_desk_->take(command, clock_.now(), gateway_.clock.sync != delivery::ClockSync::none);
}

void Agent::reply(const delivery::ReplyTo& to, std::string document) {
  if (sparkplug_ && to.requester == delivery::sparkplug_requester) return sparkplug_->answer(document);
  delivery_->answer(to, std::move(document));
}

void Agent::stop_delivery(std::function<void()> done) {
  const auto stop = [this, done = std::move(done)] { delivery_->stop(done); };
  sparkplug_ ? sparkplug_->stop(stop) : stop();
}

/// The gateway and its buses among them.
delivery::SparkplugNode::Devices Agent::sparkplug_devices() {
  delivery::SparkplugNode::Devices devices;
  for (const auto* episode : works_->episodes()) devices[episode->facts().asset].insert(episode->facts().mode);
  return devices;
}

}  // namespace fettle
