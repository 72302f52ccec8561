#pragma once

#include "core/result.hpp"

#include <optional>
#include <string>

namespace fettle {

/// An update that the back office wants.
struct UpdateOrder {
  std::string jti, by;  ///< of its command
  std::string version, url;
  std::string sha256;  ///< of the package at `url`, 64 hex digits
};

/// How the latest update fares.
struct UpdateReport {
  std::string jti, by, version, sha256;
  std::string state;  ///< as `info` says it: requested, installed, refused, rolled-back
  std::string why;    ///< it is not installed
};

/// What the back office wants of the gateway's host. The agent may not touch that: it leaves a request in its store, and whoever may
/// (cross/debian/update) looks for it there, carries it out, and leaves word. Survives a restart.
class HostRequests {
 public:
  explicit HostRequests(std::string store_folder);

  /// The last one that was asked for; nothing if none ever was.
  const std::optional<UpdateReport>& latest() const { return latest_; }
  bool is_updating() const { return latest_ && latest_->state == "requested"; }

  Result<void> update(const UpdateOrder& order);
  Result<void> restart_host();

  /// True if there is news of the latest update. A request that nobody takes is taken back after ten minutes; of one that was taken, word
  /// is waited for for an hour.
  bool look();

 private:
  Result<void> request(const std::string& text) const;
  bool end(std::string state, std::string why);
  bool take_back_what_nobody_takes();
  Result<void> keep() const;
  std::string file(const char* name) const;

  std::string store_;
  std::optional<UpdateReport> latest_;
};

}  // namespace fettle
