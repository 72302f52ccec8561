#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace fettle {

/// What the world did wrong. The poller decides by this, and by nothing else, what happens next.
enum class Fault {
  timeout,      ///< no answer in time: points bad, device backs off after several in a row
  refused,      ///< the device answered with an exception: points bad, other points go on
  malformed,    ///< an answer that breaks the protocol (CRC, length): points bad, asked again at the next poll
  unsupported,  ///< the device will never know this: the point is given up and said so once
  offline,      ///< the wire itself is gone (port, connection): every point of the bus bad, reopened with backoff
};

std::string_view name_of(Fault fault);

/// A fault and a sentence that names the device and what was expected: "meter_3: no answer within 300 ms".
struct Error {
  Fault fault{};
  std::string detail;
};

/// Asking a failed Result for its value is our bug, so it throws and ends the program.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::logic_error{error.detail + " (value asked of a failed result in " + where.function_name() + ")"};
}

template <class T>
using Result = boost::system::result<T, Error>;

inline Error failure(Fault fault, std::string detail) { return {fault, std::move(detail)}; }

}  // namespace fettle
