#include "delivery/sparkplug.hpp"

#include "delivery/json_members.hpp"
#include "delivery/json_writer.hpp"
#include "delivery/service_command.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <cctype>
#include <utility>

namespace fettle::delivery {
namespace {

namespace json = boost::json;

constexpr std::size_t complaints_a_minute = 10;
constexpr std::size_t longest_complaint = 300;
constexpr int first_refusal = 400;

/// A session does not end for a broker that may be back, but that the primary host may not listen at.
DeliveryTimes without_return(DeliveryTimes times) {
  times.return_after = {};
  return times;
}

}  // namespace

Sparkplug::Sparkplug(boost::asio::io_context& home, DomainClock clock, const GatewayFacts& gateway,
                     const SparkplugSettings& settings, SparkplugDoors doors, const MakeBroker& make_broker,
                     const DeliveryTimes& times)
    : clock_{clock},
      gateway_{gateway},
      settings_{settings},
      doors_{std::move(doors)},
      times_{times},
      home_{home},
      rebirth_{home.get_executor()},
      farewell_{home.get_executor()},
      hearing_{home.get_executor()},
      node_{{settings.group, gateway.id}, gateway.software},
      complaints_{complaints_a_minute},
      alive_{std::make_shared<const bool>(true)},
      link_{home, settings.broker, gateway.id, *this, make_broker, without_return(times)} {}

Sparkplug::~Sparkplug() = default;

void Sparkplug::set_devices(const SparkplugNode::Devices& devices) { send(node_.set_devices(devices, clock_.now())); }

void Sparkplug::start() {
  if (!std::exchange(started_, true)) link_.start();
}

void Sparkplug::revise(const std::string& slot, std::string document) {
  send(node_.revise(slot, std::move(document), clock_.now()));
}

Will Sparkplug::last_words() {
  session_ = doors_.next_session();
  return {node_.death(session_, clock_.now()), {}};
}

void Sparkplug::link_up(const Welcome& /*welcome*/) {
  filters_.begin_anew();
  subscribe();
  spdlog::info("Sparkplug: connected to {} as {}/{}, bdSeq {}{}", link_.address().url(), settings_.group, gateway_.id,
               session_, settings_.primary_host.empty() ? "" : "; waiting for host " + settings_.primary_host);
  if (settings_.primary_host.empty()) be_born();
}

void Sparkplug::subscribe() {
  std::vector<std::string> filters{node_.topic("NCMD"), node_.topic("DCMD") + "/+"};
  if (!settings_.primary_host.empty()) filters.push_back(state_topic());
  filters_.await(filters.size());
  for (const auto& each : filters) link_.subscribe(each);
}

void Sparkplug::link_down() {
  rebirth_.cancel();
  hearing_.cancel();
  node_.end();
  in_session_ = false;
  host_time_ = 0;
  farewell_token_ = 0;
}

void Sparkplug::outage_began(const std::string& what) {
  spdlog::warn("Sparkplug: {}; a birth tells everything when it is back", what);
}

void Sparkplug::link_rejected(const std::string& reason) {
  if (!link_refusal_) link_refusal_ = BrokerRefusal{clock_.now(), {}};
  link_refusal_->what = "Sparkplug: " + reason;
}

void Sparkplug::be_born() {
  if (!link_.is_up()) return;
  in_session_ = true;
  born_at_ = std::chrono::steady_clock::now();
  send(node_.birth(session_, clock_.now()));
  const auto forgotten = node_.forgotten();
  if (const auto more = forgotten - std::exchange(told_forgotten_, forgotten); more > 0) {
    spdlog::warn("Sparkplug: {} revisions of alerts are not in the history that the host gets; the latest are", more);
  }
}

/// Hosts that have lost the thread may all ask at once, and the answer is everything. Until then there is no data, as the specification
/// wants it.
void Sparkplug::be_born_again() {
  if (!node_.is_born()) return;
  node_.end();
  const auto earliest = born_at_ + times_.first_retry;
  const auto wait = std::max(std::chrono::nanoseconds{0}, earliest - std::chrono::steady_clock::now());
  rebirth_.run_after(wait, alive_, this, &Sparkplug::be_born);
}

void Sparkplug::hear_host(const std::string& payload) {
  boost::system::error_code code;
  const auto state = json::parse(payload, code);
  std::string problem = code || !state.is_object() ? "is no JSON object" : "";
  if (!problem.empty()) return complain(fmt::format("{} {}", state_topic(), problem));
  const Members said{&state.get_object(), problem};
  const auto timestamp = said.number("timestamp");
  const bool online = said.flag("online");
  if (!timestamp || !said.has("online") || !problem.empty()) {
    return complain(state_topic() + " does not say online and timestamp");
  }
  if (*timestamp < host_time_ || farewell_token_ != 0) return;
  host_time_ = *timestamp;
  if (online && !in_session_) {
    spdlog::info("Sparkplug: host {} is online", settings_.primary_host);
    be_born();
  }
  if (!online) leave_host();
}

/// It may listen at another broker.
void Sparkplug::leave_host() {
  if (in_session_) {
    spdlog::info("Sparkplug: host {} is offline; nothing is sent until it is back", settings_.primary_host);
    say_farewell();
  } else if (settings_.broker.addresses.size() > 1) {
    link_.move_on();
  }
}

void Sparkplug::say_farewell() {
  rebirth_.cancel();
  node_.end();
  in_session_ = false;
  auto death = node_.death(session_, clock_.now());
  death.token = farewell_token_ = ++last_token_;
  link_.publish(death);
}

void Sparkplug::farewell_ended() {
  farewell_token_ = 0;
  stopped_ ? finish_stop() : link_.move_on();
}

void Sparkplug::message_published(std::uint64_t token) {
  if (token == farewell_token_) farewell_ended();
}

/// Where data is lacking the host sees it by the sequence, and asks for a rebirth.
void Sparkplug::message_refused(std::uint64_t token, const std::string& reason) {
  complain("a message is not sent: " + reason);
  if (token == farewell_token_) farewell_ended();
}

/// All that was asked for counts as one.
void Sparkplug::subscription_answered(const std::string& refusal) {
  const auto why = filters_.take(refusal);
  if (!why) return;
  if (why->empty()) return filter_refusal_.reset();
  hearing_.run_after(clock_.real(gateway_.heartbeat), alive_, this, &Sparkplug::subscribe);
  if (filter_refusal_) return;
  filter_refusal_ = BrokerRefusal{
      clock_.now(), fmt::format("Sparkplug: {} does not pass on NCMD, DCMD or STATE: {}", link_.address().url(), *why)};
  complain(fmt::format("{} does not pass on all of {}, {}/+{}: {}; check what {} may read", link_.address().url(),
                       node_.topic("NCMD"), node_.topic("DCMD"),
                       settings_.primary_host.empty() ? "" : ", " + state_topic(), *why, gateway_.id));
}

void Sparkplug::message_received(const Incoming& message) {
  if (!settings_.primary_host.empty() && message.topic == state_topic()) return hear_host(message.payload);
  if (message.retained) return complain("a retained message is no command: " + message.topic);
  if (message.topic == node_.topic("NCMD")) return obey_node_command(message.payload);
  const auto devices = node_.topic("DCMD") + "/";
  if (message.topic.starts_with(devices)) obey_device_command(message.topic.substr(devices.size()), message.payload);
}

void Sparkplug::obey_node_command(const std::string& payload) {
  const auto wishes = sparkplug::decode_command(payload);
  if (!wishes) return complain("NCMD " + wishes.error().detail);
  for (const auto& wish : *wishes) {
    const auto* const flag = std::get_if<bool>(&wish.value);
    if (wish.name == "Node Control/Rebirth" && flag != nullptr && *flag) {
      be_born_again();
    } else {
      complain(fmt::format("NCMD: \"{}\" cannot be written; Node Control/Rebirth takes the Boolean true", wish.name));
    }
  }
}

void Sparkplug::obey_device_command(const std::string& device, const std::string& payload) {
  const auto wishes = sparkplug::decode_command(payload);
  if (!wishes) return complain(fmt::format("DCMD for {} {}", device, wishes.error().detail));
  for (const auto& wish : *wishes) {
    const auto order = order_for(device, wish);
    order ? pass_on(*order) : complain(fmt::format("DCMD for {}: {}", device, order.error().detail));
  }
}

Result<sparkplug::Order> Sparkplug::order_for(const std::string& device, const sparkplug::Wish& wish) const {
  if (wish.name.empty()) return failure(Fault::unsupported, "a metric without a name; births give no aliases");
  const auto* const document = node_.document(device, sparkplug::mode_of(wish.name));
  if (document == nullptr) return failure(Fault::unsupported, wish.name + " is no metric of it");
  return sparkplug::order_of(wish, *document, clock_.now());
}

void Sparkplug::pass_on(const sparkplug::Order& order) {
  const auto now = clock_.now();
  const auto id = fmt::format("{}-{}", now.time_since_epoch().count(), ++commands_);
  auto own = as_own({sparkplug_requester, gateway_.id, order.op, id, json_text(order.args)}, now);
  Incoming command;
  command.topic = fmt::format("{}/{}/cmd/{}/{}", gateway_.root, gateway_.id, sparkplug_requester, own.op);
  command.payload = std::move(own.payload);
  doors_.ear(command);
}

void Sparkplug::answer(const std::string& document) {
  if (status_of_answer(document) < first_refusal) return;
  const auto answer = json::parse(document).as_object();
  const auto hint = text_of(answer, "hint");
  complain(fmt::format("{} is refused: {}{}", text_of(answer, "op"), text_of(answer, "error"),
                       hint.empty() ? "" : " (" + hint + ")"));
}

void Sparkplug::stop(std::function<void()> done) {
  stopped_ = std::move(done);
  const bool is_known = in_session_;
  link_.leave();
  if (!is_known) return finish_stop();
  say_farewell();
  farewell_.run_after(times_.farewell_deadline, alive_, this, &Sparkplug::finish_stop);
}

void Sparkplug::finish_stop() {
  farewell_.cancel();
  link_.end();
  if (const auto done = std::exchange(stopped_, nullptr)) boost::asio::post(home_, done);
}

void Sparkplug::send(SparkplugNode::Outgoing messages) {
  for (auto& message : messages) {
    message.token = ++last_token_;
    link_.publish(message);
  }
}

/// What others do wrong must not fill the log.
void Sparkplug::complain(const std::string& what) {
  if (complaints_.delay(settings_.group, clock_.now())) return;
  auto text = plain_text(what, longest_complaint);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char each) { return std::iscntrl(each) != 0; }, ' ');
  spdlog::warn("Sparkplug: {}", text);
}

}  // namespace fettle::delivery
