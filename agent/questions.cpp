#include "questions.hpp"

#include "local_door.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace fettle {
namespace {

using Op = Question::Op;

constexpr std::array<std::pair<std::string_view, Op>, 3> ops{
    {{"read", Op::read}, {"status", Op::status}, {"alerts", Op::alerts}}};

std::string list_of(const std::vector<std::string>& documents) {
  return fmt::format("[{}]", fmt::join(documents, ","));
}

}  // namespace

std::string to_json(const Question& question) {
  const auto* const op =
      std::find_if(ops.begin(), ops.end(), [&question](const auto& each) { return each.second == question.op; });
  boost::json::object object{{"op", op->first}};
  if (question.op == Op::alerts) {
    object["closed"] = question.closed;
    object["n"] = question.at_most;
  }
  return boost::json::serialize(object);
}

std::optional<Question> parse_question(const std::string& json) {
  try {
    const auto document = boost::json::parse(json);
    const auto& object = document.as_object();
    const auto& name = object.at("op").as_string();
    const auto* const op = std::find_if(ops.begin(), ops.end(),
                                        [&name](const auto& each) { return each.first == std::string_view{name}; });
    if (op == ops.end()) return std::nullopt;
    Question question{op->second, false, most_alerts};
    if (const auto* closed = object.if_contains("closed")) question.closed = closed->as_bool();
    if (const auto* number = object.if_contains("n"))
      question.at_most = std::min(most_alerts, number->to_number<std::size_t>());
    return question;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::string answer(const std::string& question, const Answers& answers) {
  const auto asked = parse_question(question);
  if (!asked) return R"({"error":"unknown question","hint":"{\"op\":\"status\"}"})";
  switch (asked->op) {
    case Op::read: return to_json(answers.readings());
    case Op::status: return to_json(answers.status());
    case Op::alerts: return list_of(answers.alerts(asked->closed, asked->at_most));
  }
  return {};
}

std::optional<AgentStatus> ask_status(const std::string& store_folder) {
  return parse_agent_status(ask_agent(store_folder, to_json(Question{Op::status, false, 0})));
}

std::optional<std::string> ask_alerts(const std::string& store_folder, bool closed, std::size_t at_most) {
  auto answered = ask_agent(store_folder, to_json(Question{Op::alerts, closed, at_most}));
  if (!answered.starts_with('[')) return std::nullopt;
  return answered;
}

std::string no_agent(const std::string& store_folder) {
  return fmt::format(
      "no agent of this version answers at {}\n"
      "Start one (systemctl start fettle), or ask as the user it runs as (sudo); -c FILE names its site file.\n",
      LocalDoor::path(store_folder));
}

}  // namespace fettle
