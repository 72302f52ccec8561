#pragma once

#include "agent_status.hpp"
#include "live_readings.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fettle {

/// So many alerts are told at most.
inline constexpr std::size_t most_alerts = 1'000;

/// What the command line asks a running agent at its local door: one JSON object, `{"op":"alerts","closed":true,"n":20}`.
struct Question {
  enum class Op : std::uint8_t { read, status, alerts };
  Op op = Op::read;
  bool closed = false;      ///< alerts: the closed ones, the latest first
  std::size_t at_most = 0;  ///< alerts
};

std::string to_json(const Question& question);
/// Nothing if it is no question that an agent of this version knows.
std::optional<Question> parse_question(const std::string& json);

/// Who knows the answers.
struct Answers {
  std::function<std::vector<LiveReading>()> readings;
  std::function<AgentStatus()> status;
  /// Alert documents, minified.
  std::function<std::vector<std::string>(bool closed, std::size_t at_most)> alerts;
};

/// Answers a question that came in at the local door: readings and status as objects, alerts as a list of documents.
std::string answer(const std::string& question, const Answers& answers);

/// Asks the agent that runs on this store; nothing if none does, or none that can be understood.
std::optional<AgentStatus> ask_status(const std::string& store_folder);
/// The documents as they are, one list.
std::optional<std::string> ask_alerts(const std::string& store_folder, bool closed, std::size_t at_most);

/// What to tell somebody who has asked an agent in vain.
std::string no_agent(const std::string& store_folder);

}  // namespace fettle
