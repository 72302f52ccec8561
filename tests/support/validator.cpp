#include "support/validator.hpp"

#include <filesystem>
#include <stdexcept>

namespace fettle::test {
namespace {

constexpr std::chrono::seconds patience{30};

std::string script() {
  const std::filesystem::path tests{FETTLE_SOURCE_DIR "/tests"};
  if (!std::filesystem::exists(tests / "node_modules" / "ajv")) {
    throw std::runtime_error{"no " + (tests / "node_modules").string() + "; get it with: cd tests && npm ci"};
  }
  return (tests / "contract" / "validate.js").string();
}

}  // namespace

Validator::Validator() : process_{{"node", script()}, {{}, {}, true}} {}

std::string Validator::judge(const std::string& topic, const std::string& payload) {
  if (payload.find('\n') != std::string::npos) return "a document of more than one line";
  process_.feed(topic + (payload.empty() ? "" : " " + payload) + "\n");
  const auto verdict = process_.read_line(patience);
  if (!verdict) throw std::runtime_error{"the validator says nothing:\n" + process_.output()};
  return *verdict == "ok" ? "" : *verdict;
}

}  // namespace fettle::test
