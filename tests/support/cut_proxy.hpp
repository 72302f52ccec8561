#pragma once

#include <cstdint>
#include <memory>

namespace fettle::test {

/// A cable to a TCP server on 127.0.0.1 that can be pulled out. Works in a thread of its own; a call returns when it has taken effect.
class CutProxy {
 public:
  /// Listens on a port of its own and forwards to `target`.
  explicit CutProxy(unsigned short target);
  CutProxy(const CutProxy&) = delete;
  CutProxy& operator=(const CutProxy&) = delete;
  ~CutProxy();

  unsigned short port() const;

  /// Closes every connection, and refuses new ones.
  void cut();
  /// Keeps the connections and takes new ones, but lets nothing through in either direction: a cable that somebody cut with a knife.
  void freeze();
  /// Ends either. What froze goes on; what was cut has to connect anew.
  void restore();

  /// Connections taken so far.
  std::uint64_t connections() const;
  /// Octets that came from clients so far.
  std::uint64_t forwarded() const;

 private:
  class Cable;
  std::unique_ptr<Cable> cable_;
};

}  // namespace fettle::test
