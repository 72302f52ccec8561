#include "doctor/check.hpp"

namespace fettle::doctor {

std::string_view name_of(Grade grade) {
  switch (grade) {
    case Grade::ok: return "ok";
    case Grade::warning: return "warning";
    case Grade::problem: return "problem";
  }
  return {};
}

}  // namespace fettle::doctor
