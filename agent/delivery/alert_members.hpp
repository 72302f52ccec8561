#pragma once

#include "core/verdicts.hpp"

namespace fettle::delivery {

class JsonWriter;

// Members of `data` in an alert document (contract.md 6.2).
void write_ack(JsonWriter& json, const Acknowledgement& ack);
void write_shelved(JsonWriter& json, const Shelving& shelving);
/// Costs only `with_cost`, and only where the currency is known.
void write_energy(JsonWriter& json, const EnergyWaste& energy, bool with_cost);
void write_action(JsonWriter& json, const Advice& advice);
void write_outcome(JsonWriter& json, const Outcome& outcome);

}  // namespace fettle::delivery
