#include "delivery/jws.hpp"

#include "support/signing.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace fettle::delivery {
namespace {

using test::base64url;
using test::KeyKind;
using ::testing::HasSubstr;

std::string pem(const std::string& base64) {
  return "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
}

/// RFC 7515, A.3.
const std::string rfc7515_key =
    pem("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gH\n"
        "MzV76e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==");
const std::string rfc7515_text =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf"
    "Q.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/// RFC 8037, A.2 and A.4.
const std::string rfc8037_key = pem("MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
const std::string rfc8037_text =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

PublicKey key_of(const std::string& text) { return PublicKey::from_pem(text).value(); }

/// Empty if the text is genuine; else why it is not.
std::string verdict(const std::string& text, const std::vector<PublicKey>& keys) {
  const auto jws = take_apart(text);
  if (!jws) return jws.error().detail;
  const auto verified = verify(*jws, keys);
  return verified ? "" : verified.error().detail;
}

TEST(Jws, of_rfc_7515_appendix_a_3_is_genuine) {
  EXPECT_EQ(verdict(rfc7515_text, {key_of(rfc7515_key)}), "");
  EXPECT_EQ(take_apart(rfc7515_text).value().payload,
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
}

TEST(Jws, of_rfc_8037_appendix_a_4_is_genuine) {
  EXPECT_EQ(verdict(rfc8037_text, {key_of(rfc8037_key)}), "");
  EXPECT_EQ(take_apart(rfc8037_text).value().payload, "Example of Ed25519 signing");
}

class SignedText : public ::testing::TestWithParam<KeyKind> {
 protected:
  PublicKey key() const { return PublicKey::from_file(pair_.public_key).value(); }

  test::TempDir folder_;
  test::KeyPair pair_ = test::make_key_pair(folder_.path(), "dispatch", GetParam());
};

INSTANTIATE_TEST_SUITE_P(Jws, SignedText, ::testing::Values(KeyKind::p256, KeyKind::ed25519),
                         [](const auto& each) { return std::string{each.param == KeyKind::p256 ? "ES256" : "EdDSA"}; });

TEST_P(SignedText, is_genuine_with_the_right_key_among_others) {
  const auto text = test::sign("payload", pair_.private_key);
  EXPECT_EQ(verdict(text, {key_of(rfc7515_key), key_of(rfc8037_key), key()}), "");
  EXPECT_THAT(verdict(text, {key_of(rfc7515_key), key_of(rfc8037_key)}), HasSubstr("no"));
  EXPECT_THAT(verdict(text, {}), HasSubstr("key of the requester made this signature"));
}

TEST_P(SignedText, is_no_longer_genuine_when_any_letter_of_it_is_another) {
  const auto text = test::sign("payload", pair_.private_key);
  for (std::size_t place = 0; place < text.size(); ++place) {
    auto changed = text;
    changed[place] = text[place] == 'A' ? 'B' : 'A';
    EXPECT_NE(verdict(changed, {key()}), "") << changed;
  }
}

TEST_P(SignedText, may_carry_a_key_id_and_a_type) {
  const auto header = R"({"typ":"JWT","kid":"2026","alg":")" + std::string{key().algorithm()} + "\"}";
  EXPECT_EQ(verdict(test::sign("payload", pair_.private_key, header), {key()}), "");
}

TEST_P(SignedText, is_refused_when_its_header_is_not_the_one_of_the_key) {
  const std::string other = GetParam() == KeyKind::p256 ? "EdDSA" : "ES256";
  const std::array headers{std::string{R"({"alg":"none"})"},
                           std::string{R"({"alg":"HS256"})"},
                           std::string{R"({"alg":"es256"})"},
                           std::string{R"({"alg":["ES256"]})"},
                           std::string{R"({"typ":"JWT"})"},
                           std::string{R"("alg")"},
                           std::string{"{"},
                           R"({"alg":")" + other + "\"}"};
  for (const auto& header : headers) {
    EXPECT_NE(verdict(test::sign("payload", pair_.private_key, header), {key()}), "") << header;
  }
  const auto critical = R"({"crit":["b64"],"b64":false,"alg":")" + std::string{key().algorithm()} + "\"}";
  EXPECT_THAT(verdict(test::sign("payload", pair_.private_key, critical), {key()}), HasSubstr("crit"));
}

