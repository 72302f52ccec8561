#include "local_door.hpp"

#include <spdlog/spdlog.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>

namespace fettle {
namespace {

using boost::asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::size_t longest_path = 108;  ///< what a socket's address holds, with its end
constexpr std::chrono::seconds visiting_time{2};
constexpr std::size_t longest_question = 4'096;
constexpr std::size_t longest_answer = 16'000'000;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

/// One connection; shared by the handlers that wait on it.
struct LocalDoor::Visit {
  explicit Visit(stream_protocol::socket opened) : socket{std::move(opened)}, patience{socket.get_executor()} {}
  stream_protocol::socket socket;
  boost::asio::steady_timer patience;
  std::string text;
};

LocalDoor::LocalDoor(boost::asio::io_context& home, const std::string& store_folder, Answer answer)
    : acceptor_{home}, path_{path(store_folder)}, answer_{std::move(answer)} {
  std::error_code ignored;
  // The journal's lock says that no other agent runs on this store: what lies here is left over.
  std::filesystem::remove(path_, ignored);
  try {
    const stream_protocol::endpoint endpoint{path_};
    acceptor_.open(endpoint.protocol());
    acceptor_.bind(endpoint);
    std::filesystem::permissions(path_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    acceptor_.listen();
    await_visit();
  } catch (const std::exception& trouble) {
    spdlog::warn("{}: {}; `fettle read` cannot ask this agent", path_, trouble.what());
  }
}

LocalDoor::~LocalDoor() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void LocalDoor::await_visit() {
  acceptor_.async_accept([this, alive = std::weak_ptr{alive_}](error_code error, stream_protocol::socket socket) {
    if (alive.expired() || error == boost::asio::error::operation_aborted) return;
    if (error) {
      spdlog::warn("{}: {}; `fettle read` cannot ask this agent any more", path_, error.message());
      return;
    }
    hear(std::make_shared<Visit>(std::move(socket)));
    await_visit();
  });
}

void LocalDoor::hear(const std::shared_ptr<Visit>& visit) {
  visit->patience.expires_after(visiting_time);
  visit->patience.async_wait([visit](error_code error) {
    error_code ignored;
    if (!error) visit->socket.close(ignored);
  });
  boost::asio::async_read_until(visit->socket, boost::asio::dynamic_buffer(visit->text, longest_question), '\n',
                                [this, visit, alive = std::weak_ptr{alive_}](error_code error, std::size_t) {
                                  if (!error && !alive.expired()) reply(visit);
                                });
}

void LocalDoor::reply(const std::shared_ptr<Visit>& visit) {
  visit->text = answer_(first_line(visit->text)) + "\n";
  boost::asio::async_write(visit->socket, boost::asio::buffer(visit->text),
                           [visit](error_code, std::size_t) { visit->patience.cancel(); });
}

std::string ask_agent(const std::string& store_folder, const std::string& question) {
  boost::asio::io_context context;
  stream_protocol::socket socket{context};
  error_code error;
  const auto path = LocalDoor::path(store_folder);
  if (path.size() >= longest_path) return {};
  socket.connect(stream_protocol::endpoint{path}, error);
  if (error) return {};
  std::string answer;
  const auto asked = question + "\n";
  boost::asio::async_write(socket, boost::asio::buffer(asked), [&socket, &answer](error_code failed, std::size_t) {
    if (failed) return;
    boost::asio::async_read_until(socket, boost::asio::dynamic_buffer(answer, longest_answer), '\n',
                                  [](error_code, std::size_t) {});
  });
  context.run_for(std::chrono::seconds{2});
  return answer.find('\n') == std::string::npos ? std::string{} : first_line(answer);
}

}  // namespace fettle
