#pragma once

#include "text/words.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace fettle::mqtt_input {

/// One value as a message has it.
struct Member {
  std::string raw;              ///< for people: "230.1", "ON"
  acquisition::Decoded number;  ///< before scaling
};

/// What a message says. Parsed at most once, however many points look into it.
class Payload {
 public:
  explicit Payload(std::string_view text) : text_{text} {}

  /// The value at an RFC 6901 pointer of a JSON document; the whole payload, as JSON or plain text, for an empty one.
  /// Nothing if the document has no such member: many devices send what has changed only.
  std::optional<Member> at(std::string_view pointer, const text::States& states);

  /// Whether the device says that it is there: "online", "Offline", "true", {"state": "online"}. Nothing if it says neither.
  std::optional<bool> availability();

 private:
  const boost::json::value* document();

  std::string_view text_;
  bool parsed_ = false;
  std::optional<boost::json::value> document_;
};

/// True for "", "/a", "/a/0/b~1c".
bool is_pointer(std::string_view pointer);

}  // namespace fettle::mqtt_input
