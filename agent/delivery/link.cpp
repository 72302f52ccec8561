#include "delivery/link.hpp"

#include "core/clock.hpp"
#include "core/day.hpp"
#include "delivery/rotation.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <random>
#include <utility>

namespace fettle::delivery {

using std::chrono::milliseconds;

namespace {

/// Once or twice is what networks do.
constexpr int most_early_ends = 2;

/// The reason, and what is wrong with the dates of our certificate: whatever a broker says, that is why.
std::string with_our_dates(const std::string& reason, const TlsFiles& files) {
  const auto own = read_certificate(files.certificate);
  const auto now = DomainClock{}.now();
  if (!own || (own->valid_from <= now && now < own->expires)) return reason;
  const bool is_over = own->expires <= now;
  return fmt::format("{}; the certificate {} {} {}, and it is {} here", reason, files.certificate,
                     is_over ? "has expired on" : "is not valid before",
                     to_day(is_over ? own->expires : own->valid_from), to_day(now));
}

}  // namespace

Link::Link(boost::asio::io_context& home, const BrokerSettings& settings, std::string name, LinkUser& user,
           const MakeBroker& make_broker, const DeliveryTimes& times)
    : settings_{settings},
      name_{std::move(name)},
      user_{user},
      times_{times},
      retry_{home.get_executor()},
      watchdog_{home.get_executor()},
      return_{home.get_executor()},
      proof_{home.get_executor()},
      backoff_{times.first_retry, times.longest_retry, std::random_device{}()},
      alive_{std::make_shared<const bool>(true)},
      broker_{make_broker(*this)} {}

Link::~Link() = default;

void Link::start() { attempt(); }

void Link::attempt() {
  if (state_ != State::down) return;
  state_ = State::connecting;
  watchdog_.run_after(times_.connect_deadline, alive_, this, &Link::give_up);
  broker_->connect({address(), is_on_probation() ? trial_->files : settings_.tls, user_.last_words()});
}

void Link::give_up() {
  if (state_ == State::connecting) connection_lost("no answer");
}

void Link::connected(const Welcome& welcome) {
  if (state_ != State::connecting) return;
  watchdog_.cancel();
  if (is_on_probation()) {
    const auto exchanged = exchange_pair(settings_.tls, trial_->files);
    if (!exchanged) return reject_certificate(exchanged.error());
    trial_->verdict = exchanged;
  }
  state_ = State::up;
  answered_ = held_ = of_use_ = returning_ = false;
  proof_.run_after(times_.soon, alive_, this, &Link::hold);
  if (place_ != 0 && times_.return_after.count() > 0)
    return_.run_after(times_.return_after, alive_, this, &Link::return_to_first);
  user_.link_up(welcome);
  tell_verdict();
}

void Link::connection_lost(const std::string& reason) {
  if (state_ == State::down) return;
  if (state_ == State::leaving) return user_.link_left();
  if (is_on_probation()) return reject_certificate(failure(Fault::refused, address().url() + ": " + reason));
  const bool only_looked = std::exchange(returning_, false);
  if (!only_looked && !std::exchange(outage_told_, true)) {
    user_.outage_began(address().url() + ": " + with_our_dates(reason, settings_.tls));
  }
  const bool was_of_use = is_up() && of_use_;
  if (is_up()) note_end(reason);
  drop();
  retry_.run_after(wait_before_next(was_of_use), alive_, this, &Link::attempt);
  tell_verdict();
}

void Link::rejected(const std::string& reason) {
  if (!is_on_probation()) user_.link_rejected(address().url() + ": " + with_our_dates(reason, settings_.tls));
  connection_lost(reason);
}

void Link::login_expires() {
  if (state_ != State::up || trial_) return;
  spdlog::debug("connecting to {} anew, with a fresh login", address().url());
  broker_->disconnect();
  drop();
  attempt();
}

/// Whatever there was is over, and nothing is planned.
void Link::drop() {
  retry_.cancel();
  watchdog_.cancel();
  return_.cancel();
  proof_.cancel();
  if (std::exchange(state_, State::down) == State::up) user_.link_down();
}

milliseconds Link::wait_before_next(bool was_of_use) {
  if (was_of_use) {
    place_ = 0;
    return settings_.reconnect_within.count() > 0 ? backoff_.within(settings_.reconnect_within) : backoff_.next();
  }
  place_ = (place_ + 1) % settings_.addresses.size();
  return place_ == 0 ? backoff_.next() : milliseconds{0};
}

void Link::note_end(const std::string& reason) {
  const bool is_known_why = user_.link_broken(reason);
  early_ends_ = of_use_ || is_known_why ? 0 : early_ends_ + 1;
  if (early_ends_ <= most_early_ends) return;
  auto what = fmt::format(
      "{} lets us in and throws us out soon after, each time: {}; check what {} may do there, and "
      "that nobody else goes by its name",
      address().url(), reason, name_);
  if (early_ends_ == most_early_ends + 1) spdlog::warn("{}", what);
  user_.link_rejected(what);
}

void Link::published(std::uint64_t token) {
  answered_ = true;
  prove();
  user_.message_published(token);
}

void Link::subscribed(const std::string& refusal) {
  answered_ = true;
  prove();
  user_.subscription_answered(refusal);
}

void Link::hold() {
  held_ = true;
  prove();
}

void Link::prove() {
  if (!is_up() || !answered_ || !held_ || std::exchange(of_use_, true)) return;
  backoff_.succeeded();
  outage_told_ = false;
  early_ends_ = 0;
  user_.link_proved();
}

void Link::return_to_first() {
  if (state_ != State::up || trial_) return;
  spdlog::debug("leaving {} to try {} again", address().url(), settings_.addresses.front().url());
  broker_->disconnect();
  drop();
  place_ = 0;
  returning_ = true;  // as long as it is away, nobody wants to read about each of these attempts
  attempt();
}

void Link::move_on() {
  if (state_ != State::up || trial_) return;
  broker_->disconnect();
  drop();
  retry_.run_after(wait_before_next(false), alive_, this, &Link::attempt);
}

void Link::leave() {
  retry_.cancel();
  watchdog_.cancel();
  return_.cancel();
  proof_.cancel();
  state_ = State::leaving;
  if (trial_ && !trial_->verdict) trial_->verdict = failure(Fault::offline, "the agent stops");
  tell_verdict();
}

void Link::end() { broker_->disconnect(); }

Result<void> Link::can_rotate() const {
  if (trial_) return failure(Fault::refused, "another rotation is not finished yet");
  if (settings_.incoming.empty()) {
    return failure(Fault::unsupported, "broker.tls.incoming names no folder for new certificates");
  }
  return check_successor(settings_.tls, incoming_pair(settings_), name_, DomainClock{}.now());
}

void Link::rotate(Done done) {
  if (const auto fit = can_rotate(); !fit || state_ == State::leaving) {
    return done(fit ? failure(Fault::offline, "the agent stops") : fit);
  }
  trial_ = Trial{incoming_pair(settings_), std::move(done), std::nullopt};
  broker_->disconnect();
  drop();
  attempt();
}

/// Back to the old one; the rest is told when that connection has been made, or has not.
void Link::reject_certificate(const Error& error) {
  trial_->verdict = error;
  broker_->disconnect();
  drop();
  attempt();
}

void Link::tell_verdict() {
  if (!trial_ || !trial_->verdict) return;
  const auto trial = std::move(*trial_);
  trial_.reset();
  if (*trial.verdict) {
    remove_pair(trial.files);
    spdlog::info("the broker has welcomed the new certificate; it is in place as {}", settings_.tls.certificate);
  } else {
    spdlog::warn("the new certificate is not used: {}", trial.verdict->error().detail);
  }
  trial.done(*trial.verdict);
}

}  // namespace fettle::delivery
