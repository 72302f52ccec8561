#pragma once

#include "core/registry.hpp"
#include "desk.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::operations {

using delivery::Answer;
using delivery::Claims;
using delivery::Tier;

/// Something the back office can ask for by command (contract 6.5). One file an operation, which registers a function:
///
///     Deed restart(Desk& desk, const Claims& claims) { ... }
///     const Registration<Operation<Tier::maintenance>> entry{"restart", "one line", restart};
template <Tier tier>
struct Operation {
  using Factory = Deed(Desk& desk, const Claims& claims);
};

/// Nothing if there is no such operation.
std::optional<Tier> tier_of(std::string_view name);
std::vector<std::string> names();
/// Those that have to be signed.
std::vector<std::string> signed_names();

/// Carries out a command that has passed the gate.
Deed perform(Desk& desk, const Claims& claims);

/// An answer that says what is wrong and what to do.
Deed refusal(int status, std::string error, std::string hint = {});

}  // namespace fettle::operations
