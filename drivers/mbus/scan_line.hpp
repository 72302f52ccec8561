#pragma once

#include "acquisition/scanner.hpp"
#include "mbus/line.hpp"

#include <functional>
#include <memory>

namespace fettle::mbus {

/// Opens nothing yet. A door that tests replace.
using MakeWire = std::function<std::unique_ptr<Wire>(const LineSettings& settings)>;

/// Looks for meters on a line: listens first, asks everybody at each rate whether somebody is there, then every primary address at the rate
/// that was answered, then by secondary addresses, and reads out once what was found. Sends nothing but greetings, selections and requests.
acquisition::ScanFindings scan_line(const acquisition::ScanOrder& order, const acquisition::ScanWatch& watch,
                                    const LineSettings& settings, const MakeWire& make);

}  // namespace fettle::mbus