TEST_P(SignedText, is_refused_without_a_whole_signature) {
  const auto text = test::sign("payload", pair_.private_key);
  const auto unsigned_text = text.substr(0, text.rfind('.') + 1);
  EXPECT_NE(verdict(unsigned_text, {key()}), "");
  for (const std::size_t size : {1U, 63U, 65U, 72U}) {
    EXPECT_NE(verdict(unsigned_text + base64url(std::string(size, '\x01')), {key()}), "") << size;
  }
  EXPECT_NE(verdict(unsigned_text + base64url(std::string(64, '\0')), {key()}), "") << "r = s = 0";
}

TEST(Jws, has_three_parts_that_can_be_written_in_one_way_only) {
  EXPECT_TRUE(take_apart("YQ.YQ.YQ"));
  for (const auto* const text :
       {"", ".", "..", "YQ", "YQ.YQ", "YQ.YQ.YQ.YQ", ".YQ.YQ", "YQ..YQ", "YQ.YQ.", "YQ.YQ.YQ==", "YR.YQ.YQ",
        "YQ.YWJ.YQ", "Y.YQ.YQ", "YQ.Y+.YQ", "YQ. YQ.YQ", "YQ.YQ.YQ\n"}) {
    EXPECT_FALSE(take_apart(text)) << text;
  }
}

TEST(Jws, is_told_from_json_by_its_form) {
  EXPECT_TRUE(is_jws(rfc7515_text));
  EXPECT_FALSE(is_jws(R"({"jti":"a.b.c"})"));
  EXPECT_FALSE(is_jws("a.b"));
  EXPECT_FALSE(is_jws("a..c"));
}

std::string complaint_about(const std::string& text) {
  const auto key = PublicKey::from_pem(text);
  return key ? "" : key.error().detail;
}

TEST(PublicKey, is_of_one_of_two_kinds_and_knows_its_algorithm) {
  EXPECT_EQ(key_of(rfc7515_key).algorithm(), "ES256");
  EXPECT_EQ(key_of(rfc8037_key).algorithm(), "EdDSA");
  const auto p384 =
      pem("MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEhrkqEhnzgvwvikZbicINQUQLmiALvwUZYzdexuZejqN/5+W+"
          "kXF/bycly1O/adcNz0kKCj+rkYiS3BcgVXWCiCi3cksFF8RcihGMkIkzaaptJIP367G6LjmSBYoEQtVl");
  EXPECT_THAT(complaint_about(p384), HasSubstr("neither a P-256 nor an Ed25519 key"));
}

TEST(PublicKey, says_what_to_do_with_another_file) {
  const test::TempDir folder;
  const auto pair = test::make_key_pair(folder.path(), "dispatch", KeyKind::p256);
  EXPECT_THAT(complaint_about(test::read_text(pair.private_key)), HasSubstr("is a private key"));
  EXPECT_THAT(complaint_about("hello"), HasSubstr("-----BEGIN PUBLIC KEY-----"));
  EXPECT_THAT(complaint_about(pem("hello")), HasSubstr("is no public key in PEM"));
  EXPECT_THAT(PublicKey::from_file(folder.file("nothing")).error().detail, HasSubstr("cannot be read"));
  EXPECT_THAT(PublicKey::from_file(folder.path().string()).error().detail, HasSubstr("cannot be read"));
}

TEST(PublicKey, never_asks_for_a_password) {
  const auto locked =
      "-----BEGIN PUBLIC KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0F\n\n" +
      std::string{"MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n"};
  EXPECT_THAT(complaint_about(locked), HasSubstr("is no public key"));
}

}  // namespace
}  // namespace fettle::delivery
