#pragma once

#include "core/time.hpp"

#include <boost/json/value.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fettle::delivery {

/// `text` as valid UTF-8 of at most `limit` characters: bytes that are none become U+FFFD, and what is cut off leaves an ellipsis.
std::string plain_text(std::string_view text, std::size_t limit);

/// `value` with at most so many significant digits, as decimal as a double can be.
double significant(double value, int digits);

/// `value` with at most so many digits after the point.
double decimals(double value, int digits);

/// The shortest text that reads back as the same double, without an exponent where a person would write none: "212.4".
std::string number_text(double value);

/// The same for a whole value, minified, its members in their order. A number that is none becomes null.
std::string json_text(const boost::json::value& value);

/// Writes minified JSON whose keys stand in the order of the calls. Any text makes valid JSON; the caller pairs open and close.
class JsonWriter {
 public:
  void open_object();
  void open_object(std::string_view key);
  void open_list(std::string_view key);
  void close_object();
  void close_list();

  /// Every text is cut to so many characters, unless the call says otherwise.
  static constexpr std::size_t usual_limit = 200;

  void text(std::string_view key, std::string_view value, std::size_t limit = usual_limit);
  /// An empty text leaves no trace.
  void text_if_any(std::string_view key, std::string_view value, std::size_t limit = usual_limit);
  void number(std::string_view key, double value);
  void integer(std::string_view key, std::int64_t value);
  void flag(std::string_view key, bool value);
  void null(std::string_view key);
  void time(std::string_view key, Time value);
  /// An empty list leaves no trace; at most 16 entries.
  void texts_if_any(std::string_view key, std::span<const std::string> values);
  /// A number that is none becomes null.
  void numbers(std::string_view key, std::span<const double> values);

  std::string take() { return std::move(json_); }

 private:
  void separate();
  void key(std::string_view key);
  void quoted(std::string_view text);

  std::string json_;
  bool first_ = true;
};

}  // namespace fettle::delivery
