// A text that comes apart as a JWS can be written in no other way, and nothing is genuine but what the RFCs' keys have signed.

#include "delivery/jws.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "support/signing.hpp"

namespace {

using namespace fettle::delivery;

/// RFC 7515 A.3 and RFC 8037 A.4; their signed texts are among the seeds.
std::vector<PublicKey> keys() {
  return {
      PublicKey::from_pem(
          "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gH\n"
          "MzV76e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n-----END PUBLIC KEY-----\n")
          .value(),
      PublicKey::from_pem("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                          "-----END PUBLIC KEY-----\n")
          .value()};
}

bool is_signed_by_the_rfcs(const Jws& jws) {
  return jws.payload == "Example of Ed25519 signing" ||
         jws.payload == "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto known = keys();
  const std::string text{bytes, bytes + size};
  static_cast<void>(PublicKey::from_pem(text));
  const auto jws = take_apart(text);
  if (jws && !is_jws(text)) std::abort();
  if (!jws) return 0;
  using fettle::test::base64url;
  if (base64url(jws->header) + "." + base64url(jws->payload) + "." + base64url(jws->signature) != text) std::abort();
  if (verify(*jws, known) && !is_signed_by_the_rfcs(*jws)) std::abort();
  return 0;
}
