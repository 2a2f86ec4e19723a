// SPDX-License-Identifier: Apache-2.0
// Readers on disk while the writer is in the middle of something: each moment is made, none is waited for.
#include "storage/rocks_view.hpp"
#include "tests/storage/subject.hpp"

using namespace argentum;
using namespace argentum::storage;
using namespace argentum::test;

namespace {

/// read_at("a", at) on a replica, with `act` between its look at the present and its look at the past. Each look is
/// one read of a table file: both families were flushed, and the file system calls us before it reads.
lookup_answer read_around(index_t at, const std::function<void(subject&, root_log&)>& act) {
  root_log root;
  for (int i = 1; i <= 5; ++i) root.write({{"a", std::to_string(i)}});
  subject s{true, instance_role::replica};
  must(s->apply(root.after(0), true));
  s.reopen(); // into table files
  auto view = s.view();
  int reads = 0;
  unsynced_env::on_read = [&] {
    if (++reads == 2) act(s, root);
  };
  auto answer = view->read_at("a", at);
  unsynced_env::on_read = nullptr;
  REQUIRE(reads == 2);
  return must(std::move(answer));
}

} // namespace

TEST_CASE("a horizon that passes a reader by turns its answer into pruned, else it stands") {
  auto moved_to = [](index_t horizon) {
    return [horizon](subject& s, root_log&) { must(s->set_horizon(horizon)); };
  };
  CHECK(read_around(2, moved_to(2)) == lookup_answer{lookup_status::found, 2, "2"});
  CHECK(read_around(2, moved_to(3)) == lookup_answer{lookup_status::pruned, 3, {}});
}

TEST_CASE("a key that is overwritten in the middle of a read keeps its past") {
  auto overwrite = [](subject& s, root_log& root) {
    root.write({{"a", "6"}});
    root.write({{"a", std::nullopt}});
    must(s->apply(root.after(5), true));
  };
  for (index_t at = 1; at <= 4; ++at)
    CHECK(read_around(at, overwrite) == lookup_answer{lookup_status::found, at, std::to_string(at)});
}

TEST_CASE("an entry that can be read counts as applied, also before its writer says so") {
  temp_dir files;
  auto db = must(rocks_db::create(files.path() + "/db", instance_role::replica, std::make_shared<rocks_shared>()));
  auto state = must(db->read_state());
  replica_view view{db, state};
  view.announce(view.horizon());
  CHECK(view.applied() == 0);
  CHECK(must(view.read_at("a", 1)).status == lookup_status::behind);
  state.applied.index = 1;
  REQUIRE(db->db().Put({}, db->meta(), state_key, encode_state(state)).ok());
  CHECK(view.applied() == 1);
  CHECK(must(view.read_at("a", 1)).status == lookup_status::absent);
  view.publish(state);
  CHECK(view.applied() == 1);
}
