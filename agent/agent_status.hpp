#pragma once

#include "core/time.hpp"
#include "delivery/documents.hpp"
#include "field.hpp"
#include "vitals.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fettle {

/// A moment that is RFC 3339 in JSON.
struct Stamp {
  Time at{};
  friend bool operator==(Stamp, Stamp) = default;
};

void tag_invoke(const boost::json::value_from_tag&, boost::json::value& json, const Stamp& stamp);
Stamp tag_invoke(const boost::json::value_to_tag<Stamp>&, const boost::json::value& json);

/// How a device gets on with its wire, counted since its line was made.
struct LineStatus {
  std::uint64_t requests = 0, answers = 0, refusals = 0, timeouts = 0, malformed = 0, noise = 0;
  double latency_p50 = 0, latency_p95 = 0;    ///< milliseconds
  double busy = 0;                            ///< milliseconds that the wire was taken
  std::optional<double> load = std::nullopt;  ///< share of the wire's time; see mark_loads()
};

/// What `fettle status` tells of a device; the names of these members are those of the JSON.
struct DeviceStatus {
  std::string device;
  bool answering = false;
  std::optional<Stamp> silent_since;
  std::string trouble;  ///< why it does not answer
  std::uint64_t polls = 0, failed = 0, skipped = 0;
  double milliseconds = 0;                        ///< that the last poll took
  std::optional<LineStatus> line = std::nullopt;  ///< nothing if the protocol counts nothing
};

struct BusStatus {
  std::string bus;
  bool answering = false;
  std::optional<Stamp> silent_since;
  std::vector<DeviceStatus> devices;
  std::vector<std::string> hints = {};  ///< what the line's quality suggests; see line_hints()
};

struct BrokerStatus {
  std::string url;  ///< empty: none in the settings
  bool connected = false;
  std::optional<Stamp> since;  ///< of the connection, or of its loss
  std::uint64_t session = 0, queued = 0, dropped = 0;
};

struct ClockStatus {
  std::string sync = "none";
  std::optional<double> error_ms;
};

/// A failure mode that is followed.
struct ModeStatus {
  std::string asset, mode;
  std::optional<double> learned;  ///< share of the learning that is done; absent: unknown
};

/// Open alerts by severity.
struct AlertCounts {
  std::uint64_t critical = 0, major = 0, minor = 0, warning = 0;
  std::uint64_t total() const { return critical + major + minor + warning; }
};

struct FileStatus {
  std::string file;
  std::uint64_t bytes = 0;
};

struct StoreStatus {
  std::string folder;
  std::string trouble;  ///< why it cannot be written; empty: it can
  std::vector<FileStatus> files;
  std::optional<std::uint64_t> free_bytes;
  std::uint64_t written_today = 0, written_per_day = 0, writes_budget = 0;
  std::optional<std::uint64_t> bytes_per_alert;  ///< written for one revision, on the average since the start
};

struct TelemetryStatus {
  bool on = false;
  std::uint64_t buffered = 0, dropped = 0;
};

/// How the running agent fares: what it answers to `{"op":"status"}` at its local door.
struct AgentStatus {
  std::string version, gateway, site;
  Stamp now, since;  ///< the agent's clock; when it was started
  bool commissioning = false;
  std::optional<Stamp> commissioning_until;
  BrokerStatus broker;
  ClockStatus clock;
  std::vector<BusStatus> buses;
  std::vector<ModeStatus> modes;
  AlertCounts alerts;
  StoreStatus store;
  std::uint64_t resident_memory = 0;
  TelemetryStatus telemetry;
  std::vector<std::string> recent_errors;  ///< the latest last
};

std::string to_json(const AgentStatus& status);
/// Nothing if it is the answer of another version's agent, or none at all.
std::optional<AgentStatus> parse_agent_status(const std::string& json);

/// What the watches know of the buses.
std::vector<BusStatus> bus_status(const Installation& installation, const std::vector<BusWatch>& buses);
/// Says of each device which share of its wire's time it took in so many real milliseconds since its line was made.
void mark_loads(std::vector<BusStatus>& buses, double milliseconds);
/// The clock as documents tell it.
ClockStatus clock_status(const delivery::ClockState& clock);
/// The store as vitals know it, with the sizes of the files in its folder.
StoreStatus store_status(const Vitals& vitals);

BOOST_DESCRIBE_STRUCT(LineStatus, (),
                      (requests, answers, refusals, timeouts, malformed, noise, latency_p50, latency_p95, busy, load))
BOOST_DESCRIBE_STRUCT(DeviceStatus, (),
                      (device, answering, silent_since, trouble, polls, failed, skipped, milliseconds, line))
BOOST_DESCRIBE_STRUCT(BusStatus, (), (bus, answering, silent_since, devices, hints))
BOOST_DESCRIBE_STRUCT(BrokerStatus, (), (url, connected, since, session, queued, dropped))
BOOST_DESCRIBE_STRUCT(ClockStatus, (), (sync, error_ms))
BOOST_DESCRIBE_STRUCT(ModeStatus, (), (asset, mode, learned))
BOOST_DESCRIBE_STRUCT(AlertCounts, (), (critical, major, minor, warning))
BOOST_DESCRIBE_STRUCT(FileStatus, (), (file, bytes))
BOOST_DESCRIBE_STRUCT(StoreStatus, (),
                      (folder, trouble, files, free_bytes, written_today, written_per_day, writes_budget,
                       bytes_per_alert))
BOOST_DESCRIBE_STRUCT(TelemetryStatus, (), (on, buffered, dropped))
BOOST_DESCRIBE_STRUCT(AgentStatus, (),
                      (version, gateway, site, now, since, commissioning, commissioning_until, broker, clock, buses,
                       modes, alerts, store, resident_memory, telemetry, recent_errors))

}  // namespace fettle
