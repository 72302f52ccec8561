#pragma once

#include "core/time.hpp"

#include <string>
#include <string_view>

namespace fettle::delivery {

/// A command as a cloud service passes it on: the service has proved who sends it, and is itself the requester.
struct ServiceCommand {
  std::string requester;  ///< "azure"
  std::string gateway;
  std::string op;  ///< empty: the payload names it
  std::string id;  ///< becomes the command's `jti`
  std::string payload;
};

/// The same as one of ours, for the topic `{root}/{gw}/cmd/{requester}/{op}`.
struct OwnCommand {
  std::string op, payload;
};

/// Claims and JWS pass as they are. Anything shorter becomes claims that live for a minute from `now`: {"op", "args"}, the form of
/// Connected Field Service {"CommandName", "Parameters"}, or, where the service names the operation, its arguments alone (nothing and null
/// are none). What is none of these passes as it is, for the gate to say so. An op that is no topic level becomes "unknown".
OwnCommand as_own(const ServiceCommand& command, Time now);

/// The HTTP-like status of an answer document; 500 if it has none.
int status_of_answer(std::string_view document);

}  // namespace fettle::delivery
