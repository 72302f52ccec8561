#pragma once

#include "acquisition/scanner.hpp"
#include "mbus/master.hpp"
#include "mbus/scan.hpp"

#include <string>
#include <vector>

namespace fettle::mbus {

/// A meter on a line, by all the ways in which it was found.
struct Located {
  FoundMeter meter;
  bool by_number = false;  ///< a search by secondary addresses has found it
};

/// One list of what two ways of looking have found, of which the second gives numbers: who was found twice is one.
std::vector<Located> located(std::vector<FoundMeter> by_address, std::vector<FoundMeter> by_number);

/// How a meter is best asked: by its address, but by its number where the address is that of every new meter.
Address address_of(const Located& located, const std::vector<Located>& all);

/// What is told of a meter that gave a readout, or none.
acquisition::FoundDevice device_of(const Address& address, const Located& located,
                                   const Result<std::vector<Telegram>>& readout,
                                   const std::vector<acquisition::DeviceProfile>& profiles);

/// What to do about meters that answer at once.
std::vector<std::string> collision_hints(const std::vector<Collision>& collisions, bool found_by_number);

}  // namespace fettle::mbus
