#pragma once

#include "manipulation/feature.hpp"

namespace fettle::manipulation {

/// A feature that remembers something from one day to the next.
class LearningFeature : public Feature, public Stateful {
 public:
  explicit LearningFeature(const FeatureSettings& settings) : id_{settings.id}, meaning_{settings.meaning} {}

  Stateful* memory() override { return this; }
  std::string state_id() const override { return id_; }
  std::uint32_t state_version() const override { return 1; }
  std::uint64_t settings_hash() const override { return meaning_; }

 private:
  std::string id_;
  std::uint64_t meaning_;
};

}  // namespace fettle::manipulation
