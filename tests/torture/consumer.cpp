#include "torture/consumer.hpp"

#include <fmt/format.h>
#include <chrono>

namespace fettle::test {
namespace {

constexpr auto name = "dispatch";

std::int64_t unix_seconds(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

Consumer::Consumer(unsigned short broker, std::string gateway)
    : broker_{broker},
      gateway_{std::move(gateway)},
      subscriber_{broker, "fettle/v1/" + gateway_ + "/#", {"-c", "-i", "back-office"}} {}

bool Consumer::listen(std::chrono::milliseconds within) {
  const auto message = subscriber_.next(within);
  if (message) ledger_.take(*message);
  return message.has_value();
}

void Consumer::acknowledge(const LedgerRow& row, Time now) {
  command("ack",
          fmt::format(R"({{"id":"{}","note":"booked","ref":{{"system":"test","type":"workorder","id":"WO-{}"}}}})",
                      row.id, commands_),
          now);
}

void Consumer::close(const LedgerRow& row, Time now) {
  command("close",
          fmt::format(R"({{"id":"{}","outcome":{{"verdict":"confirmed","action":"GREASE","fixed":true,"minutes":20,)"
                      R"("by":"tech/a.kaya","at":"{}"}}}})",
                      row.id, to_rfc3339(now)),
          now);
}

void Consumer::command(const std::string& operation, const std::string& arguments, Time now) {
  constexpr std::chrono::hours valid{20 * 24};
  const auto claims = fmt::format(
      R"({{"jti":"torture-{}-{}","iss":"{}","sub":"m.lee","aud":"{}","iat":{},"exp":{},"op":"{}","args":{}}})",
      unix_seconds(now), ++commands_, name, gateway_, unix_seconds(now), unix_seconds(now + valid), operation,
      arguments);
  // What a broker that is away does not take is asked for again later.
  Child sender{{"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker_), "-q", "1", "-t",
                fmt::format("fettle/v1/{}/cmd/{}/{}", gateway_, name, operation), "-m", claims}};
  sender.wait(std::chrono::seconds{5});
}

}  // namespace fettle::test
