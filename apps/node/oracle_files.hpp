// SPDX-License-Identifier: Apache-2.0
// What the oracle reads from files and keeps in one.
#pragma once

#include "messages/error.hpp"

#include <string>
#include <vector>

namespace argentum::app {

/// Keys that datagrams are signed with, one a line, the first signs. Errors name the file and never a key.
caf::expected<std::vector<std::string>> read_keys(const std::string& path);

/// What `keep_contacts` wrote; empty if there is nothing.
std::string read_contacts(const std::string& data_dir);
/// Replaces it as a whole. A failure is logged: the next start asks the seeds then.
void keep_contacts(const std::string& data_dir, const std::string& bytes);

} // namespace argentum::app
