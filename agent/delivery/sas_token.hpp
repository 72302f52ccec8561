#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <string>
#include <string_view>

namespace fettle::delivery {

/// `text` with every octet but A-Z a-z 0-9 - _ . ~ as %XX (RFC 3986).
std::string percent_encoded(std::string_view text);

/// The reverse; what is no %XX stays as it is.
std::string percent_decoded(std::string_view text);

/// What lets a device into Azure IoT Hub until `expires`: a text signed with HMAC-SHA256 by the device's key, which is base64.
/// `resource` is "{hub host}/devices/{device}". Fault::malformed if the key is no base64.
Result<std::string> sas_token(std::string_view resource, std::string_view key, Time expires);

}  // namespace fettle::delivery
