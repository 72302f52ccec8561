#pragma once

#include "acquisition/driver.hpp"

#include <fmt/format.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/child.hpp"

namespace fettle::test {

inline acquisition::DeviceProfile profile_of(const std::string& yaml) {
  settings::Mistakes mistakes;
  auto profile = acquisition::read_device_profile(settings::load_text(yaml, "profile.yaml", mistakes), mistakes);
  for (const auto& mistake : mistakes.all()) throw std::runtime_error{settings::to_text(mistake)};
  return profile;
}

inline acquisition::DeviceProfile shipped(const std::string& name) {
  settings::Mistakes mistakes;
  return acquisition::read_device_profile(
      settings::load_file(FETTLE_SOURCE_DIR "/config/devices/" + name + ".yaml", mistakes), mistakes);
}

inline std::unique_ptr<acquisition::Line> line_of(const std::string& driver, const std::string& bus) {
  settings::Mistakes mistakes;
  const auto* const found = Registry<acquisition::Line>::instance().find(driver);
  return found->make(settings::load_text(bus, "site.yaml", mistakes), mistakes);
}

inline std::unique_ptr<acquisition::Line> tcp_line(unsigned short port, std::string_view timeout = "5s",
                                                   std::string_view framing = "tcp") {
  return line_of("modbus_tcp",
                 fmt::format("{{id: lan, driver: modbus_tcp, host: 127.0.0.1, port: {}, timeout: {}, framing: {}}}",
                             port, timeout, framing));
}

inline std::unique_ptr<acquisition::Line> rtu_line(const std::string& port, std::string_view timeout = "5s") {
  return line_of("modbus_rtu",
                 fmt::format("{{id: line, driver: modbus_rtu, port: {}, baud: 19200, timeout: {}}}", port, timeout));
}

inline std::unique_ptr<acquisition::Driver> device_on(acquisition::Line& line,
                                                      const acquisition::DeviceProfile& profile, int unit) {
  settings::Mistakes mistakes;
  const auto node = settings::load_text(fmt::format("{{id: device_{0}, unit: {0}}}", unit), "site.yaml", mistakes);
  return line.attach(shared(profile), node, mistakes);
}

inline void wait_until_ready(Child& peer) {
  if (!peer.wait_for_line("ready", std::chrono::seconds{20})) {
    throw std::runtime_error{"the peer does not start: " + peer.output()};
  }
}

inline std::vector<std::string> with_arguments(std::vector<std::string> command, const std::vector<std::string>& more) {
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

inline std::vector<std::string> python_peer(const std::string& file, const std::vector<std::string>& arguments) {
  return with_arguments({"/usr/bin/python3", FETTLE_PEERS_DIR "/" + file}, arguments);
}

inline std::vector<std::string> node_peer(const std::string& file, const std::vector<std::string>& arguments) {
  return with_arguments({"node", FETTLE_PEERS_DIR "/" + file}, arguments);
}

}  // namespace fettle::test
