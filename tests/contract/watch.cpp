#include "support/subscriber.hpp"
#include "support/validator.hpp"

#include <gtest/gtest.h>
#include <exception>
#include <map>
#include <set>
#include <string>
#include <utility>

// Linked into a test program, it has every document that the program's subscribers receive judged when the test ends. Rule 4 of the
// contract is kept here too: the same episode and revision never has other content.

namespace fettle::test {
namespace {

bool is_of_the_contract(const std::string& topic) { return ("/" + topic).find("/fettle/v1/") != std::string::npos; }

/// From the beginning to the end of `source`; empty for what is no alert.
std::string identity(const Received& received) {
  if (received.topic.find("/alert/") == std::string::npos) return {};
  const auto end = received.payload.find(R"(","type")");
  return end == std::string::npos ? std::string{} : received.payload.substr(0, end);
}

class Watch final : public testing::EmptyTestEventListener {
 public:
  Watch() {
    Subscriber::set_witness([this](const Received& received) {
      if (is_of_the_contract(received.topic)) documents_.emplace(received.topic, received.payload);
    });
  }

 private:
  void OnTestEnd(const testing::TestInfo& /*test*/) override {
    if (documents_.empty()) return;
    try {
      judge_all();
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
    documents_.clear();
  }

  void judge_all() const {
    Validator validator;
    std::map<std::string, std::string> contents;
    for (const auto& [topic, payload] : documents_) {
      EXPECT_EQ(validator.judge(topic, payload), "") << topic << "\n" << payload;
      const auto known = identity({topic, payload});
      if (known.empty()) continue;
      EXPECT_EQ(contents.emplace(known, payload).first->second, payload) << "two contents under one id";
    }
  }

  std::set<std::pair<std::string, std::string>> documents_;
};

[[maybe_unused]] const bool watching = [] {
  testing::UnitTest::GetInstance()->listeners().Append(new Watch);  // which the list deletes
  return true;
}();

}  // namespace
}  // namespace fettle::test
