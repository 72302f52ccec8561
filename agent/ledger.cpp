#include "ledger.hpp"

#include <spdlog/spdlog.h>

namespace fettle {
namespace {

constexpr std::chrono::seconds between_tries{10};

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open(const std::string& folder, const DomainClock& clock) {
  std::unique_ptr<Ledger> ledger{new Ledger{folder, clock}};
  auto disk = store::Journal::open(folder, clock.now());
  if (disk) {
    ledger->disk_.emplace(std::move(*disk));
  } else if (disk.error().fault == Fault::refused) {
    return disk.error();
  } else {
    ledger->fall_back(disk.error());
  }
  return ledger;
}

void Ledger::fall_back(const Error& error) {
  auto memory = store::Journal::in_memory(clock_.now());
  if (!memory) return spdlog::critical("no journal on the disk and none in memory: {}", memory.error().detail);
  if (disk_) {
    if (const auto taken = memory->take_over(*disk_); !taken) tell(taken.error().detail);
  }
  memory_.emplace(std::move(*memory));
  trouble_ = error.detail;
  spdlog::error("{}; alerts are kept in memory and go on being delivered; the disk is tried again", trouble_);
  next_try_ = std::chrono::steady_clock::now() + between_tries;
}

std::optional<Bytes> Ledger::load_state(const Stateful& part) {
  auto& source = disk_ ? *disk_ : journal();
  return source.load_state(part.state_id(), part.state_version(), part.settings_hash());
}

bool Ledger::retry() {
  if (!memory_ || std::chrono::steady_clock::now() < next_try_) return false;
  next_try_ = std::chrono::steady_clock::now() + between_tries;
  if (const auto done = bring_back(); !done) {
    trouble_ = done.error().detail;
    return false;
  }
  memory_.reset();
  trouble_.clear();
  spdlog::info("the journal can be written again; what was kept in memory is in it");
  return true;
}

Result<void> Ledger::bring_back() {
  if (!disk_) {
    auto disk = store::Journal::open(folder_, clock_.now());
    if (!disk) return disk.error();
    disk_.emplace(std::move(*disk));
    came_late_ = true;
  }
  return disk_->take_over(*memory_);
}

void Ledger::close() {
  if (memory_) retry();
  if (disk_ && !memory_) disk_->close_cleanly(clock_.now());
}

void Ledger::tell(const std::string& trouble) {
  if (std::exchange(told_, trouble) != trouble) spdlog::error("{}", trouble);
}

}  // namespace fettle
