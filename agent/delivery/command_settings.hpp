#pragma once

#include "settings/node.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace fettle::delivery {

/// Somebody who may send commands. The broker vouches for the name, which is a level of the topic.
struct Requester {
  std::string name;
  std::set<std::string, std::less<>> operations;  ///< that it may ask for
  std::vector<std::string> keys;                  ///< PEM files of public keys for signed commands: P-256 or Ed25519
};

/// `commands:` of a site file. Absent: anybody the broker lets through may use the read and service operations, nobody maintenance.
struct CommandSettings {
  bool anybody = true;  ///< requesters that are not listed may use the read and service operations
  std::map<std::string, Requester, std::less<>> requesters;
  int rate_per_minute = 10;  ///< of one requester
};

/// Reads them; every key file is tried. Mistakes are recorded.
CommandSettings read_commands(const settings::Node& node, settings::Mistakes& mistakes);

}  // namespace fettle::delivery
