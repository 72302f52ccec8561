#pragma once

#include "acquisition/driver.hpp"
#include "pulse/kernel.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace fettle::pulse {

/// A GPIO chip, and the pulse outputs at its inputs.
class Line final : public acquisition::Line {
 public:
  Line(std::string chip, std::string state, std::unique_ptr<Kernel> kernel);

  std::unique_ptr<acquisition::Driver> attach(const acquisition::SharedProfile& profile, const settings::Node& device,
                                              settings::Mistakes& mistakes) override;
  void cancel() override { cancelled_ = true; }

 private:
  std::string chip_;
  std::string state_;  ///< folder of the counts; empty: they are not kept
  std::unique_ptr<Kernel> kernel_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace fettle::pulse
