#include "support/rabbitmq.hpp"

#include "support/ports.hpp"

#include <fmt/format.h>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace fettle::test {
namespace {

constexpr std::chrono::seconds patience{120};

/// The program itself: the one in the path is a wrapper that changes the user and the folder.
constexpr const char* program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

}  // namespace

Rabbitmq::Rabbitmq()
    : port_{free_port()},
      mapper_port_{free_port()},
      node_port_{free_port()},
      mapper_{{"epmd", "-port", std::to_string(mapper_port_), "-address", "127.0.0.1"}} {
  folder_.write("enabled_plugins", "[rabbitmq_mqtt].\n");
  folder_.write("rabbitmq.conf", fmt::format("listeners.tcp = none\nmqtt.listeners.tcp.1 = 127.0.0.1:{}\n"
                                             "mqtt.allow_anonymous = true\nlog.console = true\nlog.file = false\n",
                                             port_));
  start();
}

void Rabbitmq::start() {
  const auto folder = folder_.path().string();
  const std::map<std::string, std::string> environment{
      {"HOME", folder},
      {"ERL_EPMD_PORT", std::to_string(mapper_port_)},
      {"ERL_EPMD_ADDRESS", "127.0.0.1"},
      {"RABBITMQ_NODENAME", fmt::format("fettle{}@localhost", port_)},
      {"RABBITMQ_DIST_PORT", std::to_string(node_port_)},
      {"RABBITMQ_MNESIA_BASE", folder},
      {"RABBITMQ_LOG_BASE", folder},
      {"RABBITMQ_ENABLED_PLUGINS_FILE", folder_.file("enabled_plugins")},
      {"RABBITMQ_CONFIG_FILE", folder_.file("rabbitmq.conf")},
      {"RABBITMQ_CONF_ENV_FILE", folder_.file("none")},  // not the one of the system's service
      {"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none"},
      {"RUNNING_UNDER_SYSTEMD", "true"},  // the script becomes the broker, instead of standing between us and it
  };
  process_.emplace(std::vector<std::string>{program}, ChildOptions{environment, folder_.path(), false});
  if (!process_->wait_for_line("Server startup complete", patience)) {
    throw std::runtime_error{"rabbitmq-server does not start:\n" + process_->output()};
  }
}

void Rabbitmq::kill() {
  process_->kill();
  process_.reset();
}

void Rabbitmq::stop() {
  process_->terminate(patience);
  process_.reset();
}

}  // namespace fettle::test
