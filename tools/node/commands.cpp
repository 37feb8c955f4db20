#include "tools/node/commands.hpp"

#include "chain/store/store.hpp"
#include "genesis/builder/development.hpp"
#include "runtime/appchain/executor.hpp"
#include "tools/application/block_file.hpp"
#include "tools/node/keys.hpp"
#include "tools/node/node.hpp"

#include <fmt/core.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <mutex>

namespace node {

int fail(const chain::Fault& fault) {
    fmt::print(stderr, "tephra-node: {}\n", fault.text);
    return EXIT_FAILURE;
}

namespace {

/// A folder that goes when the node goes.
class TemporaryFolder {
public:
    static chain::Result<TemporaryFolder> create() {
        std::string name = (std::filesystem::temp_directory_path() / "tephra-node-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) return chain::fault("cannot make a folder like " + name);
        return TemporaryFolder{name};
    }
    TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const { return path_; }

private:
    explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

/// Waits for these signals; blocked before any thread starts, so that no other place sees them.
class Signals {
public:
    Signals() {
        sigemptyset(&set_);
        for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
        ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
    }
    void wait() const {
        int signal = 0;
        ::sigwait(&set_, &signal);
    }

private:
    sigset_t set_{};
};

/// Runs until told to stop. The fault that ended it, or nothing after a signal.
chain::Result<void> run_until_told(const Config& config, const Signals& signals) {
    TRY(auto chain, recall_chain(config));
    TRY(const auto node, Node::open(config, std::move(chain)));
    // Guards the fault, which the engine's thread writes; the signal below is how it reaches this thread.
    std::mutex mutex;
    chain::Result<void> result;
    TRY_VOID(node->start([&](const chain::Fault& fault) {
        {
            const std::lock_guard lock{mutex};
            result = std::unexpected{fault};
        }
        ::kill(::getpid(), SIGTERM);
    }));
    signals.wait();
    node->stop();
    const std::lock_guard lock{mutex};
    return result;
}

}  // namespace

int run(const Config& given) {
    const Signals signals;
    Config config = given;
    chain::log::configure(config.log_level, config.log_format);
    std::optional<TemporaryFolder> temporary;
    if (config.is_temporary) {
        auto folder = TemporaryFolder::create();
        if (!folder) return fail(folder.error());
        config.data = temporary.emplace(*std::move(folder)).path();
    }
    if (const auto ran = run_until_told(config, signals); !ran) return fail(ran.error());
    constexpr chain::log::Channel node_log{"node"};
    node_log.info("stopped");
    return EXIT_SUCCESS;
}

int new_chain(const genesis::DevelopmentChain& chain) {
    fmt::print("{}", genesis::development_chain(chain));
    return EXIT_SUCCESS;
}

namespace {

/// A stopped node's chain.
struct OpenChain {
    std::unique_ptr<store::Store> store;
    std::unique_ptr<chain::Executor> executor;
    std::unique_ptr<ledger::Ledger> ledger;
};

chain::Result<OpenChain> open_chain(const Config& config) {
    TRY(auto chain, recall_chain(config));
    OpenChain out;
    TRY(out.store, open_store(config, chain));
    out.executor = runtime::make_executor();
    out.ledger = std::make_unique<ledger::Ledger>(*out.store, *out.executor);
    return out;
}

void show_progress(std::uint32_t number) {
    if (::isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\rblock {}", number);
}

}  // namespace

int export_blocks(const Config& config, const std::filesystem::path& file, std::uint32_t first, std::uint32_t last) {
    const auto chain = open_chain(config);
    if (!chain) return fail(chain.error());
    const auto written = node::export_blocks(*chain->ledger, file, first, last, show_progress);
    if (!written) return fail(written.error());
    fmt::print("blocks {} to {} are in {}\n", first, *written, file.string());
    return EXIT_SUCCESS;
}

int import_blocks(const Config& config, const std::filesystem::path& file) {
    const auto chain = open_chain(config);
    if (!chain) return fail(chain.error());
    const auto stored = node::import_blocks(*chain->ledger, file, {}, show_progress);
    if (!stored) return fail(stored.error());
    fmt::print("the last final block is {}\n", *stored);
    return EXIT_SUCCESS;
}

int verify(const Config& config) {
    const auto chain = load_chain(config);
    if (!chain) return fail(chain.error());
    const auto store = store::Store::open(chain->data / "chain");
    if (!store) return fail(store.error());
    if (const auto verified = (*store)->verify_state(); !verified) return fail(verified.error());
    const auto head = (*store)->head().value();
    fmt::print("block {} {} state root {}: equal to the root of the stored values and of the stored branches\n",
               head.number, chain::to_hex(head.hash), chain::to_hex(head.state_root));
    return EXIT_SUCCESS;
}

int new_key(const std::filesystem::path& file, const std::string& kind_name) {
    const KeyKind kind = key_kind_from(kind_name).value_or(KeyKind::Consensus);
    const auto key = create_key(file, kind);
    if (!key) return fail(key.error());
    const std::string_view where = kind == KeyKind::Network ? "peers know this node as" : "for the chain file";
    fmt::print("wrote    {}\n{}_key {}: {}\n", file.string(), name(kind), where, chain::to_hex(*key));
    return EXIT_SUCCESS;
}

int show_key(const std::filesystem::path& file) {
    const auto key = read_public(file);
    if (!key) return fail(key.error());
    fmt::print("{}\n", chain::to_hex(key->value));
    return EXIT_SUCCESS;
}

}  // namespace node
