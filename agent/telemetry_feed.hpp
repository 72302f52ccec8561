#pragma once

#include "delivery/telemetry.hpp"
#include "installation.hpp"
#include "store/spool.hpp"

#include <string>
#include <vector>

namespace fettle {

/// The spool's file, as telemetry sees it.
class TelemetryFile final : public delivery::TelemetrySpool {
 public:
  TelemetryFile(std::string folder, std::uint64_t size, Time now) : spool_{std::move(folder), size}, now_{now} {}

  Beginning begin() override;
  bool reserve(std::uint64_t seq) override { return worked(spool_.reserve(seq)); }
  void end(std::uint64_t seq) override { worked(spool_.close(seq)); }
  bool keep(std::span<const delivery::TelemetryBatch> batches) override;
  std::vector<delivery::TelemetryBatch> after(std::uint64_t seq, std::size_t at_most) override;
  void forget(std::uint64_t up_to) override { worked(spool_.forget(up_to)); }
  std::size_t count() override { return spool_.count(); }
  std::uint64_t last() override { return spool_.last(); }
  std::uint64_t dropped() override { return spool_.dropped(); }
  void count_dropped(std::uint64_t more) override { spool_.count_dropped(more); }

 private:
  bool worked(const Result<void>& result);
  void note(const std::string& trouble);

  store::Spool spool_;
  Time now_;
  bool failing_ = false;  ///< as last logged
};

/// The devices that the settings name, each with its points.
std::vector<delivery::TelemetryDevice> telemetry_devices(const Installation& installation,
                                                         const delivery::TelemetrySettings& settings);

}  // namespace fettle
