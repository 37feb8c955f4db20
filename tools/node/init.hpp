#pragma once
// `tephra-node init`: everything that a node needs before it runs.

#include "tools/node/config.hpp"

#include <functional>
#include <map>
#include <string>

namespace node {

enum class Role : std::uint8_t { Follower, Validator };

/// The text of the configuration file in which these options are set.
using ConfigText = std::function<std::string(const std::map<std::string, std::string>& given)>;

/// Makes the data folder with block zero, a copy of the chain file, the keys of the role and node.toml, and says what
/// comes next. Keys that the configuration names, or that lie in the folder, are checked and taken. A folder that has a
/// node.toml is refused, and nothing that exists is overwritten. Returns the exit status.
int init(const Config& config, Role role, const ConfigText& config_text);

}  // namespace node
