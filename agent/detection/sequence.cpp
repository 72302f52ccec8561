#include "detection/sequence.hpp"

#include "detection/calibrator.hpp"
#include "detection/context_model.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace fettle::detection {
namespace {

constexpr std::uint64_t warm_up = 300;

class Sequence final : public Expert {
 public:
  explicit Sequence(std::vector<ContextModel> models) : models_{std::move(models)} {
    std::size_t outputs = 0;
    for (const auto& model : models_) outputs += model.outputs();
    calibrators_.resize(outputs);
    kept_.reserve(warm_up + 1);
  }

  double judge(const Sample& sample) override {
    evidence_ = 0;
    if (is_warm_) return evidence_ = surprise(sample.value);
    kept_.push_back(sample.value);
    if (sample.number >= warm_up || kept_.size() == kept_.capacity()) begin();
    return 0;
  }

  std::string explain() const override {
    return fmt::format("the latest readings have hardly ever come in this order (1 in {:.0f})",
                       std::pow(10, evidence_));
  }

  void save(StateWriter& writer) const override {
    writer.put(kept_);
    writer.put(static_cast<std::uint8_t>(is_warm_));
    for (const auto& model : models_) model.save(writer);
    for (const auto& calibrator : calibrators_) calibrator.save(writer);
  }

  bool restore(StateReader& reader) override {
    std::uint8_t warm = 0;
    std::vector<double> kept;
    reader.get(kept);
    reader.get(warm);
    if (!reader.ok() || kept.size() > kept_.capacity()) return false;
    kept_.assign(kept.begin(), kept.end());
    is_warm_ = warm != 0;
    return std::all_of(models_.begin(), models_.end(), [&](auto& model) { return model.restore(reader); }) &&
           std::all_of(calibrators_.begin(), calibrators_.end(), [&](auto& each) { return each.restore(reader); });
  }

 private:
  /// The alphabets are cut, once and for all, by what has come so far; which is then learned in its order.
  void begin() {
    auto sorted = kept_;
    std::sort(sorted.begin(), sorted.end());
    for (auto& model : models_) {
      model.fix_alphabet(sorted);
      for (const auto value : kept_) model.feed(value);
    }
    kept_ = {};
    is_warm_ = true;
  }

  double surprise(double value) {
    double evidence = 0;
    auto calibrator = calibrators_.begin();
    for (auto& model : models_) {
      const auto surprises = model.feed(value);
      for (std::size_t output = 0; output < model.outputs(); ++output, ++calibrator) {
        if (surprises[output]) evidence += calibrator->rank(*surprises[output]);
      }
    }
    return evidence / static_cast<double>(calibrators_.size());
  }

  std::vector<ContextModel> models_;
  std::vector<Calibrator> calibrators_;  ///< one for each output of each model
  std::vector<double> kept_;             ///< until it is warm
  bool is_warm_ = false;
  double evidence_ = 0;  ///< of the latest
};

constexpr std::size_t usual_rows = 128;

const Registration<Expert> entry{"sequence", "an order of readings that is new",
                                 [] { return make_sequence(usual_rows); }};

}  // namespace

std::unique_ptr<Expert> make_sequence(std::size_t rows) {
  std::vector<ContextModel> models;
  models.push_back({8, {3, 4, 6}, rows});
  models.push_back({4, {3}, rows / 2});
  models.push_back({12, {3}, rows / 2});
  return std::make_unique<Sequence>(std::move(models));
}

}  // namespace fettle::detection
