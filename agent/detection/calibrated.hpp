#pragma once

#include "detection/calibrator.hpp"
#include "detection/expert.hpp"

#include <fmt/format.h>
#include <optional>
#include <string>

namespace fettle::detection {

/// An expert with one measure of strangeness, which its calibrator turns into evidence.
class CalibratedExpert : public Expert {
 public:
  double judge(const Sample& sample) final {
    const auto strange = strangeness(sample);
    return strange ? calibrator_.rank(*strange) : 0;
  }

  void save(StateWriter& writer) const final {
    calibrator_.save(writer);
    save_own(writer);
  }
  bool restore(StateReader& reader) final { return calibrator_.restore(reader) && restore_own(reader); }

 protected:
  /// "more than all but 2 of 15000 before"
  std::string rarity() const {
    if (calibrator_.as_strange() == 0) return fmt::format("more than any of {:.0f} before", calibrator_.seen() - 1);
    return fmt::format("more than all but {:.0f} of {:.0f} before", calibrator_.as_strange(), calibrator_.seen() - 1);
  }

 private:
  /// 0 or more, by what came before; nothing if the expert has no opinion yet. Then learns the sample.
  virtual std::optional<double> strangeness(const Sample& sample) = 0;
  virtual void save_own(StateWriter& writer) const = 0;
  virtual bool restore_own(StateReader& reader) = 0;

  Calibrator calibrator_;
};

}  // namespace fettle::detection
