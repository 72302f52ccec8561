#pragma once

#include "core/state.hpp"
#include "core/verdicts.hpp"
#include "core/zone.hpp"
#include "detection/calibrator.hpp"
#include "detection/decorrelation.hpp"
#include "detection/martingale.hpp"
#include "detection/mewma.hpp"
#include "detection/panel.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fettle::detection {

/// Watches one reading of a machine by the generic detector, and keeps what the machine's watch asks for.
class ChannelWatch final : public Stateful {
 public:
  static constexpr std::size_t bytes = 18'000;  ///< that it takes, about

  /// `id` for its state ("AHU-07/supply_temperature"), `name` for people, `meaning` a hash of what the readings are made of.
  ChannelWatch(std::string id, std::string name, std::uint64_t meaning);

  /// How unlike all before a good reading is, as -log10 p; 0 after a long silence, when nobody knows what has happened.
  double judge(const Reading& reading, const Zone& zone);
  double strangeness() const { return panel_.strangeness(); }
  const std::string& name() const { return name_; }
  /// The same in words: "supply temperature: 31.2 lies above ..., more than any of 4032 before".
  std::string explain() const;
  /// The latest reading against the last week's mean, within bounds: seasons come and go. Not a number before the first reading.
  double deviation() const;
  void start_anew();

  std::string state_id() const override { return id_ + "/panel"; }
  std::uint32_t state_version() const override { return 2; }
  std::uint64_t settings_hash() const override { return meaning_; }
  void save(StateWriter& writer) const override;
  bool restore(StateReader& reader) override;

 private:
  double calm(double value);

  std::string id_, name_;
  std::uint64_t meaning_;
  Panel panel_;

  struct State {
    std::array<double, 2> before{};  ///< the latest two readings
    double deviation = 0, level = 0, spread = 0;
    Time last{}, wary_until{};
  };
  State state_;
};

struct AssetWatchSettings {
  std::string id;                     ///< "AHU-07"
  std::vector<std::string> channels;  ///< roles, in the order of the channels
  std::uint64_t meaning = 0;          ///< hash of what they are made of
  double alarms_per_month = 0.01;     ///< at most, while nothing has changed
  std::shared_ptr<const Zone> zone;
};

/// Says when a machine behaves unlike it ever did, whatever it is: the strangest of its readings, and how they go together, are ranked
/// every quarter of an hour, and a martingale bets on the ranks. Its limit follows from the false alarms that are allowed.
class AssetWatch final : public Stateful {
 public:
  static constexpr Duration step = std::chrono::minutes{15};

  explicit AssetWatch(AssetWatchSettings settings);

  /// A calm reading (such as the mean of some minutes) of one channel. A finding when a quarter of an hour is over and what is usual is
  /// known (a week): its evidence is the wealth of the martingale.
  std::optional<Finding> observe(std::size_t channel, const Reading& reading);
  /// What a channel is called, and how unlike all before its latest reading was (-log10 p), to be looked at.
  const std::string& name(std::size_t channel) const { return channels_.at(channel)->name(); }
  double strangeness(std::size_t channel) const { return channels_.at(channel)->strangeness(); }
  /// The wealth that is an alarm.
  double limit() const { return limit_; }
  /// Share of the first week that is over.
  double learned() const;
  /// The machine was put right: what is now is what is usual.
  void start_anew();

  /// What learns: itself and its channels.
  std::vector<Stateful*> parts();

  std::string state_id() const override { return settings_.id + "/watch"; }
  std::uint32_t state_version() const override { return 2; }
  std::uint64_t settings_hash() const override { return settings_.meaning; }
  void save(StateWriter& writer) const override;
  bool restore(StateReader& reader) override;

 private:
  void forget();
  std::optional<Finding> close_step(const Reading& latest);
  double together();
  bool is_suspicious() const;
  bool learns() const;

  AssetWatchSettings settings_;
  std::vector<std::unique_ptr<ChannelWatch>> channels_;
  std::vector<double> row_;
  Mewma chart_;
  Calibrator distances_, steps_;
  Decorrelation decorrelation_;
  double limit_;
  Martingale martingale_;
  std::int64_t step_ = -1;
  std::uint64_t suspected_ = 0;  ///< so many steps on end
  double strangest_ = 0;         ///< in this step so far
  std::string words_;            ///< of the strangest readings lately
};

}  // namespace fettle::detection
