#pragma once

#include "delivery/broker_layer.hpp"
#include "delivery/cloud_service.hpp"

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace fettle::delivery {

/// What Home Assistant finds machines by, topic -> retained document (contract 7.6): one of each machine that is watched for something,
/// with a problem sensor for each failure mode. Made from an info document; nothing from what is none.
std::map<std::string, std::string> announcements(const LayerFacts& facts, std::string_view info);

/// The topics of the announcements that lie at the broker, over restarts.
struct AnnouncedTopics {
  std::function<std::set<std::string>()> recall;
  std::function<void(const std::set<std::string>&)> keep;
};

/// Announces machines whenever the info document tells of them, and takes back the announcements of those that are gone (of all, if
/// nothing is wanted any more). The info counts as published when all that follows from it lies at the broker.
class HomeAssistant final : public BrokerLayer {
 public:
  HomeAssistant(const LayerFacts& facts, bool wanted, AnnouncedTopics announced, BrokerListener& listener,
                const MakeBroker& make_inner);

  void connect(const Approach& approach) override;
  void publish(const Message& message) override;

 private:
  void connected(const Welcome& welcome) override;
  void published(std::uint64_t token) override;
  void refused(std::uint64_t token, const std::string& reason) override;

  void announce(const Message& info);
  void send_next();
  void drop();

  LayerFacts facts_;
  bool wanted_;
  AnnouncedTopics announced_;
  std::set<std::string> now_announced_;  ///< when all is done
  std::deque<Message> waiting_;          ///< one flies at a time, for the broker says how many it wants at once
  std::uint64_t info_token_ = 0;         ///< of the info that all this is about; 0: none
  bool info_published_ = false;
  std::uint64_t last_own_token_ = own_tokens;
};

}  // namespace fettle::delivery
