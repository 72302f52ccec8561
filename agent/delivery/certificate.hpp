#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <optional>
#include <string>

namespace fettle::delivery {

/// Files in PEM; empty: the system's authorities, no certificate of our own.
struct TlsFiles {
  std::string authority, certificate, key;

  bool has_pair() const { return !certificate.empty() && !key.empty(); }
};

/// What a certificate says about its owner.
struct Certificate {
  std::string name;  ///< the subject's common name
  Time valid_from{}, expires{};
};

/// The first certificate of a PEM file.
Result<Certificate> read_certificate(const std::string& file);

/// Until when the certificate in this file is valid; nothing if it cannot be read.
std::optional<Time> certificate_expiry(const std::string& file);

/// Fails unless the key is that of the certificate. A key with a passphrase is of no use to an agent.
Result<void> check_pair(const TlsFiles& files);

/// Fails unless the authority vouches for the certificate, perhaps through others in the certificate's file. Times are not looked at.
Result<void> check_chain(const std::string& certificate, const std::string& authority);

/// Fails with a sentence about what is wrong unless the certificate is valid now, its key beside it, and its name is `name`.
Result<void> check_identity(const TlsFiles& files, const std::string& name, Time now);

}  // namespace fettle::delivery
