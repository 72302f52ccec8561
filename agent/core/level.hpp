#pragma once

#include <string_view>

namespace fettle {

/// True for what may be one level of a topic, and so for every key that becomes one: [A-Za-z0-9_-]{1,64}. All brokers take these
/// letters as they are; a dot already separates levels on some, and drops the connection on others.
bool is_level(std::string_view text);

/// What no level of an MQTT topic may hold, whoever names it.
constexpr std::string_view of_topics = "/+#";

/// How long a level may be.
constexpr std::size_t longest_level = 64;

}  // namespace fettle
