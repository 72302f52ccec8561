#pragma once

#include "field/broker_ear.hpp"
#include "support/child.hpp"
#include "support/temp_dir.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace fettle::bench {

/// What a site file is made of here: one device a server, all with the same number of registers, each a point of its own.
struct SitePlan {
  std::vector<unsigned short> servers;
  std::size_t registers = 100;
  std::vector<int> units{1};  ///< behind each server
  unsigned short broker = 0;
  bool is_judged = true;  ///< each point is the indicator of a failure mode, with limits that it never reaches
};

/// Writes the site with its profile and its equipment model into the folder; returns the site file.
std::string write_site(const test::TempDir& folder, const SitePlan& plan);

/// `fettle run` on such a site, and what it publishes.
class RunningSite {
 public:
  explicit RunningSite(const SitePlan& plan);

  pid_t pid() const { return agent_.pid(); }
  const std::string& output() { return agent_.output(); }

 private:
  test::TempDir folder_;
  test::Child agent_;
};

/// One value of a telemetry document.
struct PublishedValue {
  std::string device, point;
  std::optional<double> value;
  std::string quality, time;
};

std::vector<PublishedValue> values_in(std::string_view document);

/// The filter for all telemetry, and for no other document.
inline constexpr const char* telemetry_filter = "fettle/v1/+/data/#";

}  // namespace fettle::bench
