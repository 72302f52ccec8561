#include "support/certificates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/child.hpp"
#include "support/signing.hpp"
#include "support/temp_dir.hpp"

namespace fettle::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// What openssl(1), who made none of it, says about a certificate.
std::string verified(const Authority& authority, const std::string& certificate) {
  Child verify{{"openssl", "verify", "-purpose", "sslclient", "-verify_ip", "127.0.0.1", "-CAfile",
                authority.certificate(), certificate}};
  verify.wait(10s);
  return verify.output();
}

TEST(Certificates, are_taken_by_openssl_as_issued_by_their_authority) {
  const TempDir folder;
  const Authority authority{folder.path()};
  const auto gateway = authority.issue("gw-0042");
  EXPECT_EQ(verified(authority, gateway.certificate), gateway.certificate + ": OK\n");
  Child show{{"openssl", "x509", "-noout", "-subject", "-in", gateway.certificate}};
  show.wait(10s);
  EXPECT_EQ(show.output(), "subject=CN = gw-0042\n");
}

TEST(Certificates, are_refused_when_their_time_is_over_or_another_issued_them) {
  const TempDir folder, elsewhere;
  const Authority authority{folder.path()};
  const Authority stranger{elsewhere.path()};
  EXPECT_THAT(verified(authority, authority.issue("late", -1).certificate), HasSubstr("has expired"));
  EXPECT_THAT(verified(authority, stranger.issue("gw-0042").certificate), HasSubstr("unable to get local issuer"));
}

TEST(KeyPairs, are_of_the_kind_that_was_asked_for) {
  const TempDir folder;
  const auto kind_of = [&folder](const std::string& name, KeyKind kind) {
    Child show{
        {"openssl", "pkey", "-pubin", "-noout", "-text", "-in", make_key_pair(folder.path(), name, kind).public_key}};
    show.wait(10s);
    return show.output();
  };
  EXPECT_THAT(kind_of("p256", KeyKind::p256), HasSubstr("ASN1 OID: prime256v1"));
  EXPECT_THAT(kind_of("ed25519", KeyKind::ed25519), HasSubstr("ED25519 Public-Key"));
}

}  // namespace
}  // namespace fettle::test
