#pragma once

#include "support/subscriber.hpp"

#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <string>

namespace fettle::test {

/// A back office that commands a gateway through a real broker, with mosquitto_pub.
class BackOffice {
 public:
  /// `name` is the requester, a level of the topic. Commands are plain JSON until `sign` is set, which makes them a compact JWS.
  BackOffice(unsigned short port, std::string gateway, std::string name = "dispatch");

  void sign_with(std::function<std::string(const std::string& claims)> sign) { sign_ = std::move(sign); }
  /// The time that `iat` and `exp` are counted from; the system's unless set.
  void set_clock(std::function<std::chrono::seconds()> now) { now_ = std::move(now); }

  /// Claims for an operation, valid for a minute. `jti` is made up.
  boost::json::object claims(const std::string& op, boost::json::object args = {});
  /// Publishes claims as they are, and waits until the broker has them.
  void send(const boost::json::object& claims);
  /// Publishes and waits for the answer to it; throws if none comes in time.
  boost::json::object ask(const boost::json::object& claims);
  boost::json::object ask(const std::string& op, boost::json::object args = {}) {
    return ask(claims(op, std::move(args)));
  }

 private:
  unsigned short port_;
  std::string gateway_, name_;
  std::function<std::string(const std::string&)> sign_;
  std::function<std::chrono::seconds()> now_;
  Subscriber answers_;
  int count_ = 0;
};

}  // namespace fettle::test
