#include "delivery/jws.hpp"

#include <fmt/format.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace fettle::delivery {
namespace {

namespace json = boost::json;

constexpr std::string_view es256 = "ES256";
constexpr std::string_view eddsa = "EdDSA";
constexpr int number_size = 32;  ///< of r and of s on P-256
constexpr std::size_t signature_size = 64;
constexpr std::size_t largest_key_file = 16'384;

/// Owns one of OpenSSL's objects.
template <class T, void (*release)(T*)>
struct Release {
  void operator()(T* object) const { release(object); }
};
template <class T, void (*release)(T*)>
using Owned = std::unique_ptr<T, Release<T, release>>;

using OwnedBio = Owned<BIO, BIO_free_all>;
using OwnedDigest = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using OwnedNumber = Owned<BIGNUM, BN_free>;
using OwnedSignature = Owned<ECDSA_SIG, ECDSA_SIG_free>;

/// What OpenSSL leaves behind of a failure would be found by the next one who asks in this thread.
struct CleanErrors {
  CleanErrors() = default;
  CleanErrors(const CleanErrors&) = delete;
  CleanErrors& operator=(const CleanErrors&) = delete;
  ~CleanErrors() { ERR_clear_error(); }
};

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

/// OpenSSL would ask at the terminal.
int no_password(char* /*into*/, int /*size*/, int /*to_write*/, void* /*context*/) { return -1; }

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 32> group{};
  std::size_t length = 0;
  return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
         std::string_view{group.data(), length} == "prime256v1";
}

/// JWS has r and s side by side (RFC 7518, 3.4), OpenSSL reads DER.
std::string der_signature(std::string_view raw) {
  OwnedNumber r{BN_bin2bn(octets(raw), number_size, nullptr)};
  OwnedNumber s{BN_bin2bn(octets(raw.substr(number_size)), number_size, nullptr)};
  const OwnedSignature numbers{ECDSA_SIG_new()};
  if (!r || !s || !numbers || ECDSA_SIG_set0(numbers.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());  // set0 has taken both over
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(numbers.get(), &der);
  if (size <= 0) return {};
  std::string text(der, std::next(der, size));
  OPENSSL_free(der);
  return text;
}

/// The value of a base64url letter; 64 for any other.
std::uint32_t value_of(char letter) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const auto place = alphabet.find(letter);
  return place == std::string_view::npos ? 64 : static_cast<std::uint32_t>(place);
}

std::optional<std::string> decode(std::string_view text) {
  if (text.empty() || text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char letter : text) {
    const auto value = value_of(letter);
    if (value > 63) return std::nullopt;
    bits = (bits << 6U | value) & 0xFFFFU;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held & 0xFFU);
  }
  const auto unread = bits & ((1U << held) - 1);
  if (unread != 0) return std::nullopt;
  return bytes;
}

/// Header, payload and signature as they came; nothing unless there are exactly three.
std::optional<std::array<std::string_view, 3>> three_parts(std::string_view text) {
  const auto first = text.find('.');
  const auto last = text.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const auto middle = text.substr(first + 1, last - first - 1);
  if (middle.find('.') != std::string_view::npos) return std::nullopt;
  return std::array{text.substr(0, first), middle, text.substr(last + 1)};
}

Error refusal(std::string detail) { return failure(Fault::refused, std::move(detail)); }

/// The algorithm that a header names, if there is nothing else in it that had to be understood.
Result<std::string> algorithm_of(std::string_view header) {
  boost::system::error_code code;
  json::parse_options options;
  options.max_depth = 4;
  const auto root = json::parse(header, code, {}, options);
  if (code || !root.is_object()) return refusal("the signature's header is no JSON object");
  const auto& members = root.get_object();
  if (members.contains("crit")) return refusal("the signature's header demands extensions (crit); there are none here");
  const auto* const algorithm = members.if_contains("alg");
  if (algorithm == nullptr || !algorithm->is_string()) return refusal("the signature's header names no alg");
  const std::string_view name = algorithm->get_string();
  if (name != es256 && name != eddsa) return refusal("commands are signed with ES256 or EdDSA, and nothing else");
  return std::string{name};
}

}  // namespace

