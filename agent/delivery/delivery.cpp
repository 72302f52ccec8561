#include "delivery/delivery.hpp"

#include "delivery/alert_document.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <boost/asio/post.hpp>
#include <random>
#include <utility>

namespace fettle::delivery {
namespace {

using std::chrono::seconds;

constexpr std::size_t largest_window = 16;
/// More than fits into the window, so that a slot with several episodes does not hold up the others.
constexpr std::size_t read_ahead = 64;
constexpr Duration closed_shown = Days{7};
constexpr seconds will_delay{60};
/// On a clock that runs very fast the heartbeat must not become a flood.
constexpr std::chrono::nanoseconds shortest_heartbeat = std::chrono::milliseconds{200};

/// Runs `member` of `self` when `timer` has expired, unless the timer was cancelled or `self` is gone by then.
template <class Self>
void run_after(boost::asio::steady_timer& timer, std::chrono::nanoseconds wait, std::weak_ptr<const bool> alive,
               Self* self, void (Self::*member)()) {
  timer.expires_after(wait);
  timer.async_wait([alive = std::move(alive), self, member](const boost::system::error_code& code) {
    if (!code && !alive.expired()) (self->*member)();
  });
}

}  // namespace

Delivery::Delivery(boost::asio::io_context& home, DomainClock clock, GatewayFacts gateway,
                   const BrokerSettings& settings, Outbox& outbox, const MakeBroker& make_broker, DeliveryTimes times)
    : clock_{clock},
      gateway_{std::move(gateway)},
      settings_{settings},
      outbox_{outbox},
      times_{times},
      home_{home},
      retry_{home},
      watchdog_{home},
      heartbeat_{home},
      farewell_{home},
      backoff_{times.first_retry, times.longest_retry, std::random_device{}()},
      alive_{std::make_shared<const bool>(true)},
      broker_{make_broker(*this)} {}

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
  connect();
}

void Delivery::alerts_changed() { schedule_pump(); }

void Delivery::set_clock(const ClockState& clock) {
  gateway_.clock = clock;
  if (clock.sync == ClockSync::none || !outbox_.is_awaiting_clock()) return;
  outbox_.clock_is_right(clock_.now());
  schedule_pump();
}

void Delivery::set_mode(GatewayMode mode) {
  status_due_ = status_due_ || mode != gateway_.mode;
  gateway_.mode = mode;
  schedule_pump();
}

void Delivery::stop(std::function<void()> done) {
  stopped_ = std::move(done);
  retry_.cancel();
  watchdog_.cancel();
  heartbeat_.cancel();
  const bool was_up = link_ == Link::up;
  link_ = Link::leaving;
  if (!was_up) return finish_stop();
  publish({Cargo::farewell, {}, {}, 0}, status_message(offline_status(gateway_, session_, clock_.now(), "stopped")));
  run_after(farewell_, times_.farewell_deadline, alive_, this, &Delivery::finish_stop);
}

void Delivery::finish_stop() {
  farewell_.cancel();
  window_.close();
  broker_->disconnect();
  if (const auto done = std::exchange(stopped_, nullptr)) boost::asio::post(home_, done);
}

void Delivery::connect() {
  if (link_ != Link::down) return;
  link_ = Link::connecting;
  session_ = std::max(session_ + 1, outbox_.next_session());  // rises even where the disk is full
  run_after(watchdog_, times_.connect_deadline, alive_, this, &Delivery::give_up);
  broker_->connect({status_message(lost_status(gateway_, session_)), will_delay});
}

void Delivery::give_up() {
  if (link_ == Link::connecting) connection_lost("no answer");
}

void Delivery::connect_later() {
  link_ = Link::down;
  window_.close();
  watchdog_.cancel();
  run_after(retry_, backoff_.next(), alive_, this, &Delivery::connect);
}

void Delivery::connected(const Welcome& welcome) {
  if (link_ != Link::connecting) return;
  watchdog_.cancel();
  link_ = Link::up;
  outage_told_ = false;
  since_ = clock_.now();
  set_aside_.clear();
  window_.open(std::min(welcome.receive_maximum, largest_window));
  info_due_ = !welcome.session_present || outbox_.info_acknowledged() != info_rev_;
  if (!welcome.session_present) outbox_.mark_open_changed();
  status_due_ = true;
  spdlog::info("connected to {} as {}, session {}; {} documents to send", settings_.url(), gateway_.id, session_,
               outbox_.count_changed());
  pump();
}

void Delivery::connection_lost(const std::string& reason) {
  if (link_ == Link::leaving) return finish_stop();
  if (!std::exchange(outage_told_, true)) {
    spdlog::warn("{}: {}; alerts are kept and sent when it is back", settings_.url(), reason);
  }
  connect_later();
}

void Delivery::published(std::uint64_t token) {
  const auto message = window_.take(token);
  if (!message) return;
  // Only now has the broker proved to be of use; one that throws us out after each welcome is not asked every second.
  backoff_.succeeded();
  acknowledge(*message);
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
    case Cargo::status:
    case Cargo::answer: return;
  }
}

