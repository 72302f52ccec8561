#include "support/mosquitto.hpp"

#include "support/ports.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <stdexcept>

namespace fettle::test {
namespace {

constexpr std::chrono::seconds patience{10};

std::string with_folder(std::string settings, const std::string& folder) {
  constexpr std::string_view mark = "%folder%";
  for (auto place = settings.find(mark); place != std::string::npos; place = settings.find(mark)) {
    settings.replace(place, mark.size(), folder);
  }
  return settings;
}

}  // namespace

Mosquitto::Mosquitto(const std::string& settings) : port_{free_port()} {
  // As root it would become another user, who may not write into our folder.
  const std::string user = geteuid() == 0 ? "user root\n" : "";
  const auto anonymous = settings.find("password_file") == std::string::npos ? "true" : "false";
  folder_.write(
      "mosquitto.conf",
      fmt::format("{}listener {} 127.0.0.1\nallow_anonymous {}\npersistence true\npersistence_location {}/\n"
                  "log_dest stderr\n{}\n",
                  user, port_, anonymous, folder_.path().string(), with_folder(settings, folder_.path().string())));
  start();
}

void Mosquitto::start() {
  process_.emplace(std::vector<std::string>{"mosquitto", "-c", folder_.file("mosquitto.conf")});
  if (!process_->wait_for_line("running", patience)) {
    throw std::runtime_error{"mosquitto does not start:\n" + process_->output()};
  }
}

void Mosquitto::listen() {
  if (process_) process_->output();
}

std::optional<std::string> Mosquitto::wait_for_line(const std::regex& pattern, std::chrono::milliseconds within) {
  return process_->wait_for_line(pattern, within);
}

void Mosquitto::kill() {
  process_->kill();
  process_.reset();
}

void Mosquitto::stop() {
  process_->terminate();
  process_.reset();
}

}  // namespace fettle::test
