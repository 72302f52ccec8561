#include "support/signing.hpp"

#include "support/openssl.hpp"

#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <array>
#include <cstddef>

namespace fettle::test {
namespace {

using OwnedDigest = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using OwnedSignature = Owned<ECDSA_SIG, ECDSA_SIG_free>;

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

OwnedKey private_key(const std::string& file) {
  const OwnedBio bio{BIO_new_file(file.c_str(), "r")};
  need(bio != nullptr, file + " cannot be read");
  OwnedKey key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)};
  need(key != nullptr, file + " is no private key");
  return key;
}

std::string signature_of(std::string_view text, EVP_PKEY* key, const EVP_MD* digest) {
  const OwnedDigest context{EVP_MD_CTX_new()};
  need(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key) == 1, "cannot sign");
  std::size_t size = 0;
  need(EVP_DigestSign(context.get(), nullptr, &size, octets(text), text.size()) == 1, "cannot sign");
  std::string signature(size, '\0');
  need(EVP_DigestSign(context.get(), octets(signature), &size, octets(text), text.size()) == 1, "cannot sign");
  signature.resize(size);
  return signature;
}

/// OpenSSL gives DER; JWS wants both numbers in 32 bytes each (RFC 7518, 3.4).
std::string raw_numbers(const std::string& der) {
  const auto* start = octets(der);
  const OwnedSignature numbers{d2i_ECDSA_SIG(nullptr, &start, static_cast<long>(der.size()))};
  need(numbers != nullptr, "no ECDSA signature");
  std::string raw(64, '\0');
  need(BN_bn2binpad(ECDSA_SIG_get0_r(numbers.get()), octets(raw), 32) == 32, "r is too long");
  need(BN_bn2binpad(ECDSA_SIG_get0_s(numbers.get()), octets(raw) + 32, 32) == 32, "s is too long");
  return raw;
}

}  // namespace

KeyPair make_key_pair(const std::filesystem::path& folder, const std::string& name, KeyKind kind) {
  const OwnedKey key{kind == KeyKind::p256 ? EVP_EC_gen("P-256") : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  need(key != nullptr, "no key");
  const KeyPair files{(folder / (name + ".pem")).string(), (folder / (name + ".key.pem")).string()};
  need(PEM_write_bio_PUBKEY(file_to_write(files.public_key).get(), key.get()) == 1, files.public_key);
  need(PEM_write_bio_PrivateKey(file_to_write(files.private_key).get(), key.get(), nullptr, nullptr, 0, nullptr,
                                nullptr) == 1,
       files.private_key);
  return files;
}

std::string base64url(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  unsigned bits = 0, held = 0;
  for (const char each : bytes) {
    bits = bits << 8U | static_cast<unsigned char>(each);
    for (held += 8; held >= 6; held -= 6) text += alphabet[bits >> (held - 6) & 63U];
  }
  if (held > 0) text += alphabet[bits << (6 - held) & 63U];
  return text;
}

std::string sign(std::string_view payload, const std::string& private_key_file, std::string header) {
  const auto key = private_key(private_key_file);
  const bool is_curve = EVP_PKEY_is_a(key.get(), "EC") == 1;
  if (header.empty()) header = is_curve ? R"({"alg":"ES256"})" : R"({"alg":"EdDSA"})";
  const auto text = base64url(header) + "." + base64url(payload);
  const auto signature = signature_of(text, key.get(), is_curve ? EVP_sha256() : nullptr);
  return text + "." + base64url(is_curve ? raw_numbers(signature) : signature);
}

}  // namespace fettle::test
