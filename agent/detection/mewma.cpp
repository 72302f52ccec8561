#include "detection/mewma.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fettle::detection {
namespace {

constexpr double share = 0.07;        // of the latest row in the average: about fourteen rows count
constexpr std::size_t settling = 71;  // rows until the averages are what they would be after long: five time constants
constexpr double shrinkage = 0.01;    // towards channels that move by themselves: few rows show too much harmony
constexpr double percentile = 0.99;
constexpr double smallest = 1e-9;  // of a channel that never moved

/// Mean and covariance of rows.
Eigen::MatrixXd covariance(const Eigen::MatrixXd& rows) {
  const Eigen::MatrixXd centred = rows.rowwise() - rows.colwise().mean();
  return centred.transpose() * centred / static_cast<double>(std::max<Eigen::Index>(1, rows.rows() - 1));
}

}  // namespace

struct Mewma::Parts {
  std::size_t rows_to_learn;
  std::size_t rows = 0;
  Eigen::VectorXd average, known;      ///< known: 1 for channels that ever had a value
  Eigen::MatrixXd readings, averages;  ///< of the rows to learn from
  Eigen::VectorXd centre, scale;
  Eigen::LLT<Eigen::MatrixXd> measure;
  double usual = 0;  ///< distance that is rarely exceeded

  void follow(std::span<const double> values) {
    for (Eigen::Index channel = 0; channel < average.size(); ++channel) {
      const double value = values[static_cast<std::size_t>(channel)];
      if (!std::isfinite(value)) continue;
      average[channel] = known[channel] > 0 ? average[channel] + share * (value - average[channel]) : value;
      known[channel] = 1;
    }
  }

  void remember(std::span<const double> values) {
    const auto row = static_cast<Eigen::Index>(rows);
    for (Eigen::Index channel = 0; channel < average.size(); ++channel) {
      const double value = values[static_cast<std::size_t>(channel)];
      readings(row, channel) = std::isfinite(value) ? value : average[channel];
    }
    averages.row(row) = average;
  }

  double distance(const Eigen::VectorXd& at) const {
    const Eigen::VectorXd away = (at - centre).cwiseQuotient(scale);
    return measure.matrixL().solve(away).norm();
  }

  void settle() {
    const auto count = static_cast<Eigen::Index>(rows_to_learn);
    const auto first = static_cast<Eigen::Index>(std::min(settling, rows_to_learn / 2));
    scale = covariance(readings).diagonal().cwiseSqrt().cwiseMax(smallest);
    Eigen::MatrixXd settled = averages.bottomRows(count - first);
    centre = settled.colwise().mean().transpose();
    settled = settled * scale.cwiseInverse().asDiagonal();
    Eigen::MatrixXd together = covariance(settled);
    const double typical = std::max(together.diagonal().mean(), smallest);
    together *= 1 - shrinkage;
    together.diagonal().array() += shrinkage * typical;
    measure.compute(together);
    usual = usual_distance(first);
    readings.resize(0, 0);
    averages.resize(0, 0);
  }

  double usual_distance(Eigen::Index first) const {
    std::vector<double> distances;
    for (auto row = first; row < averages.rows(); ++row) distances.push_back(distance(averages.row(row).transpose()));
    const auto at = static_cast<std::ptrdiff_t>(percentile * static_cast<double>(distances.size() - 1));
    std::nth_element(distances.begin(), distances.begin() + at, distances.end());
    return std::max(distances[static_cast<std::size_t>(at)], smallest);
  }
};

Mewma::Mewma(std::size_t channels, std::size_t rows_to_learn) : parts_{std::make_unique<Parts>()} {
  const auto width = static_cast<Eigen::Index>(channels);
  parts_->rows_to_learn = std::max<std::size_t>(rows_to_learn, 2);
  parts_->average = parts_->known = Eigen::VectorXd::Zero(width);
  parts_->readings = parts_->averages = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(parts_->rows_to_learn), width);
}

Mewma::~Mewma() = default;

bool Mewma::is_learning() const { return parts_->rows < parts_->rows_to_learn; }

double Mewma::judge(std::span<const double> values) {
  auto& parts = *parts_;
  parts.follow(values);
  if (!is_learning()) return parts.distance(parts.average) / parts.usual;
  parts.remember(values);
  ++parts.rows;
  if (!is_learning()) parts.settle();
  return 0;
}

}  // namespace fettle::detection
