#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "delivery/address.hpp"
#include "delivery/certificate.hpp"

#include <chrono>
#include <string>

namespace fettle::delivery {

/// What a secured server shows to whoever comes.
struct TlsWelcome {
  std::string protocol;     ///< "TLSv1.3"
  Certificate certificate;  ///< the server's
  std::string issuer;       ///< who has signed it
  std::string not_trusted;  ///< why we must not believe it; empty: we may
};

/// Connects to a server, shakes hands and leaves again. What is wrong with its certificate is no failure, but stands in the welcome; a
/// failure says that there was no handshake at all.
Result<TlsWelcome> visit_tls(const Address& address, const TlsFiles& files, std::chrono::seconds patience);

}  // namespace fettle::delivery
