#include "core/endpoint.hpp"

#include <gtest/gtest.h>

namespace fettle {
namespace {

TEST(Endpoint, is_read_with_and_without_a_port) {
  EXPECT_EQ(parse_endpoint("meter.local", 502), (Endpoint{"meter.local", 502}));
  EXPECT_EQ(parse_endpoint("10.0.0.7:1502", 502), (Endpoint{"10.0.0.7", 1502}));
  EXPECT_EQ(parse_endpoint("[::1]", 502), (Endpoint{"::1", 502}));
  EXPECT_EQ(parse_endpoint("[fe80::2%eth0]:10001", 502), (Endpoint{"fe80::2%eth0", 10001}));
  EXPECT_EQ(parse_endpoint("2001:db8::1", 502), (Endpoint{"2001:db8::1", 502}));
}

TEST(Endpoint, is_none_without_a_host_or_with_a_port_that_is_none) {
  for (const auto* const text : {"", ":502", "[]:502", "a:", "a:0", "a:65536", "a:12x", "[::1", "[::1]:", "[::1]:-1"})
    EXPECT_FALSE(parse_endpoint(text, 502)) << text;
}

TEST(Endpoint, in_a_url_has_brackets_around_colons_and_nothing_of_other_parts) {
  EXPECT_EQ(parse_url_endpoint("[::1]:8883", 1883), (Endpoint{"::1", 8883}));
  EXPECT_EQ(parse_url_endpoint("broker", 1883), (Endpoint{"broker", 1883}));
  for (const auto* const text : {"::1", "user@broker", "a/b", "a?b", "a b", "[::1", "::1]", "[a]b:1883"})
    EXPECT_FALSE(parse_url_endpoint(text, 1883)) << text;
}

TEST(Endpoint, is_written_as_it_is_read) {
  for (const auto* const text : {"meter.local:502", "[::1]:502", "10.0.0.7:1502"})
    EXPECT_EQ(parse_endpoint(text, 1).value().text(), text);
}

}  // namespace
}  // namespace fettle
