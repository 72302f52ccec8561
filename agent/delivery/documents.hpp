#pragma once

#include "core/asset.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::delivery {

/// How the gateway's clock is kept right.
enum class ClockSync : std::uint8_t { ntp, ptp, rtc, manual, none };

std::string_view name_of(ClockSync sync);

struct ClockState {
  ClockSync sync = ClockSync::none;
  std::optional<double> error_ms;  ///< absent: unknown
};

enum class GatewayMode : std::uint8_t { operational, commissioning };

/// What every document says about the gateway that wrote it.
struct GatewayFacts {
  std::string id;                   ///< topic level
  std::string root;                 ///< "fettle/v1"
  std::string software;             ///< version
  std::uint64_t configuration = 0;  ///< fingerprint of the settings; 8 hex digits are published
  ClockState clock;
  Duration heartbeat{};
  GatewayMode mode = GatewayMode::operational;

  std::string configuration_text() const;
};

std::string info_topic(const GatewayFacts& gateway);
std::string status_topic(const GatewayFacts& gateway);
std::string slot_topic(const GatewayFacts& gateway, std::string_view slot);

/// The asset's Brick class; for one that has none, "fettle:" and its equipment model.
std::string class_of(const Asset& asset);

class JsonWriter;

/// The member `clock` of alert and status.
void write_clock(JsonWriter& json, const ClockState& clock);

/// "0000000000005512": texts in this form sort like the numbers.
std::string sequence_text(std::uint64_t sequence);

/// A quantity of an asset.
struct PointFacts {
  Role role;
  Quantity quantity = Quantity::ratio;
  std::string brick;   ///< "brick:Filter_Differential_Pressure_Sensor", may be empty
  std::string source;  ///< "ahu_1_io/filter_dp modbus:1:30021"
};

/// A failure mode that is watched for.
struct ModeFacts {
  std::string mode, iso14224, action, detector;
};

/// A machine with what is known about it.
struct AssetFacts {
  Asset asset;
  std::vector<PointFacts> points;
  std::vector<ModeFacts> modes;
};

/// A change of the settings that waits.
struct HeldChange {
  std::string jti, by;  ///< of its command
  int ring = 0;         ///< which its rollout has come to
  std::optional<Time> start;
};

/// What became of the latest change of the settings.
struct ChangeReport {
  std::string jti, by;
  std::string state;      ///< "applied"
  std::uint64_t rev = 0;  ///< 0: none was given
  std::string why;        ///< it is not followed
};

/// How the latest update of the agent fares.
struct UpdateFacts {
  std::string jti, by;         ///< of its command
  std::string version, state;  ///< "requested"
  std::string why;             ///< it is not installed
};

/// The content of `info`.
struct InfoFacts {
  GatewayFacts gateway;
  std::string site, tz;
  std::vector<std::string> operations;  ///< commands that the gateway obeys
  std::vector<std::string> signed_operations;
  std::vector<AssetFacts> assets;
  std::optional<int> ring = {};  ///< absent: the last one
  std::optional<HeldChange> held = {};
  std::optional<ChangeReport> change = {};
  std::optional<UpdateFacts> update = {};
};

/// Who the gateway is. `rev` counts changes of the content, `time` is when this revision was made.
std::string info_document(const InfoFacts& facts, std::uint64_t rev, Time time);

/// The same for the same content, whenever it is rendered.
std::uint64_t info_hash(const InfoFacts& facts);

/// A slot that is not closed, and the CloudEvents id of its latest document.
struct OpenSlot {
  std::string slot, event_id;
  friend bool operator==(const OpenSlot&, const OpenSlot&) = default;
};

struct StatusFacts {
  std::uint64_t session = 0;
  Time since{}, time{};
  std::uint64_t info_rev = 0, sequence = 0, queued = 0, dropped = 0;
  std::vector<OpenSlot> open;
};

std::string online_status(const GatewayFacts& gateway, const StatusFacts& facts);
std::string offline_status(const GatewayFacts& gateway, std::uint64_t session, Time time, std::string_view reason);

/// The will: what the broker says when the gateway has fallen silent.
std::string lost_status(const GatewayFacts& gateway, std::uint64_t session);

}  // namespace fettle::delivery
