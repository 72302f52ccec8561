#include "broker_visit.hpp"

#include "delivery/paho_broker.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

namespace fettle {
namespace {

/// Keeps the first thing that happens, and ends the waiting.
class FirstWord final : public delivery::BrokerListener {
 public:
  explicit FirstWord(boost::asio::io_context& home) : home_{home} {}

  void connected(const delivery::Welcome& /*welcome*/) override { say(Result<void>{}); }
  void connection_lost(const std::string& reason) override { say(failure(Fault::refused, reason)); }
  void published(std::uint64_t /*token*/) override {}
  void refused(std::uint64_t /*token*/, const std::string& /*reason*/) override {}
  void subscribed(const std::string& /*refusal*/) override {}
  void received(const delivery::Incoming& /*message*/) override {}

  const std::optional<Result<void>>& said() const { return said_; }

 private:
  void say(Result<void> word) {
    if (!said_) said_ = std::move(word);
    home_.stop();
  }

  boost::asio::io_context& home_;
  std::optional<Result<void>> said_;
};

}  // namespace

std::string visitor(const delivery::BrokerSettings& settings, const std::string& gateway) {
  return settings.service ? gateway : gateway + "-doctor";
}

Result<void> visit_broker(const delivery::BrokerSettings& settings, const delivery::Address& address,
                          const std::string& gateway, std::chrono::seconds patience) {
  boost::asio::io_context home{1};
  const auto busy = boost::asio::make_work_guard(home);
  FirstWord word{home};
  const auto plain = [&](delivery::BrokerListener& listener) {
    return std::make_unique<delivery::PahoBroker>(settings, visitor(settings, gateway), home.get_executor(), listener);
  };
  const delivery::LayerFacts facts{gateway, settings.root, DomainClock{}, home.get_executor()};
  const auto broker = delivery::behind_service(settings, facts, plain)(word);
  broker->connect({address, settings.tls, {}});
  home.run_for(patience);
  broker->disconnect();
  if (word.said()) return *word.said();
  return failure(Fault::timeout, "does not answer");
}

}  // namespace fettle
