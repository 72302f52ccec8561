#pragma once

#include "acquisition/registers.hpp"
#include "settings/fields.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace fettle::acquisition {

/// What the points of a profile need not repeat about where they lie.
struct RegisterDefaults {
  RegisterTable table = RegisterTable::holding;
  WordOrder order = WordOrder::big;
  std::optional<RegisterType> type;
};

RegisterDefaults read_register_defaults(settings::Fields& fields);

RegisterTable read_table(settings::Fields& fields, RegisterTable fallback);
WordOrder read_order(settings::Fields& fields, WordOrder fallback);
/// Without a fallback the key is required.
RegisterType read_type(settings::Fields& fields, std::optional<RegisterType> fallback);

/// The keys of a point that say where its value lies and what its bits mean; `scaling` is left to the caller, and so is `finish`.
RegisterField read_field(settings::Fields& fields, const RegisterDefaults& defaults);

/// A whole number as people write raw bits: 65535, -32768, 0x7FFF.
std::optional<std::uint64_t> parse_bits(std::string_view text);

}  // namespace fettle::acquisition
