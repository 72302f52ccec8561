#include "service_manager.hpp"

#include "support/service_listener.hpp"
#include "support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <cstdlib>

namespace fettle {
namespace {

class Told : public testing::Test {
 protected:
  static ServiceManager at(const std::string& address) {
    ::setenv("NOTIFY_SOCKET", address.c_str(), 1);
    ServiceManager manager;
    ::unsetenv("NOTIFY_SOCKET");
    return manager;
  }

  test::TempDir folder;
};

TEST_F(Told, says_one_message_a_call) {
  const test::ServiceListener listener{folder.file("notify")};
  const auto manager = at(folder.file("notify"));
  manager.ready("reading 3 devices");
  manager.feed_watchdog();
  manager.reloading();
  manager.stopping();
  EXPECT_EQ(listener.take(), "READY=1\nSTATUS=reading 3 devices");
  EXPECT_EQ(listener.take(), "WATCHDOG=1");
  EXPECT_EQ(listener.take(), "RELOADING=1");
  EXPECT_EQ(listener.take(), "STOPPING=1");
  EXPECT_EQ(listener.take(), "");
}

TEST_F(Told, finds_a_listener_without_a_file) {
  const auto name = "@fettle" + folder.path().string();
  const test::ServiceListener listener{name};
  at(name).feed_watchdog();
  EXPECT_EQ(listener.take(), "WATCHDOG=1");
}

TEST_F(Told, says_nothing_where_nobody_asked) {
  const test::ServiceListener listener{folder.file("notify")};
  ::unsetenv("NOTIFY_SOCKET");
  ServiceManager{}.ready("");
  EXPECT_EQ(listener.take(), "");
}

}  // namespace
}  // namespace fettle
