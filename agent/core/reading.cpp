#include "core/reading.hpp"

namespace fettle {

std::string_view name_of(Quality quality) {
  switch (quality) {
    case Quality::good: return "good";
    case Quality::uncertain: return "uncertain";
    case Quality::bad: return "bad";
  }
  return "?";
}

std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::none: return "";
    case Reason::not_read: return "not read yet";
    case Reason::timeout: return "timeout";
    case Reason::refused: return "refused";
    case Reason::malformed: return "malformed";
    case Reason::unsupported: return "unsupported";
    case Reason::offline: return "offline";
    case Reason::no_value: return "no value";
    case Reason::out_of_range: return "out of range";
    case Reason::stale: return "stale";
    case Reason::not_running: return "not running";
    case Reason::starting: return "starting";
    case Reason::too_few: return "too few";
    case Reason::too_fast: return "too fast";
    case Reason::set_back: return "set back";
    case Reason::undefined: return "undefined";
    case Reason::stuck: return "stuck";
    case Reason::spike: return "spike";
    case Reason::out_of_order: return "out of order";
    case Reason::not_learned: return "not learned yet";
    case Reason::no_supply: return "no supply";
  }
  return "?";
}

Reason reason_of(Fault fault) {
  switch (fault) {
    case Fault::timeout: return Reason::timeout;
    case Fault::refused: return Reason::refused;
    case Fault::malformed: return Reason::malformed;
    case Fault::unsupported: return Reason::unsupported;
    case Fault::offline: return Reason::offline;
  }
  return Reason::offline;
}

}  // namespace fettle
