#pragma once

#include "modbus/wire.hpp"

#include <fmt/format.h>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <utility>

namespace fettle::modbus {

/// A wire on an Asio stream, driven by a context of its own only while an operation lasts: straight code with real deadlines.
template <class Stream>
class StreamWire : public Wire {
 public:
  Moment now() const final { return std::chrono::steady_clock::now(); }
  bool is_open() const final { return stream_.is_open(); }

  void close() final {
    boost::system::error_code ignored;
    stream_.close(ignored);
  }

  Result<void> write(std::span<const std::uint8_t> bytes, Moment deadline) final {
    const auto outcome = perform(deadline, [this, bytes](auto handler) {
      boost::asio::async_write(stream_, boost::asio::buffer(bytes.data(), bytes.size()), std::move(handler));
    });
    if (!outcome.finished) return failure(Fault::offline, fmt::format("{} takes no bytes", name_));
    if (outcome.error) return lost(outcome.error);
    return {};
  }

  Result<std::size_t> read(std::span<std::uint8_t> into, Moment deadline) final {
    const auto outcome = perform(deadline, [this, into](auto handler) {
      stream_.async_read_some(boost::asio::buffer(into.data(), into.size()), std::move(handler));
    });
    if (!outcome.finished) return std::size_t{0};
    if (outcome.error) return lost(outcome.error);
    return outcome.size;
  }

  void rest(Moment until) final {
    context_.restart();
    if (cancelled_ || until <= now()) return;
    time_is_up_.expires_at(until);
    time_is_up_.async_wait([](boost::system::error_code) {});
    context_.run();
  }

  void cancel() final {
    cancelled_ = true;
    boost::asio::post(context_, [this] {
      close();
      time_is_up_.cancel();
    });
  }

 protected:
  struct Outcome {
    bool finished = false;  ///< in time
    boost::system::error_code error;
    std::size_t size = 0;
  };

  explicit StreamWire(std::string name) : name_{std::move(name)} {}

  /// Starts an operation and waits for it. What is not finished in time is broken off; its handler has run when this returns.
  template <class Start>
  Outcome perform(Moment deadline, Start start) {
    Outcome outcome;
    context_.restart();
    if (cancelled_) return {true, boost::asio::error::operation_aborted, 0};
    start([this, &outcome](boost::system::error_code error, std::size_t size = 0) {
      outcome = {true, error, size};
      time_is_up_.cancel();
    });
    if (deadline <= now()) return take_what_is_there(outcome);
    // A timer of its own, for run_until() is a millisecond late, which is much of the silence between two frames.
    time_is_up_.expires_at(deadline);
    time_is_up_.async_wait([this, &outcome](boost::system::error_code error) {
      boost::system::error_code ignored;
      if (!error && !outcome.finished) stream_.cancel(ignored);
    });
    context_.run();
    // What finished while it was being broken off is as good as in time.
    if (outcome.error == boost::asio::error::operation_aborted && !cancelled_) outcome.finished = false;
    return outcome;
  }

  /// The same without any waiting.
  Outcome& take_what_is_there(Outcome& outcome) {
    context_.poll();
    boost::system::error_code ignored;
    if (!outcome.finished) stream_.cancel(ignored);
    context_.restart();
    context_.run();
    if (outcome.error == boost::asio::error::operation_aborted && !cancelled_) outcome.finished = false;
    return outcome;
  }

  Error lost(const boost::system::error_code& error) const {
    if (cancelled_) return failure(Fault::offline, fmt::format("{} was closed", name_));
    return failure(Fault::offline, fmt::format("{} was lost ({})", name_, error.message()));
  }

  boost::asio::io_context& context() { return context_; }
  Stream& stream() { return stream_; }
  const std::string& name() const { return name_; }
  bool cancelled() const { return cancelled_; }

 private:
  std::string name_;
  std::atomic<bool> cancelled_ = false;
  boost::asio::io_context context_{1};
  Stream stream_{context_};
  boost::asio::steady_timer time_is_up_{context_};
};

}  // namespace fettle::modbus
