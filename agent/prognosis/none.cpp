#include "core/registry.hpp"
#include "prognosis/forecaster.hpp"

#include <utility>

namespace fettle::prognosis {
namespace {

/// For modes that come without a warning, or whose limit says all there is to say: a stuck damper, a lost phase.
class None final : public Forecaster {
 public:
  explicit None(ForecasterSettings settings) : settings_{std::move(settings)} {}

  std::optional<Prognosis> follow(const ModeHealth& /*health*/) override { return std::nullopt; }
  void start_anew() override {}

  std::string state_id() const override { return settings_.id + "/none"; }
  std::uint32_t state_version() const override { return 1; }
  std::uint64_t settings_hash() const override { return hash_of(""); }
  void save(StateWriter& /*writer*/) const override {}
  bool restore(StateReader& reader) override { return reader.complete(); }

 private:
  ForecasterSettings settings_;
};

const Registration<Forecaster> entry{
    "none", "no forecast: for faults that come without warning",
    [](const ForecasterSettings& settings) { return std::make_unique<None>(settings); }};

}  // namespace
}  // namespace fettle::prognosis
