#pragma once

#include "field/measured.hpp"
#include "support/child.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace fettle::bench {

/// What a rival is to do: the holding registers 0 to n - 1 of unit 1 of each server, once a second, to the broker at QoS 1.
struct Task {
  std::vector<unsigned short> servers;
  std::size_t registers = 100;
  unsigned short broker = 0;
};

/// collectd with its plugins modbus and mqtt. The plugin modbus asks for one register at a time.
test::Child start_collectd(const test::TempDir& folder, const Task& task);
/// "collectd 5.12.0".
std::string version_of_collectd();
void read_collectd(std::string_view topic, std::string_view payload, DistinctReadings& readings);

/// Node-RED with node-red-contrib-modbus, from where npm has put them.
test::Child start_nodered(const test::TempDir& folder, const std::filesystem::path& installed, const Task& task);
std::string version_of_nodered(const std::filesystem::path& installed);
void read_nodered(std::string_view topic, std::string_view payload, DistinctReadings& readings);

}  // namespace fettle::bench
