#include "delivery/alert_document.hpp"
#include "delivery/delivery.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

/// What a Delivery sends, and in which order.
namespace fettle::delivery {
namespace {

using std::chrono::seconds;

/// More than fits into the window, so that a slot with several episodes does not hold up the others.
constexpr std::size_t read_ahead = 64;
constexpr Duration closed_shown = Days{7};
constexpr Duration answer_life = std::chrono::hours{1};
/// Beyond that somebody asks faster than the broker takes answers.
constexpr std::size_t most_answers = 32;
/// Data never fills the window, so that an alert need not wait for it.
constexpr std::size_t most_parcels = 4;

}  // namespace

void Delivery::schedule_pump() {
  if (!link_.is_up() || std::exchange(pump_scheduled_, true)) return;
  boost::asio::post(home_, [this, alive = std::weak_ptr{alive_}] {
    if (alive.expired()) return;
    pump_scheduled_ = false;
    pump();
  });
}

void Delivery::pump() {
  if (!link_.is_up()) return;
  send_info();
  send_status();
  send_answers();
  send_alerts();
  report_open_set();
  more_waits_ = !window_.has_room();
  send_freight();
}

void Delivery::send_info() {
  if (!info_due_ || info_.empty() || is_held("info") || window_.has(Cargo::info) || !window_.has_room()) return;
  info_due_ = false;
  publish({Cargo::info, {}, {}, info_rev_}, to_keep(info_topic(gateway_), info_));
}

void Delivery::send_status() {
  if (!status_due_ || is_held("status") || window_.has(Cargo::status) || !window_.has_room()) return;
  status_due_ = false;
  told_open_ = open_set();
  const StatusFacts facts{session_, since_,    clock_.now(), info_rev_, outbox_.sequence(), outbox_.count_changed(),
                          dropped_, told_open_};
  publish({Cargo::status, {}, {}, 0}, status_message(online_status(gateway_, facts)));
}

void Delivery::answer(const ReplyTo& to, std::string document) {
  if (!link_.is_up() || answers_.size() >= most_answers) {
    ++counts_.dropped_answers;
    return;
  }
  Message message{fmt::format("{}/{}/res/{}", gateway_.root, gateway_.id, to.requester), std::move(document)};
  message.retain = false;
  message.expiry = real_expiry(answer_life);
  message.correlation = to.correlation;
  answers_.push_back(std::move(message));
  send_answers();
}

void Delivery::send_answers() {
  for (; !answers_.empty() && !is_held("answers") && window_.has_room(); answers_.pop_front()) {
    publish({Cargo::answer, {}, {}, 0}, std::move(answers_.front()));
  }
}

void Delivery::send_alerts() {
  // Without the info document nobody knows the machines that alerts are about.
  if (!window_.has_room() || info_.empty() || outbox_.is_awaiting_clock()) return;
  for (const auto& alert : outbox_.changed(read_ahead)) {
    if (!window_.has_room()) return;
    if (window_.has_slot(alert.slot) || is_held(alert.slot)) continue;
    if (!set_aside_.contains(event_id(alert.id, alert.rev))) send_alert(alert);
  }
}

void Delivery::send_alert(const QueuedAlert& alert) {
  auto message = to_keep(slot_topic(gateway_, alert.slot), alert.document);
  message.content_type = "application/cloudevents+json";
  if (alert.state == AlertState::closed) message.expiry = real_expiry(alert.changed_at + closed_shown - clock_.now());
  publish({Cargo::alert, alert.slot, alert.id, static_cast<std::uint64_t>(alert.rev)}, std::move(message));
}

void Delivery::send_withdrawals() {
  if (settings_.retain == Retain::off) return;
  for (const auto& old : outbox_.to_withdraw(clock_.now() - closed_shown)) {
    if (!window_.has_room()) return;
    if (window_.has_slot(old.slot) || is_held(old.slot)) continue;
    publish({Cargo::withdrawal, old.slot, old.id, 0}, to_keep(slot_topic(gateway_, old.slot), {}));
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

void Delivery::send_freight() {
  if (freight_ == nullptr || freight_held_ || is_held("data") || !link_.is_up()) return;
  const auto most = std::clamp<std::size_t>(window_.size() / 2, 1, most_parcels);
  while (window_.has_room() && window_.count(Cargo::data) < most) {
    auto parcel = freight_->next();
    if (!parcel) return;
    parcel->message.retain = false;
    publish({Cargo::data, {}, {}, parcel->number}, std::move(parcel->message));
  }
}

/// All that was not delivered begins again, in order; but not before the last ones are heard of.
void Delivery::release_freight() {
  if (!freight_held_ || window_.has(Cargo::data)) return;
  freight_held_ = false;
  freight_->link_lost();
  freight_->link_up();
}

void Delivery::publish(InFlight what, Message message) {
  message.token = window_.add(std::move(what));
  link_.publish(message);
}

/// A message that the broker keeps for those who come later, where it can.
Message Delivery::to_keep(std::string topic, std::string payload) const {
  Message message{std::move(topic), std::move(payload)};
  message.retain = settings_.retain == Retain::on;
  return message;
}

Message Delivery::status_message(std::string payload) const {
  auto message = to_keep(status_topic(gateway_), std::move(payload));
  message.expiry = real_expiry(3 * gateway_.heartbeat);
  return message;
}

seconds Delivery::real_expiry(Duration span) const {
  return std::max(seconds{1}, std::chrono::ceil<seconds>(clock_.real(span)));
}

}  // namespace fettle::delivery
