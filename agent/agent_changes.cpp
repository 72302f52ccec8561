#include "agent.hpp"
#include "site_change.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

// What commands and signals change about the running agent: its settings, its certificate, itself.

namespace fettle {
namespace {

/// Within which new settings have to reach the broker.
constexpr Duration trial = std::chrono::minutes{5};

}  // namespace

Desk Agent::desk() {
  Desk desk{*works_, *ledger_, history_.get(), commissioning_, patches_, host_requests_, clock_.now()};
  desk.tell_info = [this] { publish_info(); };
  desk.resend_info = [this] { delivery_->resend_info(); };
  desk.resend_status = [this] {
    apply_mode(clock_.now());
    delivery_->resend_status();
  };
  desk.resend_alerts = [this] { delivery_->alerts_changed(); };
  desk.restart = [this] { stop(Ending::restart); };
  desk.restart_host = [this] {
    if (const auto asked = host_requests_.restart_host(); !asked) spdlog::error("{}", asked.error().detail);
  };
  desk.keep_learned = [this] { keep_learned(); };
  desk.rotate = [this] { rotate(); };
  desk.can_rotate = delivery_->can_rotate();
  desk.reconfigure = [this](SitePatches patches) { reconfigure(std::move(patches)); };
  desk.note_patches = [this](SitePatches patches) { note_patches(std::move(patches)); };
  desk.diagnosis = [this] { return diagnosis(); };
  return desk;
}

void Agent::reconfigure(SitePatches patches) {
  if (stopping_) return;
  try {
    auto installation = load_installation(works_->installation.site.file, patches);
    const bool former_on_trial = patches_.on_trial.has_value();
    begin_trial(std::move(patches));
    follow(std::move(installation), former_on_trial);
  } catch (const settings::SettingsError& error) {
    spdlog::error("the settings cannot be changed: {}", error.what());
  }
}

void Agent::note_patches(SitePatches patches) {
  patches_ = std::move(patches);
  publish_info();
}

void Agent::keep_patches(const SitePatches& patches) {
  const auto saved = save_patches(works_->installation.site.store, patches);
  if (!saved) spdlog::error("{}", saved.error().detail);
}

/// A change that has waited for its ring and its start is laid over the settings. They may be others than when it came.
void Agent::release_held(Time now) {
  const auto& installation = works_->installation;
  if (!patches_.held->waits_for(installation.site.gateway.rollout_ring(), now).empty()) return;
  const auto due = *std::exchange(patches_.held, std::nullopt);
  auto changed = patches_;
  changed.add(due.patch);
  const bool is_stale = due.if_rev && *due.if_rev != patches_.rev();
  const auto then = is_stale ? failure(Fault::refused, fmt::format("the settings are at revision {}", patches_.rev()))
                             : patched_installation(installation, changed);
  if (then) {
    spdlog::info("the change of {} is due", due.patch.by);
    keep_patches(changed);
    return reconfigure(std::move(changed));
  }
  spdlog::error("the change of {} is due, and cannot be followed: {}", due.patch.by, then.error().detail);
  patches_.reject(due.patch, then.error().detail);
  keep_patches(patches_);
  publish_info();
}

bool Agent::has_terminal() { return ::isatty(STDERR_FILENO) == 1; }

/// A terminal that is closed sends the same signal as an installer who wants the site file to be read again.
void Agent::await_hangup() {
  hangup_.async_wait([this](const boost::system::error_code& error, int) {
    if (error || stopping_) return;
    if (on_terminal_ && !has_terminal()) return stop(Ending::stopped);
    service_manager_.reloading();
    reload();
    service_manager_.ready(work());
    await_hangup();
  });
}

/// Follows the site file as it is now, with the patches that lie in the store. It is followed as a whole or not at all.
void Agent::reload() {
  const auto& now = works_->installation;
  spdlog::info("SIGHUP: reading {} again", now.site.file);
  settings::Mistakes mistakes;
  try {
    auto patches = load_patches(now.site.store);
    if (!patches) mistakes.add({{patches_file(now.site.store), 1, 1}, {}, patches.error().detail});
    auto then = load_installation(now.site.file, patches ? *patches : patches_);
    if (const auto lasting = lasting_change(now, then))
      mistakes.add(*lasting, "cannot change while the agent runs (restart it for that)");
    if (leaves_out_more(now, then)) {
      for (const auto& mistake : then.confined.all()) mistakes.add(mistake);
    }
    if (!mistakes.empty()) return refuse_site_file(mistakes);
    for (const auto& mistake : then.confined.all()) spdlog::error("left out: {}", settings::to_text(mistake));
    refused_settings_.clear();
    // The keys of requesters lie in files of their own.
    if (then.fingerprint == now.fingerprint && !then.site.commands) return spdlog::info("nothing has changed in it");
    const bool former_on_trial = patches_.on_trial.has_value();
    if (patches->rev() != patches_.rev()) begin_trial(std::move(*patches));
    follow(std::move(then), former_on_trial);
  } catch (const settings::SettingsError& error) {
    refuse_site_file(error.mistakes());
  }
}

void Agent::refuse_site_file(const settings::Mistakes& mistakes) {
  refused_settings_.clear();
  for (const auto& mistake : mistakes.all()) {
    const auto text = settings::to_text(mistake);
    spdlog::error("refused: {}", text);
    refused_settings_ += (refused_settings_.empty() ? "" : "\n") + text;
  }
  spdlog::error("the former settings stay, because the changed ones cannot be followed");
}

/// Goes on under other settings. Buses that they do not concern keep polling meanwhile.
void Agent::follow(Installation installation, bool former_on_trial) {
  const auto now = clock_.now();
  if (!former_on_trial) keep_learned();
  refused_settings_.clear();
  auto former = std::exchange(works_, std::make_unique<Works>(std::move(installation)));
  const bool same_broker =
      fingerprint_of(former->installation.site.broker, 0) == fingerprint_of(works_->installation.site.broker, 0) &&
      former->installation.site.location.site == works_->installation.site.location.site;
  broker_ = broker_settings(works_->installation);
  gateway_ = gateway_facts(works_->installation, broker_);
  publisher_.set_works(*works_);
  publisher_.set_gateway(gateway_);
  auto orphans = works_->inherit(*former);
  recall_outcomes();
  recall_learned(*former);
  for (auto& orphan : orphans) publisher_.close_orphan(std::move(orphan), now);
  recall_unfollowed();
  if (history_) history_->flush(now);
  history_.reset();
  start_history();
  set_clock();
  if (time_known_) begin_mode(now);
  buses_.follow(works_->installation);
  recall_quality();
  works_->installation.forget_files();
  tidying_.expect();
  spdlog::info("the settings are now configuration {}: {} devices on {} buses", gateway_.configuration_text(),
               works_->installation.devices.size(), buses_.size());
  // Commands are obeyed by other rules, or by other keys: their desk is made with the delivery.
  const bool commanded = former->installation.site.commands || works_->installation.site.commands;
  if (same_broker && !commanded && delivery_ && !telemetry_ && !works_->installation.telemetry) {
    delivery_->set_gateway(gateway_);
    return publish_info();
  }
  follow_telemetry();
  if (!delivery_) return start_delivery();
  stop_delivery([this] { start_delivery(); });
}

void Agent::begin_trial(SitePatches patches) {
  patches_ = std::move(patches);
  trial_ends_ = std::chrono::steady_clock::now() + clock_.real(trial);
}

/// Readings have other places now. What the former telemetry had not delivered waits on the disk, and goes first.
void Agent::follow_telemetry() {
  if (telemetry_) telemetry_->stop();
  former_telemetry_ = std::move(telemetry_);
  start_telemetry();
}

/// Connects with the certificate that lies ready; how it ended is in the log and in diag.
void Agent::rotate() {
  delivery_->rotate([this](const Result<void>& result) {
    rotation_ = result ? "rotated at " + to_rfc3339(clock_.now()) : result.error().detail;
    if (result) return spdlog::info("the broker has taken the new certificate");
    spdlog::error("the certificate stays as it was: {}", rotation_);
  });
}

/// A change has proved itself when the broker has answered the info document that tells of it. It may refuse it: what it takes is its own
/// matter, and it can be reached.
void Agent::try_out() {
  const bool reached = !works_->installation.site.broker || (delivery_ && delivery_->has_reached_broker());
  if (reached) {
    patches_.keep();
    keep_patches(patches_);
    publish_info();
    return spdlog::info("patch {} of the settings is kept: the broker was reached with it", patches_.rev());
  }
  if (std::chrono::steady_clock::now() >= trial_ends_) roll_back();
}

void Agent::roll_back() {
  constexpr auto why = "the broker was not reached within five minutes";
  spdlog::error("patch {} of the settings is taken back: {}", patches_.rev(), why);
  auto patches = patches_;
  patches.take_back(why);
  keep_patches(patches);
  reconfigure(std::move(patches));
}

}  // namespace fettle
