#include <gmock/gmock.h>

#include <csignal>

#include "running_agent.hpp"
#include "support/service_listener.hpp"

// What the real binary tells the service manager that started it.

namespace fettle {
namespace {

using test::patience;
using testing::StartsWith;

class Service : public test::RunningAgent {
 protected:
  test::Child start() const {
    return test::Child{{FETTLE_BINARY, "run", "-c", site, "--speed", "3600"},
                       {{{"NOTIFY_SOCKET", address}}, {}, false}};
  }

  /// The next message that is not about the watchdog.
  std::string news() const {
    auto message = manager.take(patience);
    while (message == "WATCHDOG=1") message = manager.take(patience);
    return message;
  }

  std::string address = folder.file("notify");
  test::ServiceListener manager{address};
};

TEST_F(Service, is_ready_when_it_reads_and_says_so_again_after_each_change) {
  auto agent = start();
  EXPECT_THAT(news(), StartsWith("READY=1\nSTATUS=reading 2 devices on 2 buses, following ")) << agent.output();
  EXPECT_EQ(manager.take(patience), "WATCHDOG=1");
  agent.signal(SIGHUP);
  EXPECT_EQ(news(), "RELOADING=1");
  EXPECT_THAT(news(), StartsWith("READY=1\n"));
  agent.signal(SIGTERM);
  EXPECT_EQ(news(), "STOPPING=1");
  EXPECT_EQ(agent.wait(patience), 0);
}

TEST_F(Service, feeds_the_watchdog_while_no_device_answers) {
  peer.reset();
  auto agent = start();
  EXPECT_TRUE(agent.wait_for_line("no answer", patience));
  EXPECT_THAT(news(), StartsWith("READY=1\n"));
  for (int meal = 0; meal < 3; ++meal) EXPECT_EQ(manager.take(patience), "WATCHDOG=1");
}

}  // namespace
}  // namespace fettle