void Delivery::refused(std::uint64_t token, const std::string& reason) {
  const auto message = window_.take(token);
  if (!message) return;
  spdlog::warn("{} refuses a document{}{}: {}; it is tried again with the next heartbeat. Check what {} may publish",
               settings_.url(), message->slot.empty() ? "" : " of ", message->slot, reason, gateway_.id);
  if (message->cargo == Cargo::alert) set_aside_.insert(event_id(message->id, static_cast<int>(message->rev)));
  if (message->cargo == Cargo::farewell) return finish_stop();
  pump();
}

void Delivery::received(const Incoming& message) {
  if (ear_) ear_(message);
}

void Delivery::answer(const ReplyTo& to, std::string document) {
  if (link_ != Link::up) return;
  Message message{fmt::format("{}/{}/res/{}", gateway_.root, gateway_.id, to.requester), std::move(document)};
  message.correlation = to.correlation;
  publish({Cargo::answer, {}, {}, 0}, std::move(message));
}

void Delivery::await_heartbeat() {
  run_after(heartbeat_, std::max(clock_.real(gateway_.heartbeat), shortest_heartbeat), alive_, this,
            &Delivery::heartbeat);
}

void Delivery::heartbeat() {
  if (link_ == Link::leaving) return;
  await_heartbeat();
  status_due_ = true;
  if (outbox_.info_acknowledged() != info_rev_) info_due_ = true;
  set_aside_.clear();
  if (link_ == Link::up && settings_.protocol == Protocol::mqtt_3_1_1) send_withdrawals();
  pump();
}

void Delivery::schedule_pump() {
  if (link_ != Link::up || std::exchange(pump_scheduled_, true)) return;
  boost::asio::post(home_, [this, alive = std::weak_ptr{alive_}] {
    if (alive.expired()) return;
    pump_scheduled_ = false;
    pump();
  });
}

void Delivery::pump() {
  if (link_ != Link::up) return;
  send_info();
  send_status();
  send_alerts();
  report_open_set();
}

void Delivery::send_info() {
  if (!info_due_ || info_.empty() || window_.has(Cargo::info) || !window_.has_room()) return;
  info_due_ = false;
  publish({Cargo::info, {}, {}, info_rev_}, {info_topic(gateway_), info_});
}

void Delivery::send_status() {
  if (!status_due_ || window_.has(Cargo::status) || !window_.has_room()) return;
  status_due_ = false;
  told_open_ = open_set();
  const StatusFacts facts{session_, since_,    clock_.now(), info_rev_, outbox_.sequence(), outbox_.count_changed(),
                          dropped_, told_open_};
  publish({Cargo::status, {}, {}, 0}, status_message(online_status(gateway_, facts)));
}

void Delivery::send_alerts() {
  if (!window_.has_room() || outbox_.is_awaiting_clock()) return;
  for (const auto& alert : outbox_.changed(read_ahead)) {
    if (!window_.has_room()) return;
    if (!window_.has_slot(alert.slot) && !set_aside_.contains(event_id(alert.id, alert.rev))) send_alert(alert);
  }
}

void Delivery::send_alert(const QueuedAlert& alert) {
  Message message{slot_topic(gateway_, alert.slot), alert.document, "application/cloudevents+json"};
  if (alert.state == AlertState::closed) message.expiry = real_expiry(alert.changed_at + closed_shown - clock_.now());
  publish({Cargo::alert, alert.slot, alert.id, static_cast<std::uint64_t>(alert.rev)}, std::move(message));
}

void Delivery::send_withdrawals() {
  if (settings_.retain == Retain::off) return;
  for (const auto& old : outbox_.to_withdraw(clock_.now() - closed_shown)) {
    if (!window_.has_room()) return;
    if (!window_.has_slot(old.slot))
      publish({Cargo::withdrawal, old.slot, old.id, 0}, {slot_topic(gateway_, old.slot), {}});
  }
}

/// What no consumer can have seen is not in the digest.
std::vector<OpenSlot> Delivery::open_set() const {
  return outbox_.is_awaiting_clock() ? std::vector<OpenSlot>{} : outbox_.open();
}

/// The digest follows the documents it lists, so that no consumer asks for what is already on its way.
void Delivery::report_open_set() {
  if (window_.has(Cargo::alert) || window_.has(Cargo::status)) return;
  if (open_set() == told_open_) return;
  status_due_ = true;
  send_status();
}

void Delivery::publish(InFlight what, Message message) {
  message.retain = settings_.retain == Retain::on;
  message.token = window_.add(std::move(what));
  broker_->publish(message);
}

Message Delivery::status_message(std::string payload) const {
  Message message{status_topic(gateway_), std::move(payload)};
  message.retain = settings_.retain == Retain::on;
  message.expiry = real_expiry(3 * gateway_.heartbeat);
  return message;
}

seconds Delivery::real_expiry(Duration span) const {
  return std::max(seconds{1}, std::chrono::ceil<seconds>(clock_.real(span)));
}

}  // namespace fettle::delivery
