#include "score.hpp"

#include "csv/number.hpp"
#include "csv/stamp.hpp"
#include "csv/table.hpp"
#include "detection/mewma.hpp"
#include "detection/panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>

namespace fettle {
namespace {

/// Beyond this, stranger is no more certain: 1 in a million millions.
constexpr double certain = 12;

/// What is appended to each row.
class Judge {
 public:
  virtual ~Judge() = default;
  virtual std::string header(char delimiter) const = 0;
  virtual std::string judge(std::int64_t second, std::span<const double> values, char delimiter) = 0;
};

class OfOnePoint final : public Judge {
 public:
  std::string header(char delimiter) const override { return fmt::format("{}anomaly_score", delimiter); }
  std::string judge(std::int64_t second, std::span<const double> values, char delimiter) override {
    return fmt::format("{}{:.6g}", delimiter, std::min(1.0, panel_.judge(second, values.front()) / certain));
  }

 private:
  detection::Panel panel_;
};

class OfAMachine final : public Judge {
 public:
  OfAMachine(std::size_t channels, std::size_t fit) : chart_{channels, fit} {}
  std::string header(char delimiter) const override { return fmt::format("{0}anomaly_score{0}pred{0}cp", delimiter); }
  std::string judge(std::int64_t /*second*/, std::span<const double> values, char delimiter) override {
    const double distance = chart_.judge(values);
    const bool is_anomaly = distance > detection::LimitedMewma::limit;
    const bool is_change = is_anomaly != was_anomaly_;
    was_anomaly_ = is_anomaly;
    const double score = distance / (distance + detection::LimitedMewma::limit);
    return fmt::format("{0}{1:.6g}{0}{2:d}{0}{3:d}", delimiter, score, is_anomaly, is_change);
  }

 private:
  detection::LimitedMewma chart_;
  bool was_anomaly_ = false;
};

/// Reads the cells of one row.
class RowReader {
 public:
  explicit RowReader(const csv::Table& table)
      : table_{table}, values_(table.header().size() - 1), without_(values_.size()) {}

  Result<void> read(const std::vector<std::string>& cells) {
    if (table_.is_open())
      return failure(Fault::malformed, fmt::format("{}:{}: a quote that is never closed (close or remove it)",
                                                   table_.file(), table_.line()));
    if (cells.size() > table_.header().size())
      return failure(Fault::malformed, fmt::format("{}:{}: {} cells, but the header has {}", table_.file(),
                                                   table_.line(), cells.size(), table_.header().size()));
    const auto stamp = stamp_of(cells.front());
    if (!stamp) {
      return failure(
          Fault::malformed,
          fmt::format("{}:{}: \"{}\" is no time; write it as 2026-01-15 10:00:00, with or without an offset, "
                      "or in seconds since 1970",
                      table_.file(), table_.line(), cells.front().substr(0, longest_quotation)));
    }
    second_ = std::chrono::floor<std::chrono::seconds>(stamp->wall.time_since_epoch()).count();
    for (std::size_t place = 0; place < values_.size(); ++place) {
      values_[place] = place + 1 < cells.size() ? value_of(cells[place + 1]) : nothing;
      if (!std::isfinite(values_[place])) ++without_[place];
    }
    return {};
  }

  std::int64_t second() const { return second_; }
  std::span<const double> values() const { return values_; }
  std::vector<std::string> notes() const {
    std::vector<std::string> notes;
    for (std::size_t place = 0; place < values_.size(); ++place) {
      if (without_[place] > 0)
        notes.push_back(fmt::format("{}: {} rows have no number in the column {}", table_.file(), without_[place],
                                    table_.header()[place + 1]));
    }
    return notes;
  }

 private:
  static constexpr std::size_t longest_quotation = 60;
  static constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

  std::optional<csv::Stamp> stamp_of(const std::string& cell) const {
    static const auto iso = *csv::StampFormat::parse("iso"), epoch = *csv::StampFormat::parse("epoch");
    const auto stamp = iso.read(cell);
    return stamp ? stamp : epoch.read(cell);
  }

  double value_of(const std::string& cell) const {
    const auto number = csv::number_in(cell, table_.delimiter(), csv::Decimal::guess, {});
    return number.reason == Reason::none ? number.value : nothing;
  }

  const csv::Table& table_;
  std::int64_t second_ = 0;
  std::vector<double> values_;
  std::vector<std::size_t> without_;
};

}  // namespace

Result<ScoreSummary> score(const std::string& file, std::size_t fit, std::FILE* out) {
  auto table = csv::Table::open(file);
  if (!table) return table.error();
  if (table->header().size() < 2)
    return failure(Fault::malformed,
                   fmt::format("{}: the first line must name a column of times and one or more of values", file));
  const char delimiter = table->delimiter();
  const auto channels = table->header().size() - 1;
  std::unique_ptr<Judge> judge;
  if (channels == 1) judge = std::make_unique<OfOnePoint>();
  if (channels > 1) judge = std::make_unique<OfAMachine>(channels, fit);
  RowReader reader{*table};
  fmt::print(out, "{}{}\n", table->record(), judge->header(delimiter));
  ScoreSummary summary;
  std::vector<std::string> cells;
  for (; table->next(cells); ++summary.rows) {
    if (const auto good = reader.read(cells); !good) return good.error();
    // A short row gets the cells that it lacks, so that the scores stand under their names.
    const std::string lacking(table->header().size() - cells.size(), delimiter);
    fmt::print(out, "{}{}{}\n", table->record(), lacking, judge->judge(reader.second(), reader.values(), delimiter));
  }
  summary.notes = reader.notes();
  if (summary.rows == 0) summary.notes.push_back(fmt::format("{}: there are no rows below the header", file));
  if (std::fflush(out) != 0 || std::ferror(out) != 0)
    return failure(Fault::offline, "the scores cannot be written: no space, or nobody reads them");
  return summary;
}

}  // namespace fettle
