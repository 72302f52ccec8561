#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace fettle::test {

/// A certificate and its private key, as PEM files.
struct Identity {
  std::string certificate, key;
};

/// A certificate authority of the test's own, whose files lie in a folder that the caller keeps. What it issues serves both ends of a
/// connection: the common name is the gateway's or the user's name, and the host is that name, localhost or 127.0.0.1.
class Authority {
 public:
  explicit Authority(const std::filesystem::path& folder, const std::string& name = "Test authority");
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  ~Authority();

  /// The file that the other side is told to trust.
  const std::string& certificate() const { return own_.certificate; }

  /// A certificate with a new P-256 key: `name`.pem and `name`.key.pem beside the authority's own, or in `folder`. It is valid since
  /// a day ago; a negative number of days gives one that ended so long ago.
  Identity issue(const std::string& name, int days_valid = 30, const std::filesystem::path& folder = {}) const;

 private:
  struct Signer;

  std::filesystem::path folder_;
  std::unique_ptr<Signer> signer_;
  Identity own_;
};

}  // namespace fettle::test
