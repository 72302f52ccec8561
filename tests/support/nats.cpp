#include "support/nats.hpp"

#include "support/ports.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace fettle::test {
namespace {

constexpr std::chrono::seconds patience{20};

}  // namespace

Nats::Nats() : port_{free_port()} {
  // MQTT needs a name and JetStream, where it keeps sessions and retained messages.
  folder_.write("nats.conf",
                fmt::format("server_name: fettle_test\nlisten: 127.0.0.1:{}\njetstream {{ store_dir: \"{}\" }}\n"
                            "mqtt {{ listen: 127.0.0.1:{} }}\n",
                            free_port(), folder_.path().string(), port_));
  start();
}

void Nats::start() {
  process_.emplace(std::vector<std::string>{"nats-server", "-c", folder_.file("nats.conf")});
  if (!process_->wait_for_line("Server is ready", patience)) {
    throw std::runtime_error{"nats-server does not start:\n" + process_->output()};
  }
}

void Nats::kill() {
  process_->kill();
  process_.reset();
}

void Nats::stop() {
  process_->terminate();
  process_.reset();
}

}  // namespace fettle::test
