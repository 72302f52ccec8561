#include "link_fixture.hpp"
#include "support/certificates.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <filesystem>

namespace fettle::delivery {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

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
