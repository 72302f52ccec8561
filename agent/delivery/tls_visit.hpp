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
  std::string refusal;      ///< why it does not take our certificate, or none; empty: it does, or has said nothing yet
};

/// Connects to a server, shakes hands, listens for a moment and leaves again. What is wrong with a certificate after the handshake is no
/// failure, but stands in the welcome. Fails with `refused` where a server has ended the handshake, as those of TLS 1.2 do whom our
/// certificate does not please, and with `offline` where it did not come to that.
Result<TlsWelcome> visit_tls(const Address& address, const TlsFiles& files, std::chrono::seconds patience);

}  // namespace fettle::delivery
