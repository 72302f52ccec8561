#include "store/journal.hpp"
#include "store/journal_columns.hpp"

#include <spdlog/spdlog.h>
#include <boost/crc.hpp>

namespace fettle::store {
namespace {

std::uint32_t checksum(std::span<const std::byte> bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

}  // namespace

Result<void> Journal::save_states(std::span<const LearnedState> states) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  for (const auto& state : states) {
    const auto saved = database_.run(
        "INSERT OR REPLACE INTO learned VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        {state.part, std::int64_t{state.version}, stored_bits(state.settings_hash),
         static_cast<std::int64_t>(state.bytes.size()), std::int64_t{checksum(state.bytes)}, std::span{state.bytes}});
    if (!saved) return saved;
  }
  const auto done = transaction->commit();
  database_.release_pages();  // of the largest things that are ever written here
  return done;
}

std::optional<Bytes> Journal::load_state(const std::string& part, std::uint32_t version, std::uint64_t settings_hash) {
  const auto rows =
      database_.rows("SELECT version, settings_hash, length, crc, bytes FROM learned WHERE part = ?1", {part});
  if (!rows) {
    spdlog::error("{}: what it has learned cannot be read, it learns anew: {}", part, rows.error().detail);
    return std::nullopt;
  }
  if (rows->empty()) return std::nullopt;
  const auto& row = rows->front();
  if (row.integer(0) != std::int64_t{version} || row.integer(1) != stored_bits(settings_hash)) {
    spdlog::warn("{}: learns anew, for its settings or its method have changed since", part);
    return std::nullopt;
  }
  auto bytes = row.blob(4);
  if (row.integer(2) != static_cast<std::int64_t>(bytes.size()) || row.integer(3) != std::int64_t{checksum(bytes)}) {
    spdlog::warn("{}: what it had learned is damaged on the disk; it learns anew", part);
    return std::nullopt;
  }
  return bytes;
}

}  // namespace fettle::store
