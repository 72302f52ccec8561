#pragma once

#include "agent_status.hpp"
#include "commands/table.hpp"

#include <string>

namespace fettle::commands {

/// One screen for a person: what is wrong stands out, and long lists are cut off.
std::string to_text(const AgentStatus& status, Colours colours);

}  // namespace fettle::commands
