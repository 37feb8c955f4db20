#include "chain/store/store.hpp"

#include "chain/base/check.hpp"
#include "chain/codec/scale.hpp"
#include "chain/store/database.hpp"
#include "chain/store/head_cache.hpp"
#include "chain/store/history.hpp"
#include "chain/store/keys.hpp"
#include "chain/store/proofs.hpp"
#include "chain/trie/trie.hpp"

#include <mutex>
#include <shared_mutex>

namespace store {
namespace {

constexpr std::uint32_t format_version = 1;
constexpr std::size_t genesis_batch_bytes = 4 << 20;
// Pruning catches up by so many blocks a commit, beyond the new ones, when the limits became smaller.
constexpr std::uint32_t pruned_per_commit_max = 16;

/// What `M head` holds. From `oldest_*` on, what blocks overwrote is kept.
struct Marker {
    Hash hash;
    std::uint32_t number = 0;
    Hash state_root;
    std::uint32_t oldest_state = 1;
    std::uint32_t oldest_proof = 1;
};

template <class T>
T decode_own(ByteView bytes) {
    auto value = scale::decode<T>(bytes);
    chain::check(value.has_value());  // checksums held, so we wrote something else than we read
    return *std::move(value);
}

}  // namespace

struct Store::Impl {
    std::filesystem::path folder;
    Limits limits;
    std::unique_ptr<Database> database;
    std::optional<Proofs> proofs;
    std::shared_ptr<HeadCache> cache;

    // Guards the marker and the moment that fits it, which readers take together. Held for copies only.
    mutable std::shared_mutex mutex;
    std::optional<Marker> marker;
    Database::MomentPtr moment;
    Hash genesis{};
    // Guards nothing but the rule of one writer at a time.
    std::mutex writing;

    std::optional<Marker> marker_now() const {
        const std::shared_lock lock{mutex};
        return marker;
    }

    /// What readers see changes to this block.
    void publish(const Marker& now, std::span<const Commit> blocks) {
        auto fresh = database->moment();
        cache->advance(now.number, [&](auto&& put) {
            for (const Commit& block : blocks) {
                for (const auto& [key, value] : block.diff) put(keys::current(Table::State, key), value);
                for (const auto& [path, branch] : block.nodes) put(keys::current(Table::Nodes, path), branch);
            }
        });
        const std::unique_lock lock{mutex};
        marker = now;
        moment = std::move(fresh);
    }

