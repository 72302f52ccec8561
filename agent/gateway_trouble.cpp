#include "gateway_trouble.hpp"

#include "core/day.hpp"

#include <fmt/format.h>
#include <array>

namespace fettle {
namespace {

using advisory::Trouble;
using namespace std::chrono_literals;

constexpr Duration expiry_notice = Days{30};  ///< contract 3.4
constexpr Duration expiry_urgent = Days{7};
constexpr Duration sync_patience = 1h;
constexpr Duration refusal_patience = 5min;
constexpr double least_share = 0.05;
constexpr double least_bytes = 50e6;
constexpr double relief = 1.2;  ///< so much better than the limit it has to be before the alert is taken back

const GatewayOpinion all_is_well{};
const GatewayOpinion unknown{false, {}};

GatewayOpinion wrong(Severity severity, std::string title, std::string text) {
  return {true, Trouble{severity, std::move(title), std::move(text)}};
}

GatewayOpinion judge_settings(const GatewayScene& scene) {
  const auto& refused = scene.vitals.refused_settings;
  if (!refused.empty())
    return wrong(Severity::major, "The changed site file cannot be used; the former settings stay",
                 "Run `fettle check` on the gateway, mend the file and send the agent SIGHUP. " + refused);
  if (scene.left_out.empty()) return all_is_well;
  return wrong(Severity::major, "Part of the settings cannot be used and was left out",
               "Run `fettle check` on the gateway. " + scene.left_out);
}

GatewayOpinion judge_certificate(const GatewayScene& scene) {
  const auto& vitals = scene.vitals;
  if (vitals.certificate_file.empty()) return all_is_well;
  if (!vitals.certificate_expiry) return unknown;
  const auto left = *vitals.certificate_expiry - scene.now;
  if (left > expiry_notice) return all_is_well;
  const auto whose =
      vitals.certificate_subject.empty() ? std::string{} : fmt::format(" of {}", vitals.certificate_subject);
  const auto text = fmt::format(
      "{} is the certificate{} and valid until {}. Afterwards the broker refuses this gateway, and alerts stay in its "
      "journal. Put a new certificate and its key into the folder for new certificates and send `rotate`, or replace "
      "the files and restart the agent.",
      vitals.certificate_file, whose, to_rfc3339(*vitals.certificate_expiry));
  const auto day = to_day(*vitals.certificate_expiry);
  if (left <= Duration{0}) return wrong(Severity::critical, "The gateway's certificate expired on " + day, text);
  return wrong(left <= expiry_urgent ? Severity::major : Severity::minor, "The gateway's certificate expires on " + day,
               text);
}

GatewayOpinion judge_clock(const GatewayScene& scene) {
  if (!scene.unsynced_since) return all_is_well;
  // After a restart the hour begins anew, and an alert that is up stays up.
  if (scene.now - *scene.unsynced_since <= sync_patience) return scene.active ? unknown : all_is_well;
  return wrong(Severity::minor, "The gateway's clock is not synchronised",
               fmt::format("No time server has been followed since {}; times in documents may be wrong, and signed "
                           "commands are refused. Check the network's way to a time server (`timedatectl status`), or "
                           "set `gateway.clock: trust` if another source keeps the clock right.",
                           to_rfc3339(*scene.unsynced_since)));
}

GatewayOpinion judge_broker(const GatewayScene& scene) {
  const auto& vitals = scene.vitals;
  if (!vitals.broker_refuses_since) return vitals.broker_connected ? all_is_well : unknown;
  if (scene.now - *vitals.broker_refuses_since < refusal_patience) return scene.active ? unknown : all_is_well;
  return wrong(
      Severity::major, "The broker does not take what this gateway sends",
      fmt::format("Since {}: {}. What it does not take is kept and tried again. `fettle doctor` on the gateway "
                  "checks name, certificate and login; what the gateway may publish is set at the broker.",
                  to_rfc3339(*vitals.broker_refuses_since), vitals.broker_refusal));
}

GatewayOpinion judge_disk(const GatewayScene& scene) {
  const auto& vitals = scene.vitals;
  if (!vitals.free_bytes || !vitals.total_bytes || *vitals.total_bytes == 0) return unknown;
  const auto free = static_cast<double>(*vitals.free_bytes);
  const auto total = static_cast<double>(*vitals.total_bytes);
  const double margin = scene.active ? relief : 1;
  if (free >= total * least_share * margin && free >= least_bytes * margin) return all_is_well;
  return wrong(
      Severity::major, "The gateway's disk is almost full",
      fmt::format("{} of {} are free on the file system of {}. When it is full, alerts are kept in memory only "
                  "and a restart would lose them. Remove what is not needed there, or give `store.history.size` a "
                  "smaller value.",
                  bytes_text(*vitals.free_bytes), bytes_text(*vitals.total_bytes), vitals.store_folder));
}

GatewayOpinion judge_store(const GatewayScene& scene) {
  const auto& vitals = scene.vitals;
  if (vitals.store_trouble.empty()) return all_is_well;
  return wrong(
      Severity::critical, "The gateway cannot write its journal",
      fmt::format("{}. Until that is mended, alerts are kept in memory and sent, but a restart would lose them. "
                  "Check that the disk of {} is there, writable, sound and not full.",
                  vitals.store_trouble, vitals.store_folder));
}

GatewayOpinion judge_wear(const GatewayScene& scene) {
  const auto& vitals = scene.vitals;
  const auto budget = static_cast<double>(vitals.writes_budget);
  const double limit = scene.active ? budget / relief : budget;
  if (vitals.writes_budget == 0 || static_cast<double>(vitals.written_per_day) <= limit) return all_is_well;
  return wrong(
      Severity::warning, "The gateway writes more to its disk than it should",
      fmt::format("{} in the last 24 hours, against a budget of {} (`store.writes_per_day`). Flash memory wears "
                  "out by writing. Let devices be read less often, keep less history or telemetry, or raise the "
                  "budget if the disk is made for it.",
                  bytes_text(vitals.written_per_day), bytes_text(vitals.writes_budget)));
}

constexpr std::array<GatewayMode, 7> modes{{{"config-invalid", "settings", judge_settings},
                                            {"cert-expiry", "certificate", judge_certificate},
                                            {"clock-unsynced", "clock", judge_clock},
                                            {"broker-refusal", "broker", judge_broker},
                                            {"disk-low", "disk", judge_disk},
                                            {"store-failed", "journal", judge_store},
                                            {"flash-budget", "disk", judge_wear}}};

}  // namespace

std::span<const GatewayMode> gateway_modes() { return modes; }

std::string bytes_text(std::uint64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (value >= 1e9) return fmt::format("{:.1f} GB", value / 1e9);
  if (value >= 1e6) return fmt::format("{:.1f} MB", value / 1e6);
  if (value >= 1e3) return fmt::format("{:.1f} kB", value / 1e3);
  return fmt::format("{} bytes", bytes);
}

}  // namespace fettle
