#include "delivery/command.hpp"

#include "core/level.hpp"
#include "delivery/json_writer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>

namespace fettle::delivery {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_id = 64;
constexpr std::size_t longest_person = 128;
constexpr std::size_t deepest = 16;
constexpr std::int64_t year_10000 = 253'402'300'800;

constexpr std::array<Operation, 12> operations{{{"sync", Tier::read},
                                                {"read", Tier::read},
                                                {"history", Tier::read},
                                                {"diag", Tier::read},
                                                {"ack", Tier::service},
                                                {"shelve", Tier::service},
                                                {"close", Tier::service},
                                                {"mode", Tier::service},
                                                {"config", Tier::maintenance},
                                                {"update", Tier::maintenance},
                                                {"restart", Tier::maintenance},
                                                {"rotate", Tier::maintenance}}};

/// Ids are looked up, logged and sent back: visible ASCII and nothing else.
bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_id &&
         std::all_of(text.begin(), text.end(), [](char each) { return each > ' ' && each <= '~'; });
}

/// The person's name goes into alerts and logs, where a control character could pretend to be a line of its own.
bool is_person(std::string_view text) {
  return text.size() <= longest_person && std::none_of(text.begin(), text.end(), [](char each) {
           const auto octet = static_cast<unsigned char>(each);
           return octet < 0x20 || octet == 0x7F;
         });
}

Result<json::object> parse_object(std::string_view text) {
  boost::system::error_code code;
  json::parse_options options;
  options.max_depth = deepest;
  auto root = json::parse(text, code, {}, options);
  if (code) return failure(Fault::malformed, fmt::format("the command is no JSON ({})", code.message()));
  if (!root.is_object()) return failure(Fault::malformed, "the command is no JSON object");
  return std::move(root.get_object());
}

/// Reads claims one by one; of the first that is missing or wrong, says so.
class Reader {
 public:
  explicit Reader(const json::object& claims) : claims_{claims} {}

  std::string text(std::string_view name, bool (*fits)(std::string_view), std::string_view expected) {
    const auto* const value = claims_.if_contains(name);
    const auto* const text = value == nullptr ? nullptr : value->if_string();
    if (text != nullptr && fits(*text)) return std::string{*text};
    complain(value, name, expected);
    return {};
  }
  std::string text_if_any(std::string_view name, bool (*fits)(std::string_view), std::string_view expected) {
    return claims_.contains(name) ? text(name, fits, expected) : std::string{};
  }
  /// Whole seconds. What the parser had to make a fraction of is too large for any clock.
  Time moment(std::string_view name) {
    const auto* const value = claims_.if_contains(name);
    const auto* const seconds = value == nullptr ? nullptr : value->if_int64();
    if (seconds != nullptr && *seconds > 0 && *seconds < year_10000) return Time{std::chrono::seconds{*seconds}};
    complain(value, name, "whole seconds since 1970");
    return {};
  }
  json::object object_if_any(std::string_view name) {
    const auto* const value = claims_.if_contains(name);
    if (value == nullptr) return {};
    if (const auto* const object = value->if_object()) return *object;
    complain(value, name, "an object");
    return {};
  }

  const std::string& complaint() const { return complaint_; }

 private:
  void complain(const json::value* found, std::string_view name, std::string_view expected) {
    if (!complaint_.empty()) return;
    complaint_ = found == nullptr ? fmt::format("{} is missing ({})", name, expected)
                                  : fmt::format("{} is not {}", name, expected);
  }

  const json::object& claims_;
  std::string complaint_;
};

}  // namespace

std::span<const Operation> contract_operations() { return operations; }

Result<Claims> parse_claims(std::string_view text) {
  const auto object = parse_object(text);
  if (!object) return object.error();
  constexpr std::string_view level = "a topic level of [A-Za-z0-9_-], at most 64";
  Reader reader{*object};
  Claims claims;
  claims.jti = reader.text("jti", is_id, "1 to 64 visible ASCII characters");
  claims.iss = reader.text("iss", is_level, level);
  claims.sub = reader.text_if_any("sub", is_person, "a text of at most 128 bytes without control characters");
  claims.aud = reader.text("aud", is_level, level);
  claims.op = reader.text("op", is_level, level);
  claims.issued = reader.moment("iat");
  claims.expires = reader.moment("exp");
  claims.args = reader.object_if_any("args");
  if (!reader.complaint().empty()) return failure(Fault::malformed, reader.complaint());
  if (claims.expires <= claims.issued) return failure(Fault::malformed, "exp is not later than iat");
  return claims;
}

std::string readable_jti(std::string_view text) {
  const auto object = parse_object(text);
  return object ? Reader{*object}.text("jti", is_id, {}) : std::string{};
}

std::string answer_document(std::string_view jti, std::string_view op, const Answer& answer, Time now) {
  json::object document{{"jti", jti}, {"op", op}, {"status", answer.status}, {"time", to_rfc3339(now)}};
  if (answer.error.empty()) {
    document["data"] = answer.body;
  } else {
    document["error"] = plain_text(answer.error, JsonWriter::usual_limit);
    if (!answer.hint.empty()) document["hint"] = plain_text(answer.hint, JsonWriter::usual_limit);
  }
  return json_text(document);
}

}  // namespace fettle::delivery
