#include "delivery/certificate.hpp"

#include "delivery/rotation.hpp"
#include "support/certificates.hpp"
#include "support/child.hpp"
#include "support/temp_dir.hpp"
#include "support/this_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <vector>

namespace fettle::delivery {
namespace {

using std::chrono::hours;
using ::testing::HasSubstr;

Time now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

TlsFiles files_of(const test::Identity& identity, const std::string& authority = {}) {
  return {authority, identity.certificate, identity.key};
}

std::string trouble(const Result<void>& result) { return result ? "" : result.error().detail; }

class CertificateTest : public ::testing::Test {
 protected:
  test::TempDir folder_, other_folder_;
  test::Authority authority_{folder_.path()}, stranger_{other_folder_.path()};
  test::Identity present_ = authority_.issue("gw-0042");
};

TEST_F(CertificateTest, says_whose_it_is_and_until_when) {
  const auto certificate = read_certificate(present_.certificate).value();
  EXPECT_EQ(certificate.name, "gw-0042");
  EXPECT_LT(certificate.valid_from, now());
  EXPECT_NEAR(static_cast<double>((certificate.expires - now()) / hours{1}), 30 * 24, 1);
  EXPECT_EQ(certificate_expiry(present_.certificate), certificate.expires);
}

TEST_F(CertificateTest, has_no_expiry_where_there_is_none) {
  EXPECT_EQ(certificate_expiry("/nowhere/certificate.pem"), std::nullopt);
  EXPECT_EQ(certificate_expiry(folder_.write("text", "no certificate")), std::nullopt);
  EXPECT_EQ(certificate_expiry(""), std::nullopt);
}

TEST_F(CertificateTest, belongs_to_one_key) {
  EXPECT_TRUE(check_pair(files_of(present_)));
  EXPECT_THAT(trouble(check_pair({{}, present_.certificate, authority_.issue("other").key})),
              HasSubstr("does not belong to the certificate"));
}

TEST_F(CertificateTest, has_an_authority_that_vouches_for_it) {
  EXPECT_TRUE(check_chain(present_.certificate, authority_.certificate()));
  EXPECT_THAT(trouble(check_chain(present_.certificate, stranger_.certificate())), HasSubstr("does not vouch for"));
}

TEST_F(CertificateTest, can_follow_one_of_the_same_name) {
  const auto current = files_of(present_, authority_.certificate());
  const test::TempDir next;
  const auto successor = files_of(authority_.issue("gw-0042", 30, next.path()));
  EXPECT_EQ(trouble(check_successor(current, successor, "gw-0042", now())), "");
  EXPECT_THAT(trouble(check_successor(current, successor, "gw-0042", now() + hours{31 * 24})),
              HasSubstr("is valid from"));
  EXPECT_THAT(trouble(check_successor(current, successor, "gw-0042", now() - hours{2 * 24})),
              HasSubstr("is valid from"));
  EXPECT_THAT(
      trouble(check_successor(current, files_of(authority_.issue("gw-0043", 30, next.path())), "gw-0042", now())),
      HasSubstr("is for \"gw-0043\", not for \"gw-0042\""));
  EXPECT_THAT(trouble(check_successor(current, files_of(stranger_.issue("gw-0042")), "gw-0042", now())),
              HasSubstr("does not vouch for"));
}

TEST_F(CertificateTest, may_come_from_another_authority_than_the_broker_s_if_it_always_has) {
  const auto current = files_of(stranger_.issue("gw-0042"), authority_.certificate());
  const test::TempDir next;
  EXPECT_TRUE(check_successor(current, files_of(stranger_.issue("gw-0042", 30, next.path())), "gw-0042", now()));
}

class PairExchange : public CertificateTest {
 protected:
  std::string content(const TlsFiles& files) { return test::read_text(files.certificate) + test::read_text(files.key); }
  TlsFiles next_pair() {
    next_folders_.push_back(std::make_unique<test::TempDir>());
    return files_of(authority_.issue("gw-0042", 30, next_folders_.back()->path()));
  }

