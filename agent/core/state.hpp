#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace fettle {

using Bytes = std::vector<std::byte>;

/// Appends plain values to a blob, in the machine's byte order: learned state stays on the gateway that learned it.
class StateWriter {
 public:
  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>);
    const auto bytes = std::bit_cast<std::array<std::byte, sizeof value>>(value);
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  template <class T>
  void put(const std::vector<T>& values) {
    put(static_cast<std::uint32_t>(values.size()));
    for (const auto& value : values) put(value);
  }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

/// Reads them back in the same order. After a read past the end `ok()` is false and values keep what they were.
class StateReader {
 public:
  explicit StateReader(std::span<const std::byte> bytes) : rest_{bytes} {}

  template <class T>
  void get(T& value) {
    static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>);
    if (rest_.size() < sizeof value) {
      ok_ = false;
      rest_ = {};
      return;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_ = rest_.subspan(sizeof value);
  }
  template <class T>
  void get(std::vector<T>& values) {
    std::uint32_t count = 0;
    get(count);
    if (!ok_ || rest_.size() / sizeof(T) < count) {
      ok_ = false;
      return;
    }
    values.resize(count);
    for (auto& value : values) get(value);
  }
  /// True if nothing was missing so far.
  bool ok() const { return ok_; }
  /// True if everything was read, and nothing is left over.
  bool complete() const { return ok_ && rest_.empty(); }

 private:
  std::span<const std::byte> rest_;
  bool ok_ = true;
};

/// A part that learns, and whose learning survives a restart.
/// `state_id` is stable over restarts ("PUMP-01/bearing-wear/vibration"); a new `state_version` or other settings drop the old state.
class Stateful {
 public:
  Stateful() = default;
  Stateful(const Stateful&) = delete;
  Stateful& operator=(const Stateful&) = delete;
  virtual ~Stateful() = default;

  virtual std::string state_id() const = 0;
  virtual std::uint32_t state_version() const = 0;
  /// A hash of the settings that give the state its meaning.
  virtual std::uint64_t settings_hash() const = 0;
  virtual void save(StateWriter& writer) const = 0;
  /// Leaves the part as new, and returns false, if the blob does not fit.
  virtual bool restore(StateReader& reader) = 0;
};

/// FNV-1a, 64 bit: for settings hashes and identifiers, not for security.
std::uint64_t hash_of(std::string_view text, std::uint64_t seed = 0xcbf29ce484222325);

}  // namespace fettle