    template <class Diff, class Before>
    void put_changes(Batch& batch, Table table, const Diff& diff, std::uint32_t number, const Before& before) const;
    void put_commit(Batch& batch, std::span<const Commit> blocks, std::size_t at, const Snapshot& before) const;
    void prune(Batch& batch, Table table, std::uint32_t& oldest, std::uint32_t keep,
               std::span<const Commit> blocks) const;
    std::vector<Bytes> changed_keys(Table table, std::uint32_t number, std::span<const Commit> blocks) const;
    void put_block(Batch& batch, const Hash& hash, const Block& block) const;
    Result<void> write_state(const state::StateView& view);
    Result<void> clear(Table table);
};

// `before(key)` is what the key held after the parent.
template <class Diff, class Before>
void Store::Impl::put_changes(Batch& batch, Table table, const Diff& diff, std::uint32_t number,
                              const Before& before) const {
    std::vector<Bytes> changed;
    for (const auto& [key, value] : diff) {
        const Bytes at = keys::current(table, key);
        const auto old = before(key);
        if (old == value) continue;
        batch.put(keys::old_value(table, key, number), encode_old(old));
        if (value) batch.put(at, *value);
        else batch.erase(at);
        changed.push_back(key);
    }
    batch.put(keys::changed_keys(table, number), scale::encode(changed));
}

void Store::Impl::put_commit(Batch& batch, std::span<const Commit> blocks, std::size_t at,
                             const Snapshot& before) const {
    const Commit& commit = blocks[at];
    const std::uint32_t number = commit.block.header.number.value;
    put_block(batch, commit.hash, commit.block);
    batch.put(keys::certificate(commit.hash), commit.certificate);
    // What the earlier blocks of the batch wrote is not in the database yet.
    const auto written = [&](const auto& diff_of, ByteView key) -> const std::optional<Bytes>* {
        for (std::size_t i = at; i-- > 0;) {
            const auto& diff = diff_of(blocks[i]);
            if (const auto found = diff.find(key); found != diff.end()) return &found->second;
        }
        return nullptr;
    };
    put_changes(batch, Table::State, commit.diff, number, [&](const Bytes& key) {
        const auto* newer = written([](const Commit& c) -> const auto& { return c.diff; }, key);
        return newer != nullptr ? *newer : before.get(key);
    });
    put_changes(batch, Table::Nodes, commit.nodes, number, [&](const Bytes& path) {
        const auto* newer = written([](const Commit& c) -> const auto& { return c.nodes; }, path);
        return newer != nullptr ? *newer : before.node(path);
    });
}

// Moves `oldest` towards head - keep + 1: the state after block n needs the changes of the blocks after n.
void Store::Impl::prune(Batch& batch, Table table, std::uint32_t& oldest, std::uint32_t keep,
                        std::span<const Commit> blocks) const {
    const std::uint32_t head = blocks.back().block.header.number.value;
    const std::size_t steps_max = pruned_per_commit_max + blocks.size();
    for (std::size_t i = 0; i < steps_max && oldest + keep <= head; ++i, ++oldest) {
        for (const Bytes& key : changed_keys(table, oldest, blocks)) batch.erase(keys::old_value(table, key, oldest));
        batch.erase(keys::changed_keys(table, oldest));
    }
}

/// What a block changed, be it in the database or in the batch that is being made.
std::vector<Bytes> Store::Impl::changed_keys(Table table, std::uint32_t number, std::span<const Commit> blocks) const {
    const std::uint32_t first = blocks.front().block.header.number.value;
    if (number < first) {
        const auto stored = database->get(keys::changed_keys(table, number));
        return stored ? decode_own<std::vector<Bytes>>(*stored) : std::vector<Bytes>{};
    }
    std::vector<Bytes> out;
    const Commit& commit = blocks[number - first];
    if (table == Table::State)
        for (const auto& [key, value] : commit.diff) out.push_back(key);
    else
        for (const auto& [path, branch] : commit.nodes) out.push_back(chain::to_bytes(path));
    return out;
}

void Store::Impl::put_block(Batch& batch, const Hash& hash, const Block& block) const {
    batch.put(keys::header(hash), scale::encode(block.header));
    batch.put(keys::body(hash), scale::encode(block.extrinsics));
    batch.put(keys::number(block.header.number.value), hash.value);
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder, Limits limits) {
    auto impl = std::make_unique<Impl>();
    impl->folder = folder;
    impl->limits = limits;
    impl->cache = std::make_shared<HeadCache>(limits.head_cache_bytes);
    TRY(impl->database, Database::open(folder, {.block_cache_bytes = limits.block_cache_bytes,
                                                .write_buffer_bytes = limits.write_buffer_bytes}));
    impl->moment = impl->database->moment();
    impl->proofs.emplace(*impl->database);
    const auto format = impl->database->get(keys::meta("format"));
    if (!format && impl->moment->seek({}) && !impl->database->get(keys::meta("filling")))
        return chain::fault("the folder " + folder.string() +
                            " holds another program's database: choose another one with --data");
    if (format && decode_own<std::uint32_t>(*format) != format_version)
        return chain::fault("the data folder " + folder.string() + " has format " +
                            std::to_string(decode_own<std::uint32_t>(*format)) + ", this node writes format " +
                            std::to_string(format_version) + ": remove the folder so that the node builds it anew");
    if (const auto marker = impl->database->get(keys::meta("head"))) {
        const auto genesis = impl->database->get(keys::meta("genesis"));
        impl->marker = decode_own<Marker>(*marker);
        impl->cache->advance(impl->marker->number, [](auto&&) {});
        if (!genesis || !impl->database->get(keys::header(impl->marker->hash)))
            return chain::fault(
                "the data folder " + folder.string() +
                " is incomplete: restore it from a backup, or remove it so that the node builds it anew");
        impl->genesis = decode_own<Hash>(*genesis);
    }
    return std::unique_ptr<Store>{new Store{std::move(impl)}};
}

Result<void> Store::Impl::clear(Table table) {
    Batch batch;
    auto at = moment->seek(keys::current(table, {}));
    for (; at && at->key[0] == static_cast<std::uint8_t>(table); at = moment->seek(at->key)) {
        batch.erase(at->key);
        at->key.push_back(0);
        if (batch.size() < genesis_batch_bytes) continue;
        TRY_VOID(database->write(std::exchange(batch, Batch{}), Durability::Lazy));
    }
    return database->write(std::move(batch), Durability::Lazy);
}

Result<void> Store::Impl::write_state(const state::StateView& view) {
    // Flat state and branches are filled in pieces; until the marker stands, the next start begins again.
    Batch batch;
    batch.put(keys::meta("filling"), ByteView{});
    state::StateDiff all;
    const auto add = [&](const Bytes& key) -> Result<void> {
        const auto value = view.get(key);
        chain::check(value.has_value());
        batch.put(keys::current(Table::State, key), *value);
        all.emplace(key, value);
        if (batch.size() < genesis_batch_bytes) return {};
        return database->write(std::exchange(batch, Batch{}), Durability::Lazy);
    };
    if (view.get({})) TRY_VOID(add({}));
    for (auto key = view.next_key({}); key; key = view.next_key(*key)) TRY_VOID(add(*key));
    class Nothing : public state::StateView, public state::NodeView {
        std::optional<Bytes> get(ByteView) const override { return std::nullopt; }
        std::optional<Bytes> next_key(ByteView) const override { return std::nullopt; }
        std::optional<Bytes> node(ByteView) const override { return std::nullopt; }
    } const nothing;
    for (const auto& [path, branch] : state::update_trie(nothing, nothing, all).nodes) {
        if (branch) batch.put(keys::current(Table::Nodes, path), *branch);
        if (batch.size() >= genesis_batch_bytes)
            TRY_VOID(database->write(std::exchange(batch, Batch{}), Durability::Lazy));
    }
    return database->write(std::move(batch), Durability::Lazy);
}

Result<void> Store::begin(const Hash& genesis, const Block& block, const state::StateView& state) {
    const std::lock_guard one_writer{impl_->writing};
    if (impl_->marker_now()) {
        if (impl_->genesis == genesis) return {};
        return chain::fault("the data folder " + impl_->folder.string() +
                            " belongs to another chain: it began with block " + chain::to_hex(impl_->genesis) +
                            ", the given chain begins with " + chain::to_hex(genesis) +
                            ": choose another folder with --data, or the chain file that made this one with --chain");
    }
    TRY_VOID(impl_->clear(Table::State));
    TRY_VOID(impl_->clear(Table::Nodes));
    TRY_VOID(impl_->write_state(state));
    const Marker marker{.hash = genesis, .number = 0, .state_root = block.header.state_root};
    Batch batch;
    impl_->put_block(batch, genesis, block);
    batch.put(keys::meta("format"), scale::encode(format_version));
    batch.put(keys::meta("genesis"), genesis.value);
    batch.put(keys::meta("head"), scale::encode(marker));
    batch.erase(keys::meta("filling"));
    TRY_VOID(impl_->database->write(std::move(batch), Durability::Sync));
    impl_->genesis = genesis;
    impl_->publish(marker, {});
    return {};
}

std::optional<Head> Store::head() const {
    const auto marker = impl_->marker_now();
    if (!marker) return std::nullopt;
    return Head{marker->hash, marker->number, marker->state_root};
}

Hash Store::genesis() const {
    chain::check(impl_->marker_now().has_value());
    return impl_->genesis;
}

Result<void> Store::commit(std::span<const Commit> blocks) {
    const std::lock_guard one_writer{impl_->writing};
    auto marker = impl_->marker_now();
    chain::check(marker.has_value() && !blocks.empty());
    const auto before = snapshot();
    Batch batch;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Header& header = blocks[i].block.header;
        chain::check(header.parent_hash == marker->hash);
        chain::check(header.number.value == marker->number + 1);
        marker->hash = blocks[i].hash;
        marker->number = header.number.value;
        marker->state_root = header.state_root;
        impl_->put_commit(batch, blocks, i, *before);
    }
    impl_->prune(batch, Table::State, marker->oldest_state, impl_->limits.states, blocks);
    impl_->prune(batch, Table::Nodes, marker->oldest_proof, impl_->limits.proofs, blocks);
    batch.put(keys::meta("head"), scale::encode(*marker));
    TRY_VOID(impl_->database->write(std::move(batch), Durability::Sync));
    impl_->publish(*marker, blocks);
    return {};
}

