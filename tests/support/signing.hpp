#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace fettle::test {

/// The two kinds of key that sign commands.
enum class KeyKind : std::uint8_t { p256, ed25519 };

/// PEM files.
struct KeyPair {
  std::string public_key, private_key;
};

/// A new `name`.pem and `name`.key.pem in `folder`.
KeyPair make_key_pair(const std::filesystem::path& folder, const std::string& name, KeyKind kind);

/// Base64url without padding (RFC 7515, 2).
std::string base64url(std::string_view bytes);

/// A compact JWS (RFC 7515) over `payload`; ES256 or EdDSA by the key. `header` stands in for the usual {"alg":"..."}.
std::string sign(std::string_view payload, const std::string& private_key_file, std::string header = {});

}  // namespace fettle::test
