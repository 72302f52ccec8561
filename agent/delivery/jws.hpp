#pragma once

#include "core/result.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_pkey_st;  // OpenSSL ends in jws.cpp

namespace fettle::delivery {

/// A public key that commands are signed against: P-256 for ES256, Ed25519 for EdDSA, and nothing else. Copies share the key, which
/// nobody changes.
class PublicKey {
 public:
  /// Reads "-----BEGIN PUBLIC KEY-----". Errors say what to do, without the file's name.
  static Result<PublicKey> from_pem(const std::string& pem);
  static Result<PublicKey> from_file(const std::string& file);

  /// The one algorithm that this key is for: the name that a header must carry.
  std::string_view algorithm() const { return algorithm_; }
  /// Whether `signature`, as JWS writes it, was made over `text` with this key's other half.
  bool verifies(std::string_view text, std::string_view signature) const;

 private:
  PublicKey(std::shared_ptr<evp_pkey_st> key, std::string_view algorithm)
      : key_{std::move(key)}, algorithm_{algorithm} {}

  std::shared_ptr<evp_pkey_st> key_;
  std::string_view algorithm_;
};

/// A compact JWS (RFC 7515), taken apart and decoded. Nothing in it has been verified.
struct Jws {
  std::string header, payload, signature;
  std::string signed_text;  ///< the first two parts as they came
};

/// True for three parts of base64url letters; JSON never looks like it.
bool is_jws(std::string_view text);

/// Takes a JWS apart. There is one way to write each: padding, other letters or bits that nobody would read are errors.
Result<Jws> take_apart(std::string_view text);

/// Succeeds if one of the keys made the signature, with the one algorithm of that key. "none", any other algorithm and a header that wants
/// something understood that we do not understand ("crit") are errors; a key id is a hint only, and is not needed.
Result<void> verify(const Jws& jws, std::span<const PublicKey> keys);

}  // namespace fettle::delivery
