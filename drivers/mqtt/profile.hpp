#pragma once

#include "acquisition/profile.hpp"
#include "text/words.hpp"

#include <string>
#include <vector>

namespace fettle::mqtt_input {

/// Where a point's value lies.
struct PointSource {
  std::string topic;    ///< filter, perhaps with {device}
  std::string pointer;  ///< RFC 6901; empty: the payload itself
  text::States states;
};

/// What a profile says about messages.
struct MessageProfile {
  std::vector<PointSource> points;  ///< in the profile's order
  std::string availability;         ///< topic filter; empty: the device does not say
};

/// Whatever cannot be used is recorded.
MessageProfile read_messages(const acquisition::DeviceProfile& profile, settings::Mistakes& mistakes);

/// The same, and the profile's examples are decoded.
void check_profile(const acquisition::DeviceProfile& profile, settings::Mistakes& mistakes);

}  // namespace fettle::mqtt_input
