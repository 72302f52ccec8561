#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <functional>
#include <memory>
#include <string>

namespace fettle {

/// Where the commands of the command line reach the running agent: a local socket beside its journal, so that each agent has its own.
/// One line of JSON comes in, one goes out, and the connection ends. Only the agent's own user and root may open it.
class LocalDoor {
 public:
  using Answer = std::function<std::string(const std::string& question)>;

  /// Takes the path over from an agent that is gone. Trouble with the socket is logged; the agent works without it.
  LocalDoor(boost::asio::io_context& home, const std::string& store_folder, Answer answer);
  LocalDoor(const LocalDoor&) = delete;
  LocalDoor& operator=(const LocalDoor&) = delete;
  ~LocalDoor();

  static std::string path(const std::string& store_folder) { return store_folder + "/agent.sock"; }

 private:
  struct Visit;
  void await_visit();
  void hear(const std::shared_ptr<Visit>& visit);
  void reply(const std::shared_ptr<Visit>& visit);

  boost::asio::local::stream_protocol::acceptor acceptor_;
  std::string path_;
  Answer answer_;
  std::shared_ptr<const bool> alive_ =
      std::make_shared<const bool>(true);  ///< handlers hold it weakly, so that a late one finds nobody
};

/// Asks the agent that runs on this store; nothing if none does. Waits at most two seconds.
std::string ask_agent(const std::string& store_folder, const std::string& question);

}  // namespace fettle
