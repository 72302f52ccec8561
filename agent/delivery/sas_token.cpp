#include "delivery/sas_token.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <vector>

namespace fettle::delivery {
namespace {

using Octets = std::vector<unsigned char>;

constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

Octets octets(std::string_view text) { return {text.begin(), text.end()}; }

/// Nothing if it is no base64. OpenSSL counts the padding as zeros that were meant.
std::optional<Octets> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  const auto coded = octets(text);
  Octets result(text.size() / 4 * 3);
  const int size = EVP_DecodeBlock(result.data(), coded.data(), static_cast<int>(coded.size()));
  ERR_clear_error();
  if (size < 0) return std::nullopt;
  const auto padding = text.size() - std::min(text.find_last_not_of('=') + 1, text.size());
  if (padding > 2) return std::nullopt;
  result.resize(static_cast<std::size_t>(size) - padding);
  return result;
}

std::string to_base64(const unsigned char* data, std::size_t size) {
  Octets coded((size + 2) / 3 * 4 + 1);
  const int length = EVP_EncodeBlock(coded.data(), data, static_cast<int>(size));
  return {coded.begin(), coded.begin() + length};
}

std::string signature(const Octets& key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const auto data = octets(text);
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data.data(), data.size(), digest.data(), &size);
  return to_base64(digest.data(), size);
}

/// The number of a hexadecimal digit; 16 for anything else.
unsigned digit(char letter) {
  constexpr std::string_view digits = "0123456789abcdef";
  const bool is_upper = letter >= 'A' && letter <= 'F';
  const auto place = digits.find(is_upper ? static_cast<char>(letter - 'A' + 'a') : letter);
  return place == std::string_view::npos ? 16 : static_cast<unsigned>(place);
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  std::string result;
  for (const char each : text) {
    if (plain.find(each) != std::string_view::npos) {
      result += each;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(each));
    }
  }
  return result;
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t place = 0; place < text.size(); ++place) {
    const bool is_coded =
        text[place] == '%' && place + 2 < text.size() && digit(text[place + 1]) < 16 && digit(text[place + 2]) < 16;
    result += is_coded ? static_cast<char>(digit(text[place + 1]) * 16 + digit(text[place + 2])) : text[place];
    if (is_coded) place += 2;
  }
  return result;
}

Result<std::string> sas_token(std::string_view resource, std::string_view key, Time expires) {
  const auto secret = from_base64(key);
  if (!secret) return failure(Fault::malformed, "is no device key, which is base64 (the primary or secondary key)");
  const auto name = percent_encoded(resource);
  const auto until = std::chrono::duration_cast<std::chrono::seconds>(expires.time_since_epoch()).count();
  return fmt::format("SharedAccessSignature sr={}&sig={}&se={}", name,
                     percent_encoded(signature(*secret, fmt::format("{}\n{}", name, until))), until);
}

}  // namespace fettle::delivery
