#include "field_watch.hpp"

#include "acquisition/bus.hpp"
#include "buses.hpp"
#include "field.hpp"
#include "line_hints.hpp"
#include "live_readings.hpp"
#include "questions.hpp"
#include "scale_hints.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace fettle {
namespace {

using acquisition::Driver;
using acquisition::Line;

constexpr std::chrono::milliseconds shortest_count = std::chrono::seconds{5};  ///< that says anything about a load

constexpr std::chrono::seconds settling{3};

/// What a read left on the wire.
struct Overheard {
  std::vector<std::string> raw;
  std::optional<acquisition::LineQuality> quality;
};

/// A driver that tells, after each read, what there was beside the values; it does so in the bus's thread.
class Eavesdropper final : public Driver {
 public:
  using Tell = std::function<void(Overheard)>;

  Eavesdropper(std::unique_ptr<Driver> driver, Tell tell) : driver_{std::move(driver)}, tell_{std::move(tell)} {}

  Result<std::size_t> read(std::span<Reading> into) override {
    auto result = driver_->read(into);
    Overheard overheard{{}, driver_->quality()};
    for (std::size_t point = 0; point < into.size(); ++point) overheard.raw.push_back(driver_->raw(point));
    tell_(std::move(overheard));
    return result;
  }
  bool has_news() override { return driver_->has_news(); }
  bool await(std::chrono::steady_clock::time_point deadline) override { return driver_->await(deadline); }
  void choose(acquisition::ClassSet wanted) override { driver_->choose(wanted); }
  std::optional<bool> stirs() override { return driver_->stirs(); }
  std::optional<acquisition::LineQuality> quality() const override { return driver_->quality(); }
  std::string raw(std::size_t point) const override { return driver_->raw(point); }
  std::string source(std::size_t point) const override { return driver_->source(point); }

 private:
  std::unique_ptr<Driver> driver_;
  Tell tell_;
};

}  // namespace

/// A bus of our own, and what it has told so far.
struct FieldWatch::OwnBus {
  BusWatch watch;
  std::chrono::steady_clock::time_point opened = std::chrono::steady_clock::now();
  std::vector<std::size_t> first_points;                                   ///< by place on the bus
  std::shared_ptr<const bool> alive = std::make_shared<const bool>(true);  ///< handlers hold it weakly
  std::unique_ptr<acquisition::Bus> bus;                                   ///< last: its thread posts until it is gone

  std::map<std::size_t, std::string> heard;  ///< by point of the view, until its reading comes

  void hear(std::size_t place, Overheard overheard) {
    for (std::size_t point = 0; point < overheard.raw.size(); ++point)
      heard[first_points[place] + point] = std::move(overheard.raw[point]);
    auto state = watch.states[place];
    state.quality = overheard.quality;
    state.time = DomainClock{}.now();
    if (state.reads == 0) {
      watch.states[place] = std::move(state);
    } else {
      watch.note(std::move(state));
    }
  }

  /// What was on the wire is told just before the readings that were made of it, and shown only together with them.
  void take(const std::vector<Reading>& readings, FieldView& view) {
    for (const auto& reading : readings) {
      auto& report = view.points.at(reading.point.index).report;
      report.reading = reading;
      report.raw = std::move(heard[reading.point.index]);
      heard.erase(reading.point.index);
    }
  }
};

FieldWatch::FieldWatch(boost::asio::io_context& home, const Installation& installation,
                       const std::vector<std::string>& devices)
    : home_{home}, installation_{installation} {
  list_points(devices);
  if (ask_status(installation.site.store)) {
    view_.from = FieldView::From::agent;
  } else {
    open_buses();
  }
}

FieldWatch::~FieldWatch() = default;

/// Drivers that are made for it know where their points come from, and open nothing.
void FieldWatch::list_points(const std::vector<std::string>& devices) {
  for (const auto& bus : installation_.site.buses) {
    const auto line = make_line(bus);
    for (std::size_t place = 0; place < installation_.devices.size(); ++place) {
      const auto& device = installation_.devices[place];
      const auto& key = device.settings.key;
      if (device.settings.bus != bus.key) continue;
      if (!devices.empty() && std::find(devices.begin(), devices.end(), key) == devices.end()) continue;
      const auto driver = attach(*line, device);
      watched_.push_back({place, view_.points.size()});
      for (std::size_t point = 0; point < device.profile->points.size(); ++point) {
        const auto& known = device.profile->points[point];
        places_.emplace(std::pair{key, known.name}, view_.points.size());
        const auto every = paces_of(device).at(static_cast<std::size_t>(known.point_class));
        view_.points.push_back({{key, known.name, driver->source(point), {}, known.quantity, {}, 0}, every});
      }
    }
  }
}

void FieldWatch::open_buses() {
  for (const auto& bus : installation_.site.buses) {
    std::vector<Watched> devices;
    for (const auto& watched : watched_) {
      if (installation_.devices[watched.device].settings.bus == bus.key) devices.push_back(watched);
    }
    if (!devices.empty()) buses_.push_back(open(bus, devices));
  }
}

/// Late news finds nobody: a bus is gone when its `alive` is.
template <class Work>
void FieldWatch::tell_home(OwnBus& from, const std::weak_ptr<const bool>& alive, Work work) {
  boost::asio::post(home_, [this, &from, alive, work = std::move(work)]() mutable {
    if (!alive.expired()) work(from, view_);
  });
}

