#pragma once

#include "support/child.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fettle::test {

/// What a subscriber received.
struct Received {
  std::string topic, payload;
  bool retained = false;  ///< the broker had kept it
};

/// An independent subscriber: mosquitto_sub, subscribed when the constructor returns.
class Subscriber {
 public:
  /// `no` where what is sent is none of the agent's documents.
  enum class Witnessed { yes, no };
  explicit Subscriber(unsigned short port, const std::string& filter = "#",
                      const std::vector<std::string>& options = {}, Witnessed witnessed = Witnessed::yes);
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;
  /// What has come and nobody has read is shown to the witness.
  ~Subscriber();

  /// Sees everything that any subscriber receives: for rules that hold in all tests.
  using Witness = std::function<void(const Received&)>;
  static void set_witness(Witness witness);

  std::optional<Received> next(std::chrono::milliseconds within);
  /// The next message that pleases; those before it are kept in all().
  std::optional<Received> wait_for(const std::function<bool(const Received&)>& pleases,
                                   std::chrono::milliseconds within);
  /// The next message whose topic ends so.
  std::optional<Received> wait_for(const std::string& topic_ending, std::chrono::milliseconds within);

  /// The broker's next answer to its subscription: it asks anew after each loss of the connection. What comes before is kept in all().
  bool wait_until_subscribed(std::chrono::milliseconds within);

  const std::vector<Received>& all() const { return all_; }
  /// The latest payload of each topic; an empty one removes it.
  std::map<std::string, std::string> latest() const;

 private:
  /// A line that holds a message.
  Received keep(const std::string& line);

  Child process_;
  std::vector<Received> all_;
  bool is_witnessed_;
};

}  // namespace fettle::test