  TlsFiles current_ = files_of(present_);
  std::vector<std::unique_ptr<test::TempDir>> next_folders_;
};

TEST_F(PairExchange, puts_the_new_pair_in_place_and_keeps_the_old_one) {
  const auto old = content(current_);
  const auto next = next_pair();
  ASSERT_EQ(trouble(exchange_pair(current_, next)), "");
  EXPECT_EQ(content(current_), content(next));
  EXPECT_EQ(content({{}, current_.certificate + ".previous", current_.key + ".previous"}), old);
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(current_.key).permissions() & (perms::group_all | perms::others_all), perms::none);
  EXPECT_EQ(std::filesystem::status(current_.key + ".previous").permissions() & (perms::group_all | perms::others_all),
            perms::none);
}

TEST_F(PairExchange, can_be_repeated) {
  for (int number = 0; number < 3; ++number) {
    const auto old = content(current_);
    const auto next = next_pair();
    ASSERT_EQ(trouble(exchange_pair(current_, next)), "");
    EXPECT_EQ(content(current_), content(next));
    EXPECT_EQ(content({{}, current_.certificate + ".previous", current_.key + ".previous"}), old);
  }
  const auto shelf = std::filesystem::directory_iterator{current_.certificate + ".d"};
  EXPECT_EQ(std::distance(begin(shelf), end(shelf)), 2) << "the present pair and the link to it";
}

TEST_F(PairExchange, takes_files_that_an_installer_has_put_over_its_links) {
  ASSERT_TRUE(exchange_pair(current_, next_pair()));
  const auto by_hand = next_pair();
  std::filesystem::rename(by_hand.certificate, current_.certificate);
  std::filesystem::rename(by_hand.key, current_.key);
  const auto next = next_pair();
  ASSERT_EQ(trouble(exchange_pair(current_, next)), "");
  EXPECT_EQ(content(current_), content(next));
}

/// Not a test of its own: the program that the test below kills. Its argument is a folder with three pairs.
TEST(PairExchangeChild, DISABLED_exchanges_until_it_is_killed) {
  const std::filesystem::path folder{std::getenv("FETTLE_TEST_FOLDER")};
  const auto pair = [&folder](const std::string& name) {
    return TlsFiles{{}, (folder / (name + ".pem")).string(), (folder / (name + ".key.pem")).string()};
  };
  for (int number = 0; number < 100'000; ++number) {
    ASSERT_TRUE(exchange_pair(pair("present"), pair(number % 2 == 0 ? "odd" : "even")));
    std::cout << "exchanged" << std::endl;
  }
}

TEST_F(PairExchange, leaves_a_matching_pair_whenever_it_is_killed) {
  const auto present = files_of(authority_.issue("present"));
  authority_.issue("odd");
  authority_.issue("even");
  for (int round = 0; round < 40; ++round) {
    test::Child process{test::this_program_for("PairExchangeChild.DISABLED_exchanges_until_it_is_killed"),
                        {{{"FETTLE_TEST_FOLDER", folder_.path().string()}}, {}}};
    for (int line = 0; line < round % 4; ++line) {
      ASSERT_TRUE(process.wait_for_line("exchanged", std::chrono::seconds{10})) << process.output();
    }
    process.kill();
    ASSERT_EQ(trouble(check_pair(present)), "");
  }
}

TEST_F(PairExchange, leaves_everything_as_it_was_where_it_cannot_write) {
  const auto old = content(current_);
  const auto next = next_pair();
  folder_.write("gw-0042.pem.d", "a file where the folder should be");
  EXPECT_THAT(trouble(exchange_pair(current_, next)), HasSubstr("gw-0042.pem.d"));
  EXPECT_EQ(content(current_), old);
}

}  // namespace
}  // namespace fettle::delivery
