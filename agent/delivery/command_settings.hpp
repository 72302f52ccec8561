#pragma once

#include "delivery/jws.hpp"
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
  std::vector<PublicKey> keys;                    ///< of which one must have signed a maintenance operation
};

/// `commands:` of a site file. Absent: anybody the broker lets through may use the read and service operations, nobody maintenance.
struct CommandSettings {
  bool anybody = true;  ///< requesters that are not listed may use the read and service operations
  std::map<std::string, Requester, std::less<>> requesters;
  int rate_per_minute = 10;  ///< of one requester
};

/// Reads them, and every key from its file. Mistakes are recorded. A missing node gives the defaults.
CommandSettings read_commands(const settings::Node& node, settings::Mistakes& mistakes);

}  // namespace fettle::delivery