Result<PublicKey> PublicKey::from_pem(const std::string& pem) {
  const CleanErrors clean;
  if (pem.find("PRIVATE KEY-----") != std::string::npos) {
    return failure(Fault::malformed,
                   "is a private key, which belongs to the sender alone (openssl pkey -in KEY -pubout gives its public "
                   "half)");
  }
  const OwnedBio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(std::min(pem.size(), largest_key_file)))};
  std::shared_ptr<EVP_PKEY> key{bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, nullptr) : nullptr,
                                EVP_PKEY_free};
  if (!key) {
    return failure(Fault::malformed,
                   "is no public key in PEM (it begins with -----BEGIN PUBLIC KEY-----; from a certificate: openssl "
                   "x509 -in CERTIFICATE -noout -pubkey)");
  }
  if (is_p256(key.get())) return PublicKey{std::move(key), es256};
  if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) return PublicKey{std::move(key), eddsa};
  return failure(Fault::unsupported,
                 "is neither a P-256 nor an Ed25519 key (openssl genpkey -algorithm ed25519 makes one)");
}

Result<PublicKey> PublicKey::from_file(const std::string& file) {
  std::ifstream stream{file, std::ios::binary};
  std::string pem(largest_key_file, '\0');
  stream.read(pem.data(), static_cast<std::streamsize>(pem.size()));
  pem.resize(static_cast<std::size_t>(stream.gcount()));
  if (pem.empty()) {
    return failure(Fault::offline, "cannot be read or is empty; check the path and that the agent's user may read it");
  }
  return from_pem(pem);
}

bool PublicKey::verifies(std::string_view text, std::string_view signature) const {
  const CleanErrors clean;
  if (signature.size() != signature_size) return false;
  const bool is_curve = algorithm_ == es256;
  const auto shaped = is_curve ? der_signature(signature) : std::string{signature};
  const OwnedDigest context{EVP_MD_CTX_new()};
  return context &&
         EVP_DigestVerifyInit(context.get(), nullptr, is_curve ? EVP_sha256() : nullptr, nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), octets(shaped), shaped.size(), octets(text), text.size()) == 1;
}

bool is_jws(std::string_view text) {
  const auto parts = three_parts(text);
  return parts && std::all_of(parts->begin(), parts->end(), [](std::string_view part) {
           return !part.empty() && std::all_of(part.begin(), part.end(), [](char each) { return value_of(each) < 64; });
         });
}

Result<Jws> take_apart(std::string_view text) {
  const auto parts = three_parts(text);
  if (!parts) return failure(Fault::malformed, "a signed command has three parts with a dot between them");
  auto header = decode((*parts)[0]);
  auto payload = decode((*parts)[1]);
  auto signature = decode((*parts)[2]);
  if (!header || !payload || !signature) {
    return failure(Fault::malformed, "a part of the signed command is not base64url without padding");
  }
  return Jws{std::move(*header), std::move(*payload), std::move(*signature),
             std::string{text.substr(0, (*parts)[0].size() + 1 + (*parts)[1].size())}};
}

Result<void> verify(const Jws& jws, std::span<const PublicKey> keys) {
  const auto algorithm = algorithm_of(jws.header);
  if (!algorithm) return algorithm.error();
  const bool is_genuine = std::any_of(keys.begin(), keys.end(), [&jws, &algorithm](const PublicKey& key) {
    return key.algorithm() == *algorithm && key.verifies(jws.signed_text, jws.signature);
  });
  if (!is_genuine) return refusal(fmt::format("no {} key of the requester made this signature", *algorithm));
  return {};
}

}  // namespace fettle::delivery