std::optional<Header> Store::header(const Hash& hash) const {
    const auto bytes = impl_->database->get(keys::header(hash));
    if (!bytes) return std::nullopt;
    auto header = decode_own<Header>(*bytes);
    chain::check(chain::hash_of(header) == hash);
    return header;
}

std::optional<Block> Store::block(const Hash& hash) const {
    auto found = header(hash);
    if (!found) return std::nullopt;
    const auto body = impl_->database->get(keys::body(hash));
    chain::check(body.has_value());
    return Block{*std::move(found), decode_own<std::vector<Bytes>>(*body)};
}

std::optional<Bytes> Store::certificate(const Hash& hash) const {
    return impl_->database->get(keys::certificate(hash));
}

std::optional<Hash> Store::hash_of(std::uint32_t number) const {
    const auto bytes = impl_->database->get(keys::number(number));
    if (!bytes) return std::nullopt;
    return decode_own<Hash>(*bytes);
}

std::shared_ptr<const Snapshot> Store::snapshot() const {
    const std::shared_lock lock{impl_->mutex};
    chain::check(impl_->marker.has_value());
    return std::make_shared<StoreSnapshot>(impl_->moment, impl_->marker->number, impl_->cache);
}

std::shared_ptr<const Snapshot> Store::snapshot_at(std::uint32_t number) const {
    const std::shared_lock lock{impl_->mutex};
    if (!impl_->marker || number > impl_->marker->number) return nullptr;
    if (number == impl_->marker->number) return std::make_shared<StoreSnapshot>(impl_->moment, number, impl_->cache);
    if (number + 1 < impl_->marker->oldest_state) return nullptr;
    return std::make_shared<StoreSnapshot>(impl_->moment, number, number + 1 >= impl_->marker->oldest_proof);
}

Proofs& Store::proofs() { return *impl_->proofs; }

std::size_t Store::cache_bytes() const { return impl_->cache->size(); }

Result<void> Store::verify_state() const {
    const auto now = head();
    if (!now) return chain::fault("the data folder " + impl_->folder.string() + " is empty: start the node once");
    const auto view = snapshot();
    std::vector<std::pair<Bytes, Bytes>> entries;
    if (auto value = view->get({})) entries.emplace_back(Bytes{}, *std::move(value));
    for (auto key = view->next_key({}); key; key = view->next_key(entries.back().first))
        entries.emplace_back(*key, view->get(*key).value());
    const Hash recomputed = trie::root(entries, trie::StateVersion::V1);
    const Hash from_branches = state::root_of(*view, *view);
    if (recomputed == now->state_root && from_branches == now->state_root) return {};
    return chain::fault("block " + std::to_string(now->number) + " " + chain::to_hex(now->hash) + " has state root " +
                        chain::to_hex(now->state_root) + ", but the stored values give " + chain::to_hex(recomputed) +
                        " and the stored branches " + chain::to_hex(from_branches) +
                        ": restore the data folder from a backup, or remove it");
}

}  // namespace store
