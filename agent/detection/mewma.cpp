#include "detection/mewma.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace fettle::detection {
namespace {

constexpr double share = 0.07;        // of the latest row in the average: about fourteen rows count
constexpr std::size_t settling = 71;  // rows until the averages are what they would be after long: five time constants
constexpr double shrinkage = 0.01;    // towards channels that move by themselves: few rows show too much harmony
constexpr double smallest = 1e-9;     // of a channel that never moved

/// Mean and covariance of rows, one after the other.
struct Moments {
  std::uint64_t rows = 0;
  Eigen::VectorXd mean, away;
  Eigen::MatrixXd products;

  explicit Moments(Eigen::Index width)
      : mean{Eigen::VectorXd::Zero(width)},
        away{Eigen::VectorXd::Zero(width)},
        products{Eigen::MatrixXd::Zero(width, width)} {}

  void clear() {
    rows = 0;
    mean.setZero();
    products.setZero();
  }
  void take(const Eigen::VectorXd& row) {
    ++rows;
    away = row - mean;
    mean += away / static_cast<double>(rows);
    products.noalias() += away * away.transpose() * (1 - 1 / static_cast<double>(rows));
  }
  Eigen::MatrixXd covariance() const { return products / static_cast<double>(std::max<std::uint64_t>(2, rows) - 1); }
};

template <class Numbers>
void put(StateWriter& writer, const Numbers& numbers) {
  for (const double number : numbers.reshaped()) writer.put(number);
}

template <class Numbers>
void get(StateReader& reader, Numbers& numbers) {
  for (double& number : numbers.reshaped()) reader.get(number);
}

}  // namespace

struct Mewma::Parts {
  std::uint64_t rows_to_learn, rows = 0;
  Eigen::VectorXd row, average, known;  ///< known: 1 for channels that ever had a value
  Moments readings, averages;           ///< of the rows to learn from
  Eigen::VectorXd scale, away;
  Eigen::LLT<Eigen::MatrixXd> measure;

  Parts(Eigen::Index width, std::size_t rows_wanted)
      : rows_to_learn{std::max<std::size_t>(rows_wanted, 4)},
        row{Eigen::VectorXd::Zero(width)},
        average{row},
        known{row},
        readings{width},
        averages{width},
        scale{row},
        away{row} {}

  /// Learns anew, with what is known of the channels.
  void begin() {
    rows = 0;
    readings.clear();
    averages.clear();
  }

  /// A channel that speaks for the first time has no measure yet.
  void follow(std::span<const double> values) {
    for (Eigen::Index channel = 0; channel < average.size(); ++channel) {
      const double value = values[static_cast<std::size_t>(channel)];
      const bool has_value = std::isfinite(value);
      if (has_value) {
        if (known[channel] == 0) begin();
        average[channel] = known[channel] > 0 ? average[channel] + share * (value - average[channel]) : value;
        known[channel] = 1;
      }
      row[channel] = has_value ? value : average[channel];
    }
  }

  bool is_settling() const { return rows < std::min<std::uint64_t>(settling, rows_to_learn / 2); }

  void settle() {
    scale = readings.covariance().diagonal().cwiseSqrt().cwiseMax(smallest);
    Eigen::MatrixXd together = averages.covariance();
    together = scale.cwiseInverse().asDiagonal() * together * scale.cwiseInverse().asDiagonal();
    const double typical = std::max(together.diagonal().mean(), smallest);
    together *= 1 - shrinkage;
    together.diagonal().array() += shrinkage * typical;
    measure.compute(together);
  }

  double distance() {
    away = (away - averages.mean).cwiseQuotient(scale);
    measure.matrixL().solveInPlace(away);
    return away.norm();
  }
};

Mewma::Mewma(std::size_t channels, std::size_t rows_to_learn)
    : parts_{std::make_unique<Parts>(static_cast<Eigen::Index>(channels), rows_to_learn)} {}

Mewma::~Mewma() = default;

void Mewma::start_anew() {
  parts_->begin();
  parts_->average.setZero();
  parts_->known.setZero();
}

bool Mewma::is_learning() const { return parts_->rows < parts_->rows_to_learn; }
bool Mewma::is_settling() const { return parts_->is_settling(); }

double Mewma::judge(std::span<const double> values) {
  auto& parts = *parts_;
  parts.follow(values);
  if (!is_learning()) {
    parts.away = parts.average;
    return parts.distance();
  }
  parts.readings.take(parts.row);
  if (!parts.is_settling()) parts.averages.take(parts.average);
  ++parts.rows;
  if (!is_learning()) parts.settle();
  return 0;
}

std::span<const double> Mewma::averages() const {
  return {parts_->average.data(), static_cast<std::size_t>(parts_->average.size())};
}

double Mewma::distance_of(std::span<const double> averages) const {
  if (is_learning()) return 0;
  std::copy(averages.begin(), averages.end(), parts_->away.data());
  return parts_->distance();
}

void Mewma::save(StateWriter& writer) const {
  const auto& parts = *parts_;
  writer.put(parts.rows);
  put(writer, parts.average);
  put(writer, parts.known);
  for (const auto* moments : {&parts.readings, &parts.averages}) {
    writer.put(moments->rows);
    put(writer, moments->mean);
    put(writer, moments->products);
  }
}

bool Mewma::restore(StateReader& reader) {
  const auto width = parts_->average.size();
  const auto rows_to_learn = static_cast<std::size_t>(parts_->rows_to_learn);
  auto parts = std::make_unique<Parts>(width, rows_to_learn);
  reader.get(parts->rows);
  get(reader, parts->average);
  get(reader, parts->known);
  bool finite = parts->average.allFinite() && parts->known.allFinite();
  for (auto* moments : {&parts->readings, &parts->averages}) {
    reader.get(moments->rows);
    get(reader, moments->mean);
    get(reader, moments->products);
    finite = finite && moments->mean.allFinite() && moments->products.allFinite();
  }
  const bool sound = reader.ok() && finite && parts->rows <= rows_to_learn;
  if (sound && parts->rows == rows_to_learn) parts->settle();
  const bool measures = sound && (parts->rows < rows_to_learn || parts->measure.info() == Eigen::Success);
  parts_ = measures ? std::move(parts) : std::make_unique<Parts>(width, rows_to_learn);
  return measures;
}

LimitedMewma::LimitedMewma(std::size_t channels, std::size_t rows_to_learn) : chart_{channels, rows_to_learn} {}

double LimitedMewma::judge(std::span<const double> values) {
  if (!chart_.is_learning()) return chart_.judge(values) / usual_;
  const bool counts = !chart_.is_settling();
  chart_.judge(values);
  if (counts) averages_.emplace_back(chart_.averages().begin(), chart_.averages().end());
  if (!chart_.is_learning()) settle();
  return 0;
}

void LimitedMewma::settle() {
  constexpr double percentile = 0.99;
  std::vector<double> distances;
  for (const auto& each : averages_) distances.push_back(chart_.distance_of(each));
  const auto at = static_cast<std::ptrdiff_t>(percentile * static_cast<double>(distances.size() - 1));
  std::nth_element(distances.begin(), distances.begin() + at, distances.end());
  usual_ = std::max(distances[static_cast<std::size_t>(at)], smallest);
  averages_ = {};
}

}  // namespace fettle::detection
