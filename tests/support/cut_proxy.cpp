#include "support/cut_proxy.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <future>
#include <thread>
#include <utility>
#include <vector>

namespace fettle::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

tcp::endpoint loopback(unsigned short port) { return {asio::ip::address_v4::loopback(), port}; }

}  // namespace

/// What lies on the proxy's thread, and how to reach it.
class CutProxy::Cable {
 public:
  explicit Cable(unsigned short target) : target_{target} {
    bind(0);
    listen();
    port_ = acceptor_.local_endpoint().port();
    thread_ = std::jthread{[this] { context_.run(); }};
  }
  Cable(const Cable&) = delete;
  Cable& operator=(const Cable&) = delete;
  ~Cable() { context_.stop(); }

  void cut() {
    acceptor_.close();
    listening_ = false;
    // Held without listening: refused all the same, and nobody else gets it meanwhile.
    bind(port_);
    for (const auto& strand : std::exchange(strands_, {})) strand->close();
    held_.clear();
    frozen_ = false;
  }
  void freeze() { frozen_ = true; }
  void restore() {
    frozen_ = false;
    if (!listening_) listen();
    for (const auto& go_on : std::exchange(held_, {})) go_on();
  }
  /// Runs `work` on the thread and waits for it.
  void call(const std::function<void()>& work) {
    std::promise<void> done;
    asio::dispatch(context_, [&work, &done] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }

  unsigned short port() const { return port_; }
  std::atomic<std::uint64_t> connections = 0, forwarded = 0;

 private:
  enum class Way : std::uint8_t { there, back };

  /// Both halves of one connection. Shared by the operations that are under way on it.
  struct Strand {
    explicit Strand(asio::io_context& context) : client{context}, server{context} {}
    void close() {
      Code ignored;
      client.close(ignored);
      server.close(ignored);
    }
    tcp::socket client, server;
    std::array<char, 16'384> there{}, back{};
  };
  using Shared = std::shared_ptr<Strand>;

  void bind(unsigned short port) {
    acceptor_.open(tcp::v4());
    acceptor_.set_option(tcp::acceptor::reuse_address{true});
    acceptor_.bind(loopback(port));
  }

  void listen() {
    acceptor_.listen();
    listening_ = true;
    accept();
  }

  void accept() {
    auto strand = std::make_shared<Strand>(context_);
    acceptor_.async_accept(strand->client, [this, strand](const Code& code) {
      if (code == asio::error::operation_aborted) return;
      if (!code) connect(strand);
      accept();
    });
  }

  void connect(const Shared& strand) {
    ++connections;
    strands_.push_back(strand);
    strand->server.async_connect(loopback(target_), [this, strand](const Code& code) {
      if (code) return drop(strand);
      read(strand, Way::there);
      read(strand, Way::back);
    });
  }

  void drop(const Shared& strand) {
    strand->close();
    std::erase(strands_, strand);
  }

  void read(const Shared& strand, Way way) {
    auto& from = way == Way::there ? strand->client : strand->server;
    auto& buffer = way == Way::there ? strand->there : strand->back;
    from.async_read_some(asio::buffer(buffer), [this, strand, way](const Code& code, std::size_t size) {
      if (code) return drop(strand);
      if (!frozen_) return write(strand, way, size);
      held_.emplace_back([this, strand, way, size] { write(strand, way, size); });
    });
  }

  void write(const Shared& strand, Way way, std::size_t size) {
    if (way == Way::there) forwarded += size;
    auto& to = way == Way::there ? strand->server : strand->client;
    const auto& buffer = way == Way::there ? strand->there : strand->back;
    asio::async_write(to, asio::buffer(buffer.data(), size), [this, strand, way](const Code& code, std::size_t) {
      if (code) return drop(strand);
      read(strand, way);
    });
  }

  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> awake_{context_.get_executor()};
  tcp::acceptor acceptor_{context_};
  unsigned short target_, port_ = 0;
  bool listening_ = false, frozen_ = false;
  std::vector<Shared> strands_;
  std::vector<std::function<void()>> held_;
  std::jthread thread_;
};

CutProxy::CutProxy(unsigned short target) : cable_{std::make_unique<Cable>(target)} {}

CutProxy::~CutProxy() = default;

unsigned short CutProxy::port() const { return cable_->port(); }

void CutProxy::cut() {
  cable_->call([this] { cable_->cut(); });
}

void CutProxy::freeze() {
  cable_->call([this] { cable_->freeze(); });
}

void CutProxy::restore() {
  cable_->call([this] { cable_->restore(); });
}

std::uint64_t CutProxy::connections() const { return cable_->connections; }

std::uint64_t CutProxy::forwarded() const { return cable_->forwarded; }

}  // namespace fettle::test
