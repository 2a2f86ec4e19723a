// SPDX-License-Identifier: Apache-2.0
// Bounds of the Network Oracle, each with its reason; those of the rest: limits.hpp. Members are counted N.
#pragma once

#include "messages/limits.hpp"

namespace argentum::limits {

// -- gossip -----------------------------------------------------------------------------------------------------
/// Fits the smallest MTU that tunnels leave, with headers.
inline constexpr std::size_t datagram_bytes_max = 1'400;
/// Roots and intermediates of one deployment: a full state of so many fits a frame.
inline constexpr std::size_t members_max = 10'000;
/// One member is probed each interval (SWIM's protocol period), times the node's own lack of health.
inline constexpr auto probe_interval = 1s;
/// The direct answer must come within this, or what is known of the round trip (rtt_table) if that is more; then
/// others are asked.
inline constexpr auto probe_timeout = 500ms;
inline constexpr std::size_t indirect_probes = 3;
/// Whoever probes for another tells it after this that there is no answer yet: it must hear that in time.
inline constexpr auto probe_missed_after = 300ms;
/// Probes for others under way; more are refused.
inline constexpr std::size_t relayed_probes_max = 256;
/// A tick that comes this late shows that we have been asleep (starved, stopped): what others did not answer
/// meanwhile says nothing about them.
inline constexpr auto asleep_after = 250ms;
/// News are sent out this often to that many members, beside what rides on probes.
inline constexpr auto gossip_interval = 200ms;
inline constexpr std::size_t gossip_fanout = 3;
/// Everybody sends each piece of news ln(N) times, to miss one member in all, and this much more often: with e^-5
/// somebody is still missed, and hears of it by a full state.
inline constexpr std::size_t retransmit_extra = 5;
/// Suspicion ends after this times max(1, log10(N)) probe intervals, if enough confirm it; after up to
/// `suspicion_max_factor` times that, if nobody does (Lifeguard).
inline constexpr double suspicion_factor = 4;
inline constexpr double suspicion_max_factor = 6;
inline constexpr std::size_t suspicion_confirmations = 3;
/// Lifeguard's local health: how many times slower a node that misses answers gets, at most.
inline constexpr unsigned health_max = 8;
/// Dead members are remembered, so that old news cannot raise them.
inline constexpr auto dead_memory = 24h;
/// Members that are contradicted at once, in one gossip interval; others wait for their next message.
inline constexpr std::size_t objections_max = 256;
/// That another node has our name is logged this often while it goes on.
inline constexpr auto conflict_log_interval = 60s;
/// Known members that are dead are offered a full state now and then, so that halves of a split find together
/// again.
inline constexpr auto reconnect_interval = 10s;
/// Who joins asks its seeds this often until somebody has answered.
inline constexpr auto join_interval = 1s;
/// Who leaves says so to that many.
inline constexpr std::size_t leave_fanout = 6;
/// A member tells all where it is (its coordinate) when it has moved by more than a tenth of its round trips and
/// than it may be wrong, and this often at most; longer by `announce_per_member` for each member, since each hears
/// from all of them.
inline constexpr auto announce_interval = 10s;
inline constexpr auto announce_per_member = 100ms;
/// Full states are exchanged with one member this often up to 32 members, and once less for each doubling.
inline constexpr auto full_state_interval = 30s;
/// A full state that brings this many who have come or gone is from one of many who know them all: others are told
/// by full states too, and the next is exchanged soon. So masses of news pass in a few rounds, each doubling who
/// knows.
inline constexpr std::size_t merged_news_max = 8;
inline constexpr auto full_state_again = 3s;
/// One is exchanged besides when so many more of those that we probe know other members than the same; the next
/// takes twice as many, up to the second number, until somebody knows the same.
inline constexpr unsigned view_differences_min = 5;
inline constexpr unsigned view_differences_max = 80;
/// Bytes of datagrams that a member sends per second, on average over a second; news wait when it is reached.
inline constexpr std::size_t gossip_bytes_per_second = 64 * kib;
/// Statuses are left out of a full state beyond this, and one member's part is no larger than the second: all of
/// its instances with the longest names.
inline constexpr std::size_t full_state_bytes_max = 16 * mib;
inline constexpr std::size_t member_report_bytes_max = 32 * kib;
/// One is exchanged at a time; the other side must have answered within this.
inline constexpr auto exchange_time = 10s;
inline constexpr std::size_t exchanges_waiting_max = 8;
/// What a node knows is published this often up to 100 members, and proportionally less often with more.
inline constexpr auto oracle_report_interval = 1s;

// -- upstreams --------------------------------------------------------------------------------------------------
/// Candidates that a survey asks: the cheapest by what is known.
inline constexpr std::size_t survey_candidates = 12;
/// ... and how long it waits for their answers.
inline constexpr auto survey_time = 600ms;
/// Surveys under way at a time: one for each instance, and as many again; more are refused.
inline constexpr std::size_t surveys_max = 2 * instances_max;
/// Processing at each hop of the tree, as it enters into costs.
inline constexpr auto hop_cost = 1ms;
/// One part in so many of the round trip to an upstream is added to its cost, and to nobody's who follows us: a
/// datacenter's nodes rather follow one of theirs than cross the ocean each for itself.
inline constexpr int far_link_part = 10;
/// Added to a root's cost for a leaf, more than any way costs: roots serve intermediates.
inline constexpr auto root_cost_of_leaves = 10s;
/// A sink looks for a cheaper upstream this often, give or take a half: a thousand do not move at once.
inline constexpr auto upstream_review = 20s;
/// It moves if that saves more than one part in so many, and at least a hop.
inline constexpr int upstream_gain_part = 12;
/// ... and no sooner than this after the last time: measured times waver.
inline constexpr auto upstream_move_pause = 60s;
/// After so long without news of the root a sink asks whether others hear it: five of them are missing.
inline constexpr auto upstream_doubt_after = 5s;
/// A sink waits this long for its oracle's answer, which takes a survey.
inline constexpr auto find_upstreams_max = 3s;
/// An upstream that refused, or failed, is left out of the search for this long; so many are remembered.
inline constexpr auto refusal_memory = 10s;
inline constexpr std::size_t refusals_max = 64;
/// Nodes that follow one source per instance, by default.
inline constexpr std::size_t downstreams_max = 256;
/// Alternatives that a refusal names.
inline constexpr std::size_t alternatives_max = 8;
/// A lag that has grown for this long while the root's news were fresh: the source is too slow.
inline constexpr auto lag_growing_max = 30s;

// -- leaves -----------------------------------------------------------------------------------------------------
/// Leaves ask their intermediates this often, and replicas register; a registration lives three times as long.
inline constexpr auto nearest_interval = 20s;
/// The first turns to ask one are shorter, doubling from this on: replicas that start with us register soon.
inline constexpr auto nearest_first_turn = 2s;
inline constexpr auto replica_ttl = 60s;
/// What was not confirmed for this long goes, if others were: a reply or two may be lost.
inline constexpr auto contact_memory = 3 * nearest_interval;
/// Links to intermediates are looked at this often, and at most `guides_max` of them dialled.
inline constexpr auto guide_look_interval = 1s;
/// An intermediate that failed is left alone for this long; doubles up to `nearest_interval`.
inline constexpr auto guide_rest_min = 1s;
/// What a leaf knows is saved this often at most.
inline constexpr auto contacts_save_interval = 30s;
/// Intermediates that a leaf asks at a time.
inline constexpr std::size_t guides_max = 3;
/// Other datacenters whose replicas a proxy knows.
inline constexpr std::size_t spare_datacenters = 2;
/// Datacenters in an answer, and contacts of one of them.
inline constexpr std::size_t near_groups_max = 8;
inline constexpr std::size_t near_contacts_max = 16;
/// Intermediates of its datacenter that a leaf registers its replicas with, each a link: all that it knows of, so
/// that whichever of them a proxy asks knows the replicas. Where there are more, each leaf takes its own: of 32,
/// one in eight replicas is unknown to all the `guides_max` that a proxy asks, and others stand in for it.
inline constexpr std::size_t registrars_max = near_contacts_max;
inline constexpr std::size_t near_replicas_max = 4'096;
/// Replicas that one intermediate keeps for its datacenter, of all instances.
inline constexpr std::size_t registered_replicas_max = 65'536;

// -- DNS --------------------------------------------------------------------------------------------------------
/// Bounds of the time to live of answers: a zero would hammer the server, days would miss moves.
inline constexpr auto dns_ttl_min = 1s;
inline constexpr auto dns_ttl_max = 1h;
/// Failures and "no such name" are remembered this long.
inline constexpr auto dns_negative_ttl = 5s;
inline constexpr auto dns_timeout = 2s;
/// Questions that one server is asked at a time; the others wait: the answers to more would not fit a socket's
/// buffer.
inline constexpr std::size_t dns_questions_max = 32;
/// Records of one name, as many as a pool may choose from.
inline constexpr std::size_t dns_records_max = 256;

// -- pool of replicas -------------------------------------------------------------------------------------------
/// Replicas of one instance that a proxy keeps links to.
inline constexpr std::size_t pool_replicas_max = 32;
/// Those of the second rank and each after it, as long as half of all is left for the first.
inline constexpr std::size_t pool_spares = 4;
/// A second replica is asked when the answer takes longer than this percentile of the last so many, ...
inline constexpr double hedge_percentile = 0.95;
inline constexpr std::size_t hedge_samples = 256;
/// ... but never sooner than this, and for at most one request in so many, over some time: what was not used up is
/// saved for as many at once.
inline constexpr auto hedge_delay_min = 1ms;
inline constexpr std::size_t hedge_budget_part = 10;
inline constexpr std::size_t hedge_burst = 32;
/// A replica is isolated after that many failures in a row; then one request at a time probes it.
inline constexpr unsigned isolation_failures = 3;
/// Isolation doubles with each failed probe, from replica_isolation up to this.
inline constexpr auto replica_isolation_max = 30s;

/// How fast the replicas answer is measured over this much time; reads are refused by it only while misses wait.
inline constexpr auto service_window = 200ms;
/// A proxy publishes how its pool is this often at most.
inline constexpr auto pool_report_interval = 1s;

static_assert(suspicion_max_factor >= 1);
static_assert(probe_missed_after < probe_timeout && probe_timeout < probe_interval);
static_assert(full_state_bytes_max + members_max * 1 * kib < frame_bytes_max);
static_assert(instances_max * (2 * name_bytes_max + 100) + 1 * kib <= member_report_bytes_max);
static_assert(find_upstreams_max >= 2 * survey_time);
static_assert(replica_ttl >= 2 * nearest_interval);

} // namespace argentum::limits
