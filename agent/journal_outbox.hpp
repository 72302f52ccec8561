#pragma once

#include "delivery/outbox.hpp"
#include "store/journal.hpp"

namespace fettle {

/// The journal as the delivery's outbox. Trouble with the disk is logged when it begins and when it ends.
class JournalOutbox final : public delivery::Outbox {
 public:
  /// `journal` outlives it.
  explicit JournalOutbox(store::Journal& journal) : journal_{journal} {}

  std::vector<delivery::QueuedAlert> changed(std::size_t at_most) override;
  std::size_t count_changed() override;
  bool mark_sent(const std::string& id, int rev) override;
  void mark_open_changed() override;
  std::vector<delivery::OpenSlot> open() override;
  std::uint64_t sequence() override;
  std::uint64_t next_session() override;
  std::uint64_t info_acknowledged() override;
  void mark_info_sent(std::uint64_t rev) override;
  std::vector<delivery::Withdrawal> to_withdraw(Time closed_before) override;
  void mark_withdrawn(const std::string& id) override;
  bool is_awaiting_clock() override { return journal_.is_awaiting_clock(); }
  void clock_is_right(Time now) override;

  /// The value of a result, or its default after a log line.
  template <class T>
  T value_or_default(Result<T> result) {
    note(result.has_error() ? result.error().detail : std::string{});
    return result.has_value() ? std::move(*result) : T{};
  }
  /// True if it worked.
  bool worked(const Result<void>& result) {
    note(result.has_error() ? result.error().detail : std::string{});
    return result.has_value();
  }

 private:
  void note(const std::string& trouble);

  store::Journal& journal_;
  bool failing_ = false;
};

}  // namespace fettle
