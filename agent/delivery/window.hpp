#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fettle::delivery {

enum class Cargo : std::uint8_t { info, status, alert, withdrawal, farewell, answer, data };

/// A message that the broker has not acknowledged yet.
struct InFlight {
  Cargo cargo = Cargo::status;
  std::string slot, id;   ///< of an alert or a withdrawal
  std::uint64_t rev = 0;  ///< of an alert or the info; the number of a parcel of data
  std::chrono::steady_clock::time_point sent{};
};

/// The messages in flight, never more than the broker wants to have: beyond its Receive Maximum Paho slows to a crawl.
class Window {
 public:
  void open(std::size_t size) {
    flying_.clear();
    size_ = size;
  }
  void close() { open(0); }
  /// Whoever ends the connection then means the one that flies.
  void let_fly_alone(bool alone) { alone_ = alone; }

  bool has_room() const { return flying_.size() < size(); }
  std::size_t size() const { return alone_ ? std::min<std::size_t>(size_, 1) : size_; }
  std::uint64_t add(InFlight message) {
    message.sent = std::chrono::steady_clock::now();
    flying_.emplace(++last_token_, std::move(message));
    return last_token_;
  }
  /// Nothing for a token of an earlier connection.
  std::optional<InFlight> take(std::uint64_t token) {
    const auto found = flying_.find(token);
    if (found == flying_.end()) return std::nullopt;
    auto message = std::move(found->second);
    flying_.erase(found);
    return message;
  }
  /// What was sent since then.
  std::vector<InFlight> sent_since(std::chrono::steady_clock::time_point moment) const {
    std::vector<InFlight> result;
    for (const auto& [token, message] : flying_) {
      if (message.sent >= moment) result.push_back(message);
    }
    return result;
  }
  bool has(Cargo cargo) const { return count(cargo) > 0; }
  std::size_t count(Cargo cargo) const {
    return static_cast<std::size_t>(std::count_if(flying_.begin(), flying_.end(),
                                                  [cargo](const auto& each) { return each.second.cargo == cargo; }));
  }
  bool has_slot(const std::string& slot) const {
    for (const auto& [token, message] : flying_) {
      if (message.slot == slot) return true;
    }
    return false;
  }

 private:
  std::map<std::uint64_t, InFlight> flying_;
  std::size_t size_ = 0;
  bool alone_ = false;
  std::uint64_t last_token_ = 0;
};

}  // namespace fettle::delivery
