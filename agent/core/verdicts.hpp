#pragma once

#include "core/asset.hpp"
#include "core/reading.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fettle {

/// A detector's judgement of one value of an indicator (ISO 13374: state detection).
struct Finding {
  PointId point;  ///< the indicator
  Time time{};
  std::string_view rule;   ///< the detector's registered name; static text
  double evidence = 0;     ///< -log10 p: "1 in 10^evidence" if nothing had changed
  double value = 0;        ///< of the indicator
  double baseline = 0;     ///< its healthy median, learned
  std::string words = {};  ///< what was found, for people; empty: the numbers say it
};

/// How far one failure mode has come (ISO 13374: health assessment).
struct ModeHealth {
  AssetId asset;
  ModeId mode;
  PointId point;  ///< the indicator that is furthest along
  Time time{};
  double index = 0;                                     ///< 0 = as at the baseline, 1 = at the limit; within [0, 1.2]
  double value = 0, baseline = 0, warn = 0, limit = 0;  ///< of that indicator, in its unit
  double evidence = 0;
  bool absolute = false;   ///< the limits do not depend on anything learned
  bool rising = true;      ///< the limit lies above the warning
  std::string words = {};  ///< Finding::words
};

/// True if the indicator is beyond its warning limit, on the side where its limit lies.
bool beyond_warning(const ModeHealth& health);

/// True if it lies on the healthy side of the warning limit by at least a fifth of the way to the baseline, or to
/// an absolute limit if that is nearer (hysteresis).
bool well_below_warning(const ModeHealth& health);

/// All modes of one asset.
struct Health {
  AssetId asset;
  Time time{};
  std::vector<ModeHealth> modes;
};

/// When a mode will reach its limit (ISO 13381-1: prognosis). Times are points in domain time, not before `made`.
struct Prognosis {
  AssetId asset;
  ModeId mode;
  Time made{};
  Time low{}, mid{};
  std::optional<Time> high;  ///< nothing: the interval is open above
  double level = 0.8;        ///< probability that the failure lies within [low, high]
  double confidence = 0;     ///< probability that the diagnosis is right, 0..1
};

/// A part to bring.
struct Part {
  std::string sku, name;
  double quantity = 1;
};

/// What to do about a failure mode; from the equipment model.
struct Advice {
  std::string code;  ///< work type, "FILTER-REPLACE"
  std::string text;
  std::vector<std::string> skills;
  std::vector<Part> parts;
  double minutes = 0;
  bool shutdown = false;
  std::vector<std::string> safety, checks;
  Duration lead_time{};  ///< until the parts are at hand
};

enum class AlertState : std::uint8_t { active, cleared, closed };
enum class AlertKind : std::uint8_t { prediction, fault, service, system };
enum class Severity : std::uint8_t { warning, minor, major, critical };  ///< X.733, rising
enum class AlertEvent : std::uint8_t { raised, updated, cleared, returned, acked, shelved, unshelved, closed };

std::string_view name_of(AlertState state);
std::string_view name_of(AlertKind kind);
std::string_view name_of(Severity severity);
std::string_view name_of(AlertEvent event);

/// One line of an alert's history.
struct AlertLogEntry {
  int rev = 0;
  Time at{};
  AlertEvent event = AlertEvent::raised;
  std::string by, why;
};

/// One indicator as evidence. Values in the quantity's unit; trend oldest first, equally spaced by `step`, NaN where unknown.
struct EvidencePoint {
  std::string id;  ///< "AHU-07/filter_dp_norm"
  std::string brick;
  std::string label;  ///< for people: "Filter pressure drop at full speed"
  Quantity quantity = Quantity::ratio;
  double value = 0;
  std::optional<double> baseline, limit;
  std::vector<double> trend;
  Duration step{};
  Quality quality = Quality::good;
};

struct Evidence {
  Time from{}, to{};
  std::optional<double> coverage;  ///< share of the expected readings that were good, 0..1
  std::vector<EvidencePoint> points;
};

struct TimeToFailure {
  double low = 0, mid = 0;  ///< hours from changed_at
  std::optional<double> high;
  double level = 0.8;
  double confidence = 0;
  double health = 1;  ///< 1 = new, 0 = at the limit
  /// Probability that the limit is reached by then; of the same law as the interval.
  std::optional<double> within_7_days = std::nullopt, within_30_days = std::nullopt;
};

struct DetectorStamp {
  std::string id, version, method, params;
};

/// What a technician or the agent found in the end.
enum class Conclusion : std::uint8_t {
  confirmed,
  wrong_mode,
  no_fault_found,
  false_alarm,
  duplicate,
  self_cleared,
  expired
};

/// "wrong-mode", as it is published.
std::string_view name_of(Conclusion conclusion);
std::optional<Conclusion> conclusion_named(std::string_view name);

/// A record of another system: {"d365", "workorder", "WO-10417"}.
struct Reference {
  std::string system, type, id, url;
};

/// Somebody has taken it on.
struct Acknowledgement {
  std::string by;  ///< "dispatch/m.lee"
  Time at{};
  std::string note;
  std::optional<Reference> reference;
};

/// Somebody does not want to hear of it for a while.
struct Shelving {
  std::string by;
  Time at{}, until{};
  std::string reason;
};

/// What a fault wastes, against the asset's own baseline. An estimate.
struct EnergyWaste {
  double kwh = 0;  ///< from `since` to the alert's changed_at, not negative
  Time since{};
  std::optional<double> cost_per_day;  ///< at present; only with a currency
  std::string currency;                ///< ISO 4217
};

/// How an episode ended.
struct Outcome {
  Conclusion verdict = Conclusion::expired;
  std::string by;
  Time at{};
  std::string note;
  std::string mode = {};    ///< the real failure mode, where another one was reported
  std::string action = {};  ///< what was done, as Advice::code
  std::optional<bool> fixed = std::nullopt;
  std::vector<Part> parts = {};
  std::optional<double> minutes = std::nullopt;
  std::optional<Reference> reference = std::nullopt;
};

/// The state of one alert episode: everything that contract.md 6.2 puts into `data`. Written by the advisory room alone.
struct Alert {
  std::string asset;  ///< Asset::key
  std::string mode;   ///< "filter-clog"; asset/mode is the slot, and has at most one open episode
  std::string id;     ///< ULID of the episode
  int rev = 0;
  AlertState state = AlertState::active;
  AlertKind kind = AlertKind::fault;
  bool test = false;
  Severity severity = Severity::warning;
  int priority = 4;  ///< 1 today, 2 this week, 3 next visit, 4 information
  std::string title, text, customer_note;
  Time raised_at{}, changed_at{};
  std::optional<Time> cleared_at, closed_at, dispatch_by;
  int count = 1;  ///< returns within one episode
  std::string parent, previous;
  std::string part;  ///< component of the asset, "supply filter"
  std::string iso14224, cause, effect;
  std::optional<TimeToFailure> prognosis;
  std::optional<DetectorStamp> detector;
  std::optional<Evidence> evidence;
  std::optional<Advice> advice;
  std::optional<Acknowledgement> ack;
  std::optional<Shelving> shelved;
  std::optional<EnergyWaste> energy;
  std::optional<Outcome> outcome;
  std::vector<AlertLogEntry> log;

  std::string slot() const { return asset + "/" + mode; }
};

/// True for a failure code as ISO 14224 writes them: three capital letters, such as VIB.
bool is_iso14224(std::string_view code);

/// True if a back office should open a work order for it (contract.md 6.6).
bool dispatch_grade(const Alert& alert);

}  // namespace fettle
