#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "store/database.hpp"

#include <string>

namespace fettle::store {

/// Opens the journal's file in `folder` for this process alone, sound and with all its tables; a damaged one is moved aside first.
Result<Database> open_journal_file(const std::string& folder, Time now);

/// The same tables in memory, empty.
Result<Database> open_journal_in_memory(Time now);

}  // namespace fettle::store
