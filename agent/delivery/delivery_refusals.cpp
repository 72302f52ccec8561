#include "delivery/delivery.hpp"

#include "delivery/alert_document.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <utility>

/// What a broker does not take from a Delivery, and what becomes of it.
namespace fettle::delivery {
namespace {

constexpr auto of_login = "login", of_commands = "commands";
/// So many connections in a row end with the same message before it is blamed: in the first one others were under way as well, and the
/// second one may have been the network's fault.
constexpr int enough_ends = 3;

/// What a refusal of this message is remembered by.
std::string kind_of(const InFlight& message) {
  switch (message.cargo) {
    case Cargo::info: return "info";
    case Cargo::alert:
    case Cargo::withdrawal: return message.slot;
    case Cargo::answer: return "answers";
    case Cargo::data: return "data";
    case Cargo::status:
    case Cargo::farewell: return "status";
  }
  return {};
}

}  // namespace

void Delivery::link_rejected(const std::string& reason) { note_refusal(of_login, reason); }

/// A broker may have no other way to refuse a message than to end the connection. So what was under way then goes alone next time, and what
/// ends the connection again and again is held back, so that the rest gets through.
bool Delivery::link_broken(const std::string& reason) {
  std::set<std::string> under_way;
  for (const auto& message : window_.sent_since(std::chrono::steady_clock::now() - times_.soon))
    under_way.insert(kind_of(message));
  bool is_known_why = false;
  for (const auto& kind : under_way) {
    if (is_held(kind) || ++ended_with_[kind] < enough_ends) continue;
    is_known_why = true;
    held_.push_back(kind);
    if (note_refusal(kind, fmt::format("{} ends the connection whenever {} is sent: {}", broker(), kind, reason)))
      spdlog::warn(
          "{} ends the connection whenever {} is sent: {}; it is kept and tried again from time to time, and "
          "the rest goes on. Check what {} may publish",
          broker(), kind, reason, gateway_.id);
  }
  return is_known_why;
}

/// What did not end this connection is innocent.
void Delivery::link_proved() {
  refusals_.erase(of_login);
  std::erase_if(ended_with_, [this](const auto& each) { return !refusals_.contains(each.first); });
  window_.let_fly_alone(!ended_with_.empty());
  pump();
}

bool Delivery::is_held(std::string_view kind) const {
  return std::find(held_.begin(), held_.end(), kind) != held_.end();
}

void Delivery::note_success(const InFlight& message) {
  if (refusals_.empty() && ended_with_.empty()) return;
  const auto kind = kind_of(message);
  refusals_.erase(kind);
  const auto ends = ended_with_.extract(kind);
  if (ends.empty() || ends.mapped() < enough_ends) return;
  spdlog::info("{} takes {} now", broker(), kind);
  // It has changed its mind, perhaps about all.
  held_.clear();
  pause_ = {};
}

void Delivery::release_one() {
  if (!held_.empty() && pause_.ends_with_this_one()) held_.pop_front();
}

/// True if it is a new one.
bool Delivery::note_refusal(const std::string& of, std::string what) {
  const auto [place, is_new] = refusals_.try_emplace(of, BrokerRefusal{clock_.now(), {}});
  place->second.what = std::move(what);
  return is_new;
}

std::optional<BrokerRefusal> Delivery::refusal() const {
  const auto oldest = std::min_element(refusals_.begin(), refusals_.end(), [](const auto& left, const auto& right) {
    return left.second.since < right.second.since;
  });
  if (oldest == refusals_.end()) return std::nullopt;
  auto told = oldest->second;
  if (refusals_.size() > 1) told.what += fmt::format(" (and {} more, see the log)", refusals_.size() - 1);
  return told;
}

void Delivery::message_refused(std::uint64_t token, const std::string& reason) {
  const auto message = window_.take(token);
  if (!message) return;
  set_aside(*message, reason);
  if (message->cargo == Cargo::data) refuse_parcel(message->rev);
}

void Delivery::message_postponed(std::uint64_t token, const std::string& reason) {
  if (const auto message = window_.take(token)) set_aside(*message, reason);
}

void Delivery::set_aside(const InFlight& message, const std::string& reason) {
  const auto kind = kind_of(message);
  ++counts_.refused_documents;
  ended_with_.erase(kind);  // it has another way to say so
  note_refusal(kind, fmt::format("{} refuses {}: {}", broker(), kind, reason));
  if (message.cargo == Cargo::data) {
    freight_held_ = true;
    if (std::exchange(data_refused_, true)) return;
    dropped_before_ = counts_.dropped_parcels;
    return spdlog::warn("{} refuses data: {}; check what {} may publish", broker(), reason, gateway_.id);
  }
  spdlog::warn("{} refuses a document{}{}: {}; it is tried again with the next heartbeat. Check what {} may publish",
               broker(), message.slot.empty() ? "" : " of ", message.slot, reason, gateway_.id);
  if (message.cargo == Cargo::alert) set_aside_.insert(event_id(message.id, static_cast<int>(message.rev)));
  if (message.cargo == Cargo::farewell) return finish_stop();
  pump();
}

/// Once it may be a passing mood of the broker's. After that the parcel would only block those behind it.
void Delivery::refuse_parcel(std::uint64_t number) {
  if (refused_once_.insert(number).second) return;
  refused_once_.erase(number);
  if (counts_.dropped_parcels++ == dropped_before_)
    spdlog::warn("{} has refused data twice: such batches are dropped, and the next ones are tried", broker());
  freight_->delivered(number);
}

void Delivery::accept_parcel(std::uint64_t number) {
  refused_once_.erase(number);
  if (std::exchange(data_refused_, false))
    spdlog::info("{} takes data again; {} batches were dropped", broker(), counts_.dropped_parcels - dropped_before_);
  freight_->delivered(number);
}

void Delivery::subscription_answered(const std::string& refusal) {
  if (refusal.empty()) {
    refusals_.erase(of_commands);
    if (std::exchange(deaf_, false)) spdlog::info("{} lets commands through again", broker());
    return;
  }
  ++counts_.refused_subscriptions;
  note_refusal(of_commands, fmt::format("{} refuses to pass on commands: {}", broker(), refusal));
  if (std::exchange(deaf_, true)) return;
  spdlog::warn("{} refuses to pass on commands: {}; alerts go on. Check whether {} may read {}/{}/cmd/#", broker(),
               refusal, gateway_.id, gateway_.root, gateway_.id);
}

void Delivery::extra_answered(const std::string& of, const std::string& refusal) {
  if (!refusal.empty()) {
    if (note_refusal(of, refusal)) spdlog::warn("{}", refusal);
  } else if (refusals_.erase(of) > 0) {
    spdlog::info("{} takes {} now", broker(), of);
  }
}

}  // namespace fettle::delivery
