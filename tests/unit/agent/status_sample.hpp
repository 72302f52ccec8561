#pragma once

#include "agent_status.hpp"

#include <chrono>

namespace fettle {

/// An agent with something in every member.
inline AgentStatus busy_agent() {
  using namespace std::chrono_literals;
  const Time now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};
  AgentStatus status;
  status.version = "1.4.2";
  status.gateway = "gw-7";
  status.site = "HQ";
  status.now = {now};
  status.since = {now - 72h};
  status.broker = {"mqtts://broker.example:8883", true, Stamp{now - 3h}, 12, 4, 1};
  status.clock = {"ntp", 12.0};
  DeviceStatus fine{"ahu", true, {}, "", 100, 2, 0, 31.25};
  fine.line = LineStatus{120, 118, 3, 1, 1, 6, 12.5, 31.25, 90'000, 0.25};
  DeviceStatus silent{"meter", false, Stamp{now - 2h}, "meter: no answer within 300ms", 90, 40, 7, 300};
  status.buses = {{"north", true, {}, {fine, silent}, {"ahu: check sums are wrong at this unit only"}}};
  status.modes = {{"AHU-07", "filter-clog", 1.0}, {"AHU-07", "belt-slip", 0.25}, {"PUMP-01", "bearing-wear", {}}};
  status.alerts = {0, 1, 2, 0};
  status.store = {"/var/lib/fettle", "",        {{"history.db", 8'000'000}, {"journal.db", 120'000}},
                  2'000'000'000,     1'200'000, 3'400'000,
                  20'000'000,        6'100};
  status.resident_memory = 12'345'678;
  status.telemetry = {true, 15, 3};
  status.recent_errors = {"2026-03-01T10:00:00Z warning: meter: no answer within 300ms"};
  return status;
}

}  // namespace fettle
