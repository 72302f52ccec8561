#pragma once

#include "core/time.hpp"
#include "delivery/broker.hpp"
#include "delivery/sparkplug_payload.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::delivery {

/// Who an edge node is in the infrastructure.
struct SparkplugName {
  std::string group, node;
};

/// The edge node of Sparkplug B 3.0 that a gateway is, with a device for each asset: what happens goes in, what is to be sent comes out, in
/// this order, one sequence for all of it. Nothing is sent before a birth or after an end; revisions of that time are kept, a bounded
/// number of them, and follow the next birth as history.
class SparkplugNode {
 public:
  /// Asset key -> its failure modes.
  using Devices = std::map<std::string, std::set<std::string>>;
  using Outgoing = std::vector<Message>;

  SparkplugNode(SparkplugName name, std::string software);

  /// "spBv1.0/{group}/NCMD/{node}", or with a device behind it.
  std::string topic(std::string_view verb, std::string_view device = {}) const;

  /// The will of a connection, and what is said before an intended end of it. `session` is the connection's bdSeq.
  Message death(std::uint8_t session, Time now) const;
  /// Node, devices and all their slots, and then what was missed.
  Outgoing birth(std::uint8_t session, Time now);
  /// The connection, or the host who listens, is gone.
  void end() { born_ = false; }
  bool is_born() const { return born_; }

  /// What there is from now on. A device that is gone dies; for anything new all are born again, as the specification wants it.
  Outgoing set_devices(const Devices& devices, Time now);
  /// The latest document of a slot from before a restart.
  void recall(const std::string& slot, std::string document);
  /// A slot has a new document.
  Outgoing revise(const std::string& slot, std::string document, Time now);

  /// The latest document of a slot, empty if it has none; null if there is no such slot.
  const std::string* document(const std::string& device, const std::string& mode) const;
  /// Revisions that were missed and could not be kept either.
  std::size_t forgotten() const { return forgotten_; }

 private:
  struct Missed {
    std::string device, mode, document;
  };

  Message message(std::string topic, Time now, std::vector<sparkplug::Metric> metrics);
  Message device_birth(const std::string& device, Time now);
  void tell_missed(Outgoing& outgoing, Time now);
  void miss(Missed revision);

  SparkplugName name_;
  std::string software_;
  bool born_ = false;
  std::uint8_t session_ = 0;
  std::uint8_t next_ = 0;                                            ///< sequence number
  std::map<std::string, std::map<std::string, std::string>> slots_;  ///< device -> mode -> latest document, or empty
  std::deque<Missed> missed_;
  std::size_t forgotten_ = 0;
};

}  // namespace fettle::delivery