acquisition::BusDevice FieldWatch::make_device(OwnBus& own, const Watched& watched, Line& line) {
  const auto& installed = installation_.devices[watched.device];
  acquisition::BusDevice made;
  made.key = installed.settings.key;
  made.driver = std::make_unique<Eavesdropper>(
      attach(line, installed),
      [this, &own, alive = std::weak_ptr{own.alive}, place = own.first_points.size() - 1](Overheard heard) {
        tell_home(own, alive, [place, heard](OwnBus& bus, FieldView&) { bus.hear(place, heard); });
      });
  made.profile_points = installed.profile->points.size();
  made.every = paces_of(installed);
  for (std::uint32_t point = 0; point < made.profile_points; ++point)
    made.feeds.push_back({point, PointId{static_cast<std::uint32_t>(watched.first_point + point)}});
  return made;
}

std::unique_ptr<FieldWatch::OwnBus> FieldWatch::open(const settings::BusSettings& settings,
                                                     const std::vector<Watched>& devices) {
  auto own = std::make_unique<OwnBus>();
  own->watch.bus = settings.key;
  auto line = make_line(settings);
  std::vector<acquisition::BusDevice> polled;
  for (const auto& watched : devices) {
    own->watch.devices.push_back(watched.device);
    own->first_points.push_back(watched.first_point);
    polled.push_back(make_device(*own, watched, *line));
  }
  own->watch.states.resize(devices.size());
  own->watch.silences.resize(devices.size());
  acquisition::BusSinks sinks;
  sinks.readings = [this, &from = *own, alive = std::weak_ptr{own->alive}](std::vector<Reading> readings) {
    tell_home(from, alive,
              [readings = std::move(readings)](OwnBus& bus, FieldView& view) { bus.take(readings, view); });
  };
  sinks.states = [this, &from = *own, alive = std::weak_ptr{own->alive}](acquisition::DeviceState state) {
    tell_home(from, alive, [state = std::move(state)](OwnBus& bus, FieldView&) { bus.watch.note(state); });
  };
  own->bus = std::make_unique<acquisition::Bus>(settings.key, std::move(line), std::move(polled), DomainClock{},
                                                std::move(sinks));
  return own;
}

bool FieldWatch::is_watched(const std::string& device) const {
  return std::any_of(watched_.begin(), watched_.end(), [this, &device](const Watched& each) {
    return installation_.devices[each.device].settings.key == device;
  });
}

void FieldWatch::take_over(const std::vector<LiveReading>& readings) {
  for (const auto& live : readings) {
    const auto place = places_.find({live.device, live.point});
    if (place == places_.end()) continue;
    auto& report = view_.points[place->second].report;
    report.reading = live.reading;
    report.raw.clear();  // of a read of our own, before the agent was started
    report.milliseconds = live.milliseconds;
  }
}

/// Counts begin anew with a new line, and an agent hears of them only now and then.
void FieldWatch::measure_loads() {
  const auto now = std::chrono::steady_clock::now();
  for (auto& bus : view_.buses) {
    for (auto& device : bus.devices) {
      if (!device.line) continue;
      auto& last = counts_[device.device];
      const std::chrono::duration<double, std::milli> span = now - last.at;
      const bool began = last.at == std::chrono::steady_clock::time_point{} || device.line->busy < last.busy;
      const bool counted = device.line->busy > last.busy && span >= shortest_count;
      if (counted && !began) last.load = (device.line->busy - last.busy) / span.count();
      if (began || counted) last = {device.line->busy, now, last.load};
      if (last.load) device.line->load = last.load;
    }
  }
}

FieldView FieldWatch::look() {
  const auto& store = installation_.site.store;
  if (const auto status = ask_status(store)) {
    buses_.clear();  // the wires are the agent's now
    view_.from = FieldView::From::agent;
    view_.now = status->now.at;
    view_.buses = status->buses;
    for (auto& bus : view_.buses)
      std::erase_if(bus.devices, [this](const DeviceStatus& each) { return !is_watched(each.device); });
    std::erase_if(view_.buses, [](const BusStatus& bus) { return bus.devices.empty(); });
    if (const auto readings = ask_live_readings(store)) take_over(*readings);
    measure_loads();
    return view_;
  }
  view_.now = DomainClock{}.now();
  if (view_.from != FieldView::From::buses) {
    view_.from = FieldView::From::lost_agent;
    return view_;
  }
  std::vector<BusWatch> watches;
  for (const auto& own : buses_) watches.push_back(own->watch);
  view_.buses = bus_status(installation_, watches);
  measure_loads();
  add_hints(installation_, view_.buses);
  std::vector<LiveReading> readings;
  for (const auto& [point, every] : view_.points) readings.push_back({point.device, point.point, point.reading});
  add_scale_hints(installation_, readings, view_.buses);
  return view_;
}

/// A device in the network that is slow to answer its first question counts as silent until the next poll.
bool FieldWatch::is_complete() const {
  return std::all_of(buses_.begin(), buses_.end(), [](const auto& own) {
    const bool waited = std::chrono::steady_clock::now() - own->opened >= settling;
    const auto is_settled = [waited](const acquisition::DeviceState& each) {
      return each.reads > 0 && (waited || each.answering || each.fault != Fault::timeout);
    };
    return std::all_of(own->watch.states.begin(), own->watch.states.end(), is_settled);
  });
}

}  // namespace fettle
