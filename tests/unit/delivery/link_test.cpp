#include "delivery/link.hpp"

#include "delivery_fixture.hpp"
#include "support/certificates.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>

namespace fettle::delivery {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using test::run_until;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A gateway with three brokers.
class LinkTest : public DeliveryTest {
 protected:
  LinkTest() { settings_.addresses = {{"a", 1883}, {"b", 1883}, {"c", 1883}}; }

  bool attempts(std::size_t count) {
    return run_until(home_, [this, count] { return broker_->approaches.size() >= count; });
  }
  std::string hosts() const {
    std::string result;
    for (const auto& each : broker_->approaches) result += each.address.host;
    return result;
  }
  void lose() { broker_->listener.connection_lost("broken"); }
};

TEST_F(LinkTest, tries_the_brokers_in_their_order) {
  start();
  for (std::size_t count = 1; count < 7; ++count) {
    ASSERT_TRUE(attempts(count));
    lose();
  }
  ASSERT_TRUE(attempts(7));
  EXPECT_EQ(hosts(), "abcabca");
}

TEST_F(LinkTest, waits_between_rounds_and_not_within_one) {
  times_.first_retry = times_.longest_retry = hours{1};
  start();
  lose();
  ASSERT_TRUE(attempts(2));
  lose();
  ASSERT_TRUE(attempts(3));
  lose();
  home_.restart();
  home_.run_for(milliseconds{50});
  EXPECT_EQ(hosts(), "abc");
}

TEST_F(LinkTest, comes_back_to_the_first_broker_after_one_that_was_of_use) {
  start();
  lose();
  ASSERT_TRUE(attempts(2));
  welcome();
  settle();
  lose();
  ASSERT_TRUE(attempts(3));
  EXPECT_EQ(hosts(), "aba");
}

TEST_F(LinkTest, goes_on_to_the_next_when_a_broker_throws_it_out_after_each_welcome) {
  start();
  welcome();
  lose();
  ASSERT_TRUE(attempts(2));
  EXPECT_EQ(hosts(), "ab");
}

TEST_F(LinkTest, comes_back_at_a_random_moment_after_an_outage_that_all_have_seen) {
  settings_.reconnect_within = hours{1000};
  start();
  welcome();
  settle();
  lose();
  home_.restart();
  home_.run_for(milliseconds{50});
  EXPECT_EQ(hosts(), "a") << "the chance that the moment has come already is nothing";
}

TEST_F(LinkTest, does_not_wait_so_long_for_a_broker_that_it_has_never_reached) {
  settings_.reconnect_within = hours{1000};
  start();
  lose();
  EXPECT_TRUE(attempts(2));
}

TEST(Backoff, spreads_the_return_over_all_of_the_time) {
  Backoff backoff{milliseconds{1}, milliseconds{2}, 7};
  milliseconds earliest{60'000}, latest{0};
  for (int number = 0; number < 1000; ++number) {
    const auto wait = backoff.within(milliseconds{60'000});
    earliest = std::min(earliest, wait);
    latest = std::max(latest, wait);
  }
  EXPECT_LT(earliest, milliseconds{1'000});
  EXPECT_GT(latest, milliseconds{59'000});
  EXPECT_LE(latest, milliseconds{60'000});
}

TEST_F(LinkTest, tries_the_first_broker_again_after_a_while_on_another) {
  times_.return_after = milliseconds{10};
  start();
  lose();
  ASSERT_TRUE(attempts(2));
  welcome();
  ASSERT_TRUE(attempts(3));
  EXPECT_EQ(broker_->farewells, 1) << "no will is to be published";
  lose();
  ASSERT_TRUE(attempts(4));
  EXPECT_EQ(hosts(), "abab");
  welcome();
  ASSERT_TRUE(attempts(5));
  welcome();
  home_.restart();
  home_.run_for(milliseconds{50});
  EXPECT_EQ(hosts(), "ababa") << "there it stays";
}

TEST_F(LinkTest, connects_anew_at_once_when_its_login_expires) {
  times_.first_retry = hours{1};
  start();
  welcome();
  settle();
  broker_->listener.login_expires();
  EXPECT_EQ(hosts(), "aa");
  EXPECT_EQ(broker_->farewells, 1) << "no will is to be published";
  broker_->listener.login_expires();
  EXPECT_EQ(hosts(), "aa") << "not while it is at it";
}

TEST_F(LinkTest, counts_a_session_for_each_attempt) {
  start();
  lose();
  ASSERT_TRUE(attempts(2));
  EXPECT_THAT(broker_->wills.at(1).message.payload, HasSubstr("\"session\":1813"));
}

/// A gateway with one broker and a certificate that is to follow the present one.
class Rotation : public LinkTest {
 protected:
  Rotation() {
    settings_.addresses = {{"a", 8883, Transport::tls}};
    settings_.tls = {authority_.certificate(), present_.certificate, present_.key};
    settings_.incoming = incoming_.path().string();
    bring(authority_);
  }
  /// Puts a new pair where the installer would.
  void bring(const test::Authority& authority, int days = 30) {
    const auto pair = authority.issue("gw-0042", days, incoming_.path());
    std::filesystem::rename(pair.certificate, incoming_.file("certificate.pem"));
    std::filesystem::rename(pair.key, incoming_.file("key.pem"));
  }
  void rotate(Delivery& delivery) {
    delivery.rotate([this](const Result<void>& result) { ends_.push_back(result ? "done" : result.error().detail); });
  }
  bool new_is_in_place() const { return test::read_text(present_.certificate) == new_text_; }

  test::TempDir folder_, incoming_;
  test::Authority authority_{folder_.path()};
  test::Identity present_ = authority_.issue("gw-0042");
  std::string new_text_;
  std::vector<std::string> ends_;
};

TEST_F(Rotation, puts_a_certificate_in_place_once_the_broker_has_welcomed_it) {
  auto& delivery = start();
  welcome();
  settle();
  new_text_ = test::read_text(incoming_.file("certificate.pem"));
  rotate(delivery);
  ASSERT_THAT(broker_->approaches, SizeIs(2));
  EXPECT_EQ(broker_->farewells, 1) << "the old connection says goodbye, so that no will is published";
  EXPECT_EQ(broker_->approaches.back().tls.certificate, incoming_.file("certificate.pem"));
  EXPECT_EQ(broker_->approaches.back().tls.authority, authority_.certificate());
  EXPECT_FALSE(new_is_in_place());
  welcome(true);
  EXPECT_TRUE(new_is_in_place());
  EXPECT_THAT(ends_, ElementsAre("done"));
  EXPECT_TRUE(delivery.is_connected());
  EXPECT_FALSE(std::filesystem::exists(incoming_.file("key.pem")));
  lose();
  ASSERT_TRUE(attempts(3));
  EXPECT_EQ(broker_->approaches.back().tls.certificate, present_.certificate);
}

TEST_F(Rotation, returns_to_the_present_certificate_when_the_broker_rejects_the_new_one) {
  auto& delivery = start();
  welcome();
  settle();
  const auto old_text = test::read_text(present_.certificate);
  rotate(delivery);
  lose();
  ASSERT_THAT(broker_->approaches, SizeIs(3));
  EXPECT_EQ(broker_->approaches.back().tls.certificate, present_.certificate);
  EXPECT_THAT(ends_, IsEmpty()) << "not before there is a connection again";
  welcome(true);
  EXPECT_THAT(ends_, ElementsAre(HasSubstr("broken")));
  EXPECT_EQ(test::read_text(present_.certificate), old_text);
  EXPECT_TRUE(delivery.is_connected());
}

TEST_F(Rotation, returns_to_the_present_certificate_when_the_broker_does_not_answer) {
  times_.connect_deadline = milliseconds{10};
  auto& delivery = start();
  welcome();
  rotate(delivery);
  ASSERT_TRUE(attempts(3));
  EXPECT_EQ(broker_->approaches.back().tls.certificate, present_.certificate);
}

TEST_F(Rotation, returns_to_the_present_certificate_when_the_new_one_cannot_be_kept) {
  folder_.write("gw-0042.pem.d", "a file where a folder should be");
  auto& delivery = start();
  welcome();
  rotate(delivery);
  welcome();
  ASSERT_THAT(broker_->approaches, SizeIs(3));
  EXPECT_EQ(broker_->approaches.back().tls.certificate, present_.certificate);
  welcome();
  EXPECT_THAT(ends_, ElementsAre(HasSubstr("gw-0042.pem.d")));
}

TEST_F(Rotation, does_not_touch_the_connection_for_a_certificate_that_cannot_be_good) {
  auto& delivery = start();
  welcome();
  bring(authority_, -1);
  EXPECT_THAT(delivery.can_rotate().error().detail, HasSubstr("is valid from"));
  rotate(delivery);
  std::filesystem::remove(incoming_.file("certificate.pem"));
  rotate(delivery);
  EXPECT_THAT(ends_, ElementsAre(HasSubstr("is valid from"), HasSubstr("cannot read")));
  EXPECT_TRUE(delivery.is_connected());
  EXPECT_THAT(broker_->approaches, SizeIs(1));
}

TEST_F(Rotation, happens_once_at_a_time) {
  auto& delivery = start();
  welcome();
  rotate(delivery);
  rotate(delivery);
  EXPECT_THAT(ends_, ElementsAre(HasSubstr("not finished yet")));
}

TEST_F(Rotation, waits_until_the_answer_to_the_command_is_out) {
  auto& delivery = start();
  welcome();
  settle();
  delivery.answer({"dispatch", ""}, "202");
  rotate(delivery);
  EXPECT_THAT(broker_->approaches, SizeIs(1));
  broker_->acknowledge_all();
  EXPECT_THAT(broker_->approaches, SizeIs(2));
}

TEST_F(Rotation, helps_when_the_present_certificate_is_not_accepted_any_more) {
  auto& delivery = start();
  lose();
  rotate(delivery);
  EXPECT_EQ(broker_->approaches.back().tls.certificate, incoming_.file("certificate.pem"));
  welcome();
  EXPECT_THAT(ends_, ElementsAre("done"));
}

TEST_F(Rotation, is_told_that_the_agent_stops) {
  auto& delivery = start();
  welcome();
  rotate(delivery);
  delivery.stop([] {});
  EXPECT_THAT(ends_, ElementsAre("the agent stops"));
}

TEST_F(Rotation, needs_a_folder_for_new_certificates) {
  settings_.incoming.clear();
  auto& delivery = start();
  EXPECT_EQ(delivery.can_rotate().error().fault, Fault::unsupported);
}

}  // namespace
}  // namespace fettle::delivery
