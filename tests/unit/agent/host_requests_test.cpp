#include "host_requests.hpp"

#include <gmock/gmock.h>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/temp_dir.hpp"

namespace fettle {
namespace {

const UpdateOrder order{"jti-1", "maintenance/m.lee", "1.5.0", "https://example.org/fettle_1.5.0_arm64.deb",
                        std::string(64, 'a')};

class Host : public testing::Test {
 protected:
  void answer(const std::string& state, const std::string& sha256, const std::string& why) const {
    folder.write("update-result", state + "\n" + sha256 + "\n" + why + "\n");
  }

  std::string request() const {
    std::ifstream stream{folder.file("update-request")};
    return {std::istreambuf_iterator<char>{stream}, {}};
  }

  void age(const char* name, std::chrono::minutes span) const {
    const std::filesystem::path file{folder.file(name)};
    std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - span);
  }

  test::TempDir folder;
  HostRequests host{folder.path().string()};
};

TEST_F(Host, is_asked_in_one_line_of_words) {
  EXPECT_FALSE(host.latest());
  ASSERT_TRUE(host.update(order));
  EXPECT_EQ(request(), "update 1.5.0 https://example.org/fettle_1.5.0_arm64.deb " + order.sha256 + "\n");
  EXPECT_TRUE(host.is_updating());
  ASSERT_TRUE(host.restart_host());
  EXPECT_EQ(request(), "restart\n");
}

TEST_F(Host, leaves_word_that_is_found_after_a_restart_of_the_agent) {
  ASSERT_TRUE(host.update(order));
  answer("rolled-back", order.sha256, "it did not start");
  HostRequests recalled{folder.path().string()};
  EXPECT_TRUE(recalled.is_updating());
  EXPECT_TRUE(recalled.look());
  EXPECT_EQ(recalled.latest()->jti, "jti-1");
  EXPECT_EQ(recalled.latest()->state, "rolled-back");
  EXPECT_EQ(recalled.latest()->why, "it did not start");
  EXPECT_FALSE(recalled.look()) << "no news";
  EXPECT_EQ(HostRequests{folder.path().string()}.latest()->state, "rolled-back");
}

TEST_F(Host, goes_on_with_what_it_could_not_undo_yet) {
  ASSERT_TRUE(host.update(order));
  answer("stuck", order.sha256, "it did not start; 1.4.0 could not be installed again either");
  EXPECT_TRUE(host.look());
  EXPECT_EQ(host.latest()->why, "it did not start; 1.4.0 could not be installed again either");
  EXPECT_TRUE(host.is_updating());
  age("update.json", std::chrono::minutes{61});
  EXPECT_FALSE(host.look()) << "no news, and no reason to call it refused";
  answer("rolled-back", order.sha256, "it did not start");
  EXPECT_TRUE(host.look());
  EXPECT_EQ(host.latest()->state, "rolled-back");
}

TEST_F(Host, is_not_believed_when_it_speaks_of_another_package) {
  ASSERT_TRUE(host.update(order));
  answer("installed", std::string(64, 'b'), "");
  EXPECT_FALSE(host.look());
  EXPECT_TRUE(host.is_updating());
}

TEST_F(Host, that_nobody_serves_is_told_so_after_ten_minutes) {
  ASSERT_TRUE(host.update(order));
  EXPECT_FALSE(host.look());
  age("update-request", std::chrono::minutes{11});
  EXPECT_TRUE(host.look());
  EXPECT_EQ(host.latest()->state, "refused");
  EXPECT_THAT(host.latest()->why, testing::HasSubstr("fettle-update.path"));
  EXPECT_EQ(request(), "") << "or it would be carried out some day";
}

TEST_F(Host, that_takes_a_request_and_falls_silent_bars_no_other_update_for_ever) {
  ASSERT_TRUE(host.update(order));
  std::filesystem::remove(folder.file("update-request"));
  EXPECT_FALSE(host.look());
  age("update.json", std::chrono::minutes{61});
  EXPECT_TRUE(host.look());
  EXPECT_EQ(host.latest()->why, "no word came of it within an hour (journalctl -u fettle-update)");
  EXPECT_FALSE(host.is_updating());
}

}  // namespace
}  // namespace fettle
