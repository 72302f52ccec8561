#pragma once

#include "core/time.hpp"
#include "delivery/documents.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace fettle {

/// How the gateway itself fares, as far as it can be told.
struct Vitals {
  std::string certificate_file, certificate_subject;  ///< of the certificate that expires first; empty: there is none
  std::optional<Time> certificate_expiry;
  bool broker_connected = false;
  std::string broker_refusal;  ///< what the broker does not take; empty: nothing that is known of
  std::optional<Time> broker_refuses_since;
  delivery::ClockState clock;
  std::string refused_settings;  ///< why the site file as it is now is not followed; empty: it is
  std::string store_folder;
  std::optional<std::uint64_t> free_bytes, total_bytes;  ///< of the file system that the store lies on
  std::string store_trouble;                             ///< why the journal cannot be written; empty: it can
  std::uint64_t written_per_day = 0;                     ///< bytes to disk in the last 24 hours
  std::uint64_t written_today = 0;                       ///< since midnight UTC
  std::uint64_t writes_budget = 0;                       ///< bytes a day; 0: none
};

/// What can be asked of the system: the space in the store's folder. The rest is for the caller to fill.
Vitals take_vitals(const std::string& store_folder);

/// Bytes that this process has had written to disk since its start; nothing where the system does not count them.
std::optional<std::uint64_t> bytes_written(const std::string& file = "/proc/self/io");

/// Bytes of memory that this process occupies at present.
std::optional<std::uint64_t> resident_memory(const std::string& file = "/proc/self/status");

}  // namespace fettle
