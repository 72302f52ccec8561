#pragma once

#include "operations/arguments.hpp"
#include "operations/operation.hpp"

namespace fettle::operations {

/// Finds the open episode a command is about. A Deed instead if there is none: 404 for an id nobody knows, 409 for one that is closed.
struct FoundEpisode {
  advisory::Episode* episode = nullptr;
  Deed refused = {};
};
FoundEpisode find_open(Desk& desk, const std::string& id);

/// 200 with the new revision of an alert: {id, rev, state}.
Deed revised(std::vector<Alert> alerts);

/// 400 with what the arguments lack.
Deed malformed(const Arguments& arguments);

}  // namespace fettle::operations
