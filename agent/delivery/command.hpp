#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fettle::delivery {

/// How much harm an operation can do, and so what is asked of its caller.
enum class Tier : std::uint8_t {
  read,         ///< valid for 2 minutes
  service,      ///< valid for 30 days: feedback must survive an offline gateway
  maintenance,  ///< valid for 10 minutes, and signed
};

/// An operation of the contract (6.5).
struct Operation {
  std::string_view name;
  Tier tier{};
};

/// All that the contract knows, whether this agent obeys them or not.
std::span<const Operation> contract_operations();

/// The claims of a command, with JWT's names (contract 6.5). Times are Unix seconds on the wire.
struct Claims {
  std::string jti;  ///< the command's own id: the same one has one effect and one answer
  std::string iss;  ///< requester, as in the topic
  std::string sub;  ///< the person behind it; may be empty
  std::string aud;  ///< the gateway it is for
  std::string op;
  Time issued{}, expires{};
  boost::json::object args;

  /// "dispatch/m.lee", for acknowledgements and logs.
  std::string who() const { return sub.empty() ? iss : iss + "/" + sub; }
};

/// Reads claims from JSON. Errors say which claim is missing or wrong. Claims that are not ours are passed over.
Result<Claims> parse_claims(std::string_view json);

/// The command's own id, if that much can be read of it, so that also a refusal of the rest finds its sender; or empty.
std::string readable_jti(std::string_view json);

/// Where the answer to a command goes.
struct ReplyTo {
  std::string requester;    ///< last topic level of `{root}/{gw}/res/{requester}`
  std::string correlation;  ///< MQTT 5 Correlation Data; may be empty
};

/// What an operation answers: an HTTP-like status with data, or with an error and a hint what to do.
struct Answer {
  int status = 200;
  boost::json::object body = {};  ///< of a success
  std::string error = {}, hint = {};
};

/// The answer document of contract 6.5.
std::string answer_document(std::string_view jti, std::string_view op, const Answer& answer, Time now);

}  // namespace fettle::delivery
