#include "recent_errors.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/spdlog.h>
#include <algorithm>

namespace fettle {

RecentErrors::RecentErrors(std::size_t at_most) : sink_{std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(at_most)} {
  sink_->set_level(spdlog::level::warn);
  sink_->set_formatter(
      std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%SZ %l: %v", spdlog::pattern_time_type::utc, ""));
  spdlog::default_logger()->sinks().push_back(sink_);
}

RecentErrors::~RecentErrors() { std::erase(spdlog::default_logger()->sinks(), sink_); }

std::vector<std::string> RecentErrors::latest() const {
  return dynamic_cast<spdlog::sinks::ringbuffer_sink_mt&>(*sink_).last_formatted();
}

}  // namespace fettle
