#include "support/back_office.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <boost/json.hpp>
#include <stdexcept>

namespace fettle::test {
namespace {

constexpr std::chrono::seconds patience{20};
constexpr std::int64_t lifetime = 60;

}  // namespace

BackOffice::BackOffice(unsigned short port, std::string gateway, std::string name)
    : port_{port},
      gateway_{std::move(gateway)},
      name_{std::move(name)},
      now_{[] {
        return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
      }},
      answers_{port, fmt::format("fettle/v1/{}/res/{}", gateway_, name_)} {}

boost::json::object BackOffice::claims(const std::string& op, boost::json::object args) {
  const auto now = now_().count();
  return {{"jti", fmt::format("{}-{}-{}", name_, getpid(), ++count_)},
          {"iss", name_},
          {"sub", "m.lee"},
          {"aud", gateway_},
          {"iat", now},
          {"exp", now + lifetime},
          {"op", op},
          {"args", std::move(args)}};
}

void BackOffice::send(const boost::json::object& claims) {
  const auto text = boost::json::serialize(claims);
  const std::string op{claims.at("op").as_string()};
  Child publisher{{"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(port_), "-V", "5", "-q", "1", "-t",
                   fmt::format("fettle/v1/{}/cmd/{}/{}", gateway_, name_, op), "-m", sign_ ? sign_(text) : text}};
  if (publisher.wait(patience) != 0) throw std::runtime_error{"mosquitto_pub: " + publisher.output()};
}

boost::json::object BackOffice::ask(const boost::json::object& claims) {
  send(claims);
  const std::string jti{claims.at("jti").as_string()};
  const auto mine = [&jti](const Received& each) {
    return boost::json::parse(each.payload).as_object().at("jti").as_string() == jti;
  };
  const auto answer = answers_.wait_for(mine, patience);
  if (!answer) throw std::runtime_error{"no answer to " + boost::json::serialize(claims)};
  return boost::json::parse(answer->payload).as_object();
}

}  // namespace fettle::test
