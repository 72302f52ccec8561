#pragma once

#include "acquisition/driver.hpp"
#include "acquisition/identity.hpp"
#include "acquisition/profile.hpp"
#include "core/registry.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fettle::acquisition {

enum class ScanDepth : std::uint8_t {
  quick,    ///< only where devices are when they come out of their boxes
  usual,    ///< and then every unit, at the rate that was answered
  thorough  ///< every unit at every rate, asked in every way
};

/// Where to look for devices, and how.
struct ScanOrder {
  std::string place;  ///< "/dev/ttyUSB0", "10.0.0.5:502"
  ScanDepth depth = ScanDepth::usual;
  long first_unit = 1, last_unit = 247;
  bool units_chosen = false;  ///< the two above were wished for
  std::vector<long> bauds;    ///< only these; empty: those of the profiles
  std::optional<LinkParity> parity;
  std::optional<Duration> timeout;
  bool despite_traffic = false;  ///< even where another master speaks
  std::vector<DeviceProfile> profiles;
};

/// How far a scan is.
struct ScanProgress {
  std::string doing;  ///< "9600 baud 8N1, unit 17"
  std::size_t done = 0, expected = 0;
  Duration left{};   ///< about so long
  std::string news;  ///< "unit 17 answers"; mostly empty
};

/// Is called before each question; false ends the scan with what was found so far.
using ScanWatch = std::function<bool(const ScanProgress&)>;

/// A value that a device sends by itself, without being asked for registers.
struct OfferedValue {
  std::string name;        ///< as a profile would call it: "e_heat"
  std::string quantity;    ///< as settings name it; empty if Fettle has none for it
  std::string text;        ///< what it was, with its unit: "12345 kWh"
  std::string mark;        ///< how the device marks it on the wire: "0C 06"
  std::string place;       ///< where a profile's point finds it: "record: energy"; empty if it can be no point
  bool is_current = true;  ///< false for what is stored, a maximum or a minimum, or of an error
};

/// A device that answered.
struct FoundDevice {
  std::string where;                          ///< "unit 5"
  std::pair<std::string, std::string> place;  ///< how a site file says that: "unit", "5"
  std::string profile;                        ///< which its answers told; empty: nobody knows it
  std::string identity;                       ///< what it says itself: "iEM3155, serial number 1234"
  std::vector<std::string> fits;              ///< of an unknown device: "could be eastron_sdm630: ..."
  std::vector<std::string> learned;           ///< sentences: "takes 125 registers in one request"
  std::vector<std::string> troubles;          ///< sentences: "answers in two voices"
  LineQuality quality;
  Duration pause{};    ///< that it needs before a question, if more than its profile says
  double reading = 0;  ///< milliseconds that all points of its profile take; 0: it has none
  Duration rest{};     ///< that it wants between two polls, such as a meter on battery; zero: it does not mind
  std::vector<OfferedValue> values;  ///< if it says itself what it sends
  std::vector<std::pair<std::string, std::string>>
      speaks;  ///< what a profile of these values begins with: {"protocol", "mbus"}
};

/// What a scan found out.
struct ScanFindings {
  std::string driver;                                     ///< as site files name it: "modbus_rtu"
  std::vector<std::pair<std::string, std::string>> line;  ///< the keys of its bus in a site file: {"baud", "9600"}
  std::string heard;                                      ///< what was on the line before it was asked anything
  std::vector<FoundDevice> devices;
  std::vector<std::string> hints;  ///< what is wrong with the line, and what to do about it
  Duration timeout{};              ///< that suits them all; zero: nothing was measured
  bool cancelled = false;
  std::optional<Error> failure;  ///< the line cannot be used, or must not
};

/// Looks for devices on a wire that no site file knows yet; only ever reads. Registered under the name that `fettle scan` knows.
struct Scanner {
  using Factory = ScanFindings(const ScanOrder& order, const ScanWatch& watch);
};

}  // namespace fettle::acquisition
