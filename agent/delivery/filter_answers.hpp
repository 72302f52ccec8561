#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace fettle::delivery {

/// Of several filters that are asked for as one: they are refused if one of them is.
class FilterAnswers {
 public:
  /// In a new connection no former answer comes any more.
  void begin_anew() {
    awaited_ = 0;
    refusal_.clear();
  }
  void await(std::size_t filters) { awaited_ += filters; }
  /// The answer to one. Gives back that to all of them once the last has come: empty, or why the first that is refused is.
  std::optional<std::string> take(const std::string& refusal) {
    if (refusal_.empty()) refusal_ = refusal;
    if (awaited_ == 0 || --awaited_ > 0) return std::nullopt;
    return std::exchange(refusal_, {});
  }

 private:
  std::size_t awaited_ = 0;
  std::string refusal_;
};

}  // namespace fettle::delivery
