#include "delivery/sas_token.hpp"

#include "sample_alerts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fettle::delivery {
namespace {

/// The octets 0 to 31.
constexpr auto key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Made by Python's hmac, hashlib and urllib.
TEST(SasToken, is_the_one_that_another_implementation_makes) {
  EXPECT_EQ(sas_token("hub.example/devices/gw-0042", key, test::at("2026-11-27T09:40:00Z")).value(),
            "SharedAccessSignature sr=hub.example%2Fdevices%2Fgw-0042&"
            "sig=awaHy%2Fy05MmqxR6OJqyjxhvc06D6tNdSS9c99fboJGA%3D&se=1795772400");
}

TEST(SasToken, needs_a_key_in_base64) {
  for (const auto* const wrong : {"", "AAEC*wQF", "AAECAwQ", "====", "HostName=hub.example"}) {
    EXPECT_FALSE(sas_token("hub.example/devices/gw-0042", wrong, Time{})) << wrong;
  }
  EXPECT_THAT(sas_token("r", "?", Time{}).error().detail, ::testing::HasSubstr("base64"));
}

TEST(Percent, leaves_letters_digits_and_four_signs_alone) {
  EXPECT_EQ(percent_encoded("aZ09-_.~"), "aZ09-_.~");
  EXPECT_EQ(percent_encoded("a/b c+d=\xC3\xA4"), "a%2Fb%20c%2Bd%3D%C3%A4");
}

TEST(Percent, is_taken_back) {
  EXPECT_EQ(percent_decoded("a%2Fb%20c%2bd"), "a/b c+d");
  EXPECT_EQ(percent_decoded("100%"), "100%");
  EXPECT_EQ(percent_decoded("%zz%2"), "%zz%2");
}

}  // namespace
}  // namespace fettle::delivery
