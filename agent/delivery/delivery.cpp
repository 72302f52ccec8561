#include "delivery/delivery.hpp"

#include "delivery/alert_document.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace fettle::delivery {
namespace {

using std::chrono::seconds;

constexpr std::size_t largest_window = 16;
constexpr seconds will_delay{60};
/// On a clock that runs very fast the heartbeat must not become a flood.
constexpr std::chrono::nanoseconds shortest_heartbeat = std::chrono::milliseconds{200};

}  // namespace

Delivery::Delivery(boost::asio::io_context& home, DomainClock clock, GatewayFacts gateway,
                   const BrokerSettings& settings, Outbox& outbox, const MakeBroker& make_broker, DeliveryTimes times)
    : clock_{clock},
      gateway_{std::move(gateway)},
      settings_{settings},
      outbox_{outbox},
      times_{times},
      home_{home},
      heartbeat_{home.get_executor()},
      farewell_{home.get_executor()},
      rotation_{home.get_executor()},
      alive_{std::make_shared<const bool>(true)},
      link_{home, settings, gateway_.id, *this, make_broker, times} {}

Delivery::~Delivery() = default;

void Delivery::set_info(std::uint64_t rev, std::string document) {
  info_rev_ = rev;
  info_ = std::move(document);
  info_due_ = outbox_.info_acknowledged() != rev;
  status_due_ = true;
  schedule_pump();
}

void Delivery::start() {
  set_clock(gateway_.clock);
  await_heartbeat();
  link_.start();
}

void Delivery::alerts_changed() { schedule_pump(); }

void Delivery::set_clock(const ClockState& clock) {
  gateway_.clock = clock;
  if (clock.sync == ClockSync::none || !outbox_.is_awaiting_clock()) return;
  outbox_.clock_is_right(clock_.now());
  schedule_pump();
}

void Delivery::set_gateway(GatewayFacts gateway) {
  gateway_ = std::move(gateway);
  resend_status();
}

void Delivery::resend_info() {
  info_due_ = true;
  schedule_pump();
}

void Delivery::resend_status() {
  status_due_ = true;
  schedule_pump();
}

void Delivery::set_mode(GatewayMode mode) {
  status_due_ = status_due_ || mode != gateway_.mode;
  gateway_.mode = mode;
  schedule_pump();
}

void Delivery::rotate(Link::Done done) {
  if (rotated_) return done(failure(Fault::refused, "another rotation is not finished yet"));
  if (const auto fit = can_rotate(); !fit) return done(fit);
  rotated_ = std::move(done);
  if (!link_.is_up() || !has_answers()) return begin_rotation();
  rotation_.run_after(times_.farewell_deadline, alive_, this, &Delivery::begin_rotation);
}

void Delivery::begin_rotation() {
  rotation_.cancel();
  if (const auto done = std::exchange(rotated_, nullptr)) link_.rotate(done);
}

void Delivery::stop(std::function<void()> done) {
  stopped_ = std::move(done);
  heartbeat_.cancel();
  rotation_.cancel();
  leaving_ = true;
  const bool was_up = link_.is_up();
  link_.leave();
  if (const auto never = std::exchange(rotated_, nullptr)) never(failure(Fault::offline, "the agent stops"));
  if (!was_up) return finish_stop();
  publish({Cargo::farewell, {}, {}, 0}, status_message(offline_status(gateway_, session_, clock_.now(), "stopped")));
  farewell_.run_after(times_.farewell_deadline, alive_, this, &Delivery::finish_stop);
}

void Delivery::finish_stop() {
  farewell_.cancel();
  window_.close();
  link_.end();
  if (const auto done = std::exchange(stopped_, nullptr)) boost::asio::post(home_, done);
}

Will Delivery::last_words() {
  session_ = std::max(session_ + 1, outbox_.next_session());  // rises even where the disk is full
  return {status_message(lost_status(gateway_, session_)), will_delay};
}

void Delivery::link_up(const Welcome& welcome) {
  ++counts_.connections;
  since_ = clock_.now();
  set_aside_.clear();
  freight_held_ = false;
  window_.open(std::min(welcome.receive_maximum, largest_window));
  window_.let_fly_alone(!ended_with_.empty());
  info_due_ = !welcome.session_present || outbox_.info_acknowledged() != info_rev_;
  if (!welcome.session_present) outbox_.mark_open_changed();
  status_due_ = true;
  spdlog::info("connected to {} as {}, session {}; {} documents to send", broker(), gateway_.id, session_,
               outbox_.count_changed());
  if (ear_) link_.subscribe(fmt::format("{}/{}/cmd/#", gateway_.root, gateway_.id));
  if (freight_ != nullptr) freight_->link_up();
  pump();
}

void Delivery::link_down() {
  counts_.dropped_answers += answers_.size() + window_.count(Cargo::answer);
  answers_.clear();
  window_.close();
  if (freight_ != nullptr) freight_->link_lost();
}

void Delivery::outage_began(const std::string& what) {
  spdlog::warn("{}; alerts are kept and sent when it is back", what);
}

void Delivery::message_published(std::uint64_t token) {
  const auto message = window_.take(token);
  if (!message) return;
  note_success(*message);
  acknowledge(*message);
  // Data comes often, and then there is nothing new in the outbox unless something was left for want of room.
  if (message->cargo == Cargo::data && !more_waits_) return send_freight();
  pump();
}

void Delivery::acknowledge(const InFlight& message) {
  switch (message.cargo) {
    case Cargo::info: return outbox_.mark_info_sent(message.rev);
    case Cargo::alert:
      if (!outbox_.mark_sent(message.id, static_cast<int>(message.rev))) {
        set_aside_.insert(event_id(message.id, static_cast<int>(message.rev)));
      }
      return;
    case Cargo::withdrawal: return outbox_.mark_withdrawn(message.id);
    case Cargo::farewell: return finish_stop();
    case Cargo::data: return accept_parcel(message.rev);
    case Cargo::answer:
      if (rotated_ && !has_answers()) begin_rotation();
      return;
    case Cargo::status: return;
  }
}

void Delivery::message_received(const Incoming& message) {
  counts_.missed_commands += message.missed;
  if (ear_) ear_(message);
}

void Delivery::await_heartbeat() {
  heartbeat_.run_after(std::max(clock_.real(gateway_.heartbeat), shortest_heartbeat), alive_, this,
                       &Delivery::heartbeat);
}

void Delivery::heartbeat() {
  if (leaving_) return;
  await_heartbeat();
  status_due_ = true;
  if (outbox_.info_acknowledged() != info_rev_) info_due_ = true;
  set_aside_.clear();
  if (link_.is_up()) {
    if (deaf_) link_.subscribe(fmt::format("{}/{}/cmd/#", gateway_.root, gateway_.id));
    if (settings_.protocol == Protocol::mqtt_3_1_1) send_withdrawals();
    release_freight();
    release_one();
  }
  pump();
}

}  // namespace fettle::delivery
