#include "consensus/safety/journal.hpp"

#include "chain/base/check.hpp"
#include "chain/base/numbers.hpp"
#include "consensus/types/mutant.hpp"

#include <algorithm>

namespace consensus::safety {
namespace {

constexpr std::string_view prefix = "journal-";
constexpr std::size_t epoch_digits = 12;
constexpr std::size_t part_digits = 6;

std::string padded(std::uint64_t value, std::size_t digits) {
    std::string text = chain::to_decimal(value);
    if (text.size() < digits) text.insert(0, digits - text.size(), '0');
    return text;
}

std::optional<std::uint64_t> number(std::string_view text, std::size_t digits) {
    const auto value = chain::from_decimal(text);
    if (!value || *value > ~std::uint64_t{0}) return std::nullopt;
    const auto out = static_cast<std::uint64_t>(*value);
    return padded(out, digits) == text ? std::optional{out} : std::nullopt;
}

Mark mark_of(const Record& record) {
    if (const auto* own = std::get_if<OwnVote>(&record)) return {own->vote.statement.epoch, own->vote.statement.view};
    if (const auto* held = std::get_if<Held>(&record))
        return {held->certificate.statement.epoch, held->certificate.statement.view};
    if (const auto* block = std::get_if<HeldBlock>(&record)) return {block->notarized.epoch, block->notarized.view};
    return {};
}

}  // namespace

std::string part_name(std::uint64_t epoch, std::uint64_t part) {
    return std::string{prefix} + padded(epoch, epoch_digits) + "-" + padded(part, part_digits);
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> part_from_name(std::string_view name) {
    if (!name.starts_with(prefix)) return std::nullopt;
    name.remove_prefix(prefix.size());
    const auto dash = name.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto epoch = number(name.substr(0, dash), epoch_digits);
    const auto part = number(name.substr(dash + 1), part_digits);
    if (!epoch || !part) return std::nullopt;
    return std::pair{*epoch, *part};
}

Result<Journal> Journal::open(Storage& storage, const Hash& genesis, const JournalLimits& limits) {
    Journal out{storage, genesis, limits};
    TRY_VOID(out.read_parts());
    return out;
}

Result<void> Journal::read_parts() {
    TRY(const auto names, storage_->list());
    std::vector<PartId> ids;
    for (const auto& name : names)
        if (const auto id = part_from_name(name)) ids.push_back(*id);
    std::ranges::sort(ids);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const bool is_last = i + 1 == ids.size() || ids[i + 1].first != ids[i].first;
        TRY_VOID(read_part(ids[i], is_last));
    }
    return {};
}

Result<void> Journal::read_part(const PartId& id, bool is_last_of_epoch) {
    const auto [epoch, number] = id;
    const std::string name = part_name(epoch, number);
    TRY(const Bytes file, storage_->read(name));
    const bool is_first = !last_sequence_.contains(epoch);
    const std::uint64_t expected = is_first ? (number == 1 ? 1 : 0) : last_sequence_[epoch] + 1;
    const Scan found = scan(file, expected);
    if (found.frames.empty() && is_last_of_epoch && found.ending != Ending::Corrupt) {
        // The crash came before the part's first sync: nobody relied on it.
        return storage_->remove(name);
    }
    Segment& segment = segments_[epoch];
    Part& part = parts_[id];
    if (found.ending == Ending::Corrupt || found.frames.empty()) segment.is_corrupt = true;
    if (expected != 0 && !found.frames.empty() && found.frames.front().sequence != expected) segment.is_corrupt = true;
    for (const Frame& frame : found.frames) {
        auto record = decode_record(frame.payload);
        if (!record) {
            segment.is_corrupt = true;
            continue;
        }
        if (const auto* opening = std::get_if<Opening>(&*record)) {
            if (opening->genesis != genesis_ || opening->epoch != epoch)
                return chain::fault("the file " + name +
                                    " belongs to another chain or epoch: move it out of the folder");
            if (opening->boundary) segment.boundary = opening->boundary;
            continue;
        }
        part.highest = std::max(part.highest, mark_of(*record));
        segment.records.push_back(*std::move(record));
    }
    if (!found.frames.empty()) last_sequence_[epoch] = found.frames.back().sequence;
    part.size_bytes = found.good_bytes;
    part.is_closed = !is_last_of_epoch || found.ending == Ending::Corrupt || found.frames.empty();
    if (part.is_closed) return {};
    if (found.ending == Ending::Torn) TRY_VOID(storage_->truncate(name, found.good_bytes));
    // A process that was killed leaves writes that only the system knows of: the machine may still die.
    return storage_->sync(name);
}

Segment Journal::take(std::uint64_t epoch) {
    const auto found = segments_.find(epoch);
    Segment out = found == segments_.end() ? Segment{} : std::move(found->second);
    segments_.erase(segments_.begin(), segments_.upper_bound(epoch));
    return out;
}

Result<void> Journal::enter(std::uint64_t epoch, const std::optional<Certificate>& boundary) {
    if (current_) {
        chain::check(current_->first <= epoch);
        TRY_VOID(write_buffer());
        if (synced_ + 1 != next_sequence_) TRY_VOID(sync());
        parts_.at(*current_).is_closed = true;
    }
    boundary_ = boundary;
    const auto last = last_sequence_.find(epoch);
    synced_ = last == last_sequence_.end() ? 0 : last->second;
    next_sequence_ = synced_ + 1;
    const auto behind = parts_.lower_bound({epoch + 1, 0});
    const bool has_part = behind != parts_.begin() && std::prev(behind)->first.first == epoch;
    current_ = {epoch, 1};
    if (has_part) {
        current_ = std::prev(behind)->first;
        if (!std::prev(behind)->second.is_closed) return {};
        ++current_->second;
    }
    TRY_VOID(begin_part());
    return mutant(Mutant::NoBoundaryRecord) ? Result<void>{} : sync();
}

Result<void> Journal::begin_part() {
    chain::check(buffer_.empty());
    parts_[*current_] = {};
    frame(Opening{.genesis = genesis_, .epoch = current_->first, .boundary = boundary_});
    return write_buffer();
}

void Journal::frame(const Record& record) { append_frame(next_sequence_++, synced_, scale::encode(record), buffer_); }

void Journal::append(const Record& record) {
    chain::check(current_.has_value());
    frame(record);
    Part& part = parts_.at(*current_);
    part.highest = std::max(part.highest, mark_of(record));
    must_sync_ = must_sync_ || !std::holds_alternative<Held>(record);
}

Result<void> Journal::write_buffer() {
    if (buffer_.empty()) return {};
    Part& part = parts_.at(*current_);
    TRY_VOID(storage_->write(part_name(current_->first, current_->second), part.size_bytes, buffer_));
    part.size_bytes += buffer_.size();
    buffer_.clear();
    return {};
}

Result<void> Journal::sync() {
    TRY_VOID(storage_->sync(part_name(current_->first, current_->second)));
    synced_ = next_sequence_ - 1;
    must_sync_ = false;
    return {};
}

Result<void> Journal::commit(bool must_be) {
    if (!current_) return {};
    must_sync_ = must_sync_ || (must_be && synced_ + 1 != next_sequence_);
    if (must_sync_ || buffer_.size() > limits_.buffer_bytes) TRY_VOID(write_buffer());
    if (!must_sync_) return {};
    TRY_VOID(sync());
    Part& part = parts_.at(*current_);
    if (part.size_bytes < limits_.part_bytes) return {};
    part.is_closed = true;
    ++current_->second;
    TRY_VOID(begin_part());
    return sync();
}

Result<void> Journal::prune(const Certificate& floor) {
    const Mark at{floor.statement.epoch, floor.statement.view};
    std::vector<PartId> gone;
    for (const auto& [id, part] : parts_) {
        const bool is_old_epoch = id.first + limits_.epochs_kept <= at.epoch;
        const bool is_below =
            id.first == at.epoch && part.is_closed && part.highest.view + limits_.views_kept_below_floor <= at.view;
        if (!is_old_epoch && !is_below) break;
        gone.push_back(id);
    }
    if (gone.empty()) return {};
    // Votes may go only once what makes them unnecessary is on disk (A5).
    if (!mutant(Mutant::PruneAboveDurableFloor)) {
        append(Held{floor});
        must_sync_ = true;
        TRY_VOID(commit());
    }
    for (const PartId& id : gone) {
        TRY_VOID(storage_->remove(part_name(id.first, id.second)));
        parts_.erase(id);
    }
    return {};
}

std::uint64_t Journal::bytes() const {
    std::uint64_t out = buffer_.size();
    for (const auto& [id, part] : parts_) out += part.size_bytes;
    return out;
}

}  // namespace consensus::safety
