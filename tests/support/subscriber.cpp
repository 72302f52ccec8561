#include "support/subscriber.hpp"

#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace fettle::test {
namespace {

/// Tells a message from what mosquitto_sub says about itself.
constexpr std::string_view mark = "=> ";

/// Into a pipe it would write its lines only when many have come together, so stdbuf makes it write each.
std::vector<std::string> command(unsigned short port, const std::string& filter,
                                 const std::vector<std::string>& options) {
  std::vector<std::string> result{"stdbuf",
                                  "-oL",
                                  "mosquitto_sub",
                                  "-h",
                                  "127.0.0.1",
                                  "-p",
                                  std::to_string(port),
                                  "-t",
                                  filter,
                                  "-q",
                                  "1",
                                  "-d",
                                  "-F",
                                  fmt::format("{}%r %t %p", mark)};
  result.insert(result.end(), options.begin(), options.end());
  return result;
}

Subscriber::Witness& the_witness() {
  static Subscriber::Witness witness;
  return witness;
}

}  // namespace

void Subscriber::set_witness(Witness witness) { the_witness() = std::move(witness); }

Subscriber::~Subscriber() {
  while (next(std::chrono::milliseconds{0})) continue;
}

Subscriber::Subscriber(unsigned short port, const std::string& filter, const std::vector<std::string>& options,
                       Witnessed witnessed)
    : process_{command(port, filter, options)}, is_witnessed_{witnessed == Witnessed::yes} {
  if (!wait_until_subscribed(std::chrono::seconds{10})) {
    throw std::runtime_error{"mosquitto_sub does not subscribe:\n" + process_.output()};
  }
}

std::optional<Received> Subscriber::next(std::chrono::milliseconds within) {
  const auto line = process_.wait_for_line([](const std::string& each) { return each.starts_with(mark); }, within);
  if (!line) return std::nullopt;
  return keep(*line);
}

bool Subscriber::wait_until_subscribed(std::chrono::milliseconds within) {
  const auto is_answer = [this](const std::string& line) {
    if (line.starts_with(mark)) keep(line);
    return line.starts_with("Subscribed");
  };
  return process_.wait_for_line(is_answer, within).has_value();
}

Received Subscriber::keep(const std::string& line) {
  const auto topic_at = mark.size() + 2;
  const auto payload_at = line.find(' ', topic_at);
  Received received{line.substr(topic_at, payload_at - topic_at), line.substr(payload_at + 1),
                    line.at(mark.size()) == '1'};
  all_.push_back(received);
  if (is_witnessed_ && the_witness()) the_witness()(received);
  return received;
}

std::optional<Received> Subscriber::wait_for(const std::function<bool(const Received&)>& pleases,
                                             std::chrono::milliseconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    auto received = next(std::max(left, std::chrono::milliseconds{0}));
    if (!received || pleases(*received)) return received;
  }
}

std::optional<Received> Subscriber::wait_for(const std::string& topic_ending, std::chrono::milliseconds within) {
  return wait_for([&topic_ending](const Received& each) { return each.topic.ends_with(topic_ending); }, within);
}

std::map<std::string, std::string> Subscriber::latest() const {
  std::map<std::string, std::string> result;
  for (const auto& each : all_) {
    if (each.payload.empty()) {
      result.erase(each.topic);
    } else {
      result[each.topic] = each.payload;
    }
  }
  return result;
}

}  // namespace fettle::test
