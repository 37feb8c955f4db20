#include "gpu-worker/containers/crun_containers.hpp"

#include "chain/base/log.hpp"
#include "chain/clock/clock.hpp"
#include "chain/codec/scale.hpp"
#include "chain/files/whole_file.hpp"
#include "gpu-worker/containers/cgroup.hpp"
#include "gpu-worker/containers/digest.hpp"
#include "gpu-worker/containers/image_store.hpp"
#include "gpu-worker/containers/job_cleanup.hpp"
#include "gpu-worker/containers/job_stage.hpp"
#include "gpu-worker/containers/log_file.hpp"
#include "gpu-worker/containers/ports.hpp"
#include "gpu-worker/containers/process.hpp"
#include "gpu-worker/containers/shim.hpp"
#include "gpu-worker/containers/shim_watch.hpp"
#include "gpu-worker/containers/slots.hpp"
#include "gpu-worker/gpu/driver.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <mutex>

namespace worker {
namespace {

namespace fs = std::filesystem;
constexpr chain::log::Channel containers_log{"containers"};

/// A limit above what the machine has is no limit.
Result<void, Failure> check_host(const JobSpec& spec) {
    const auto cpu = cpu_inventory("/");
    if (spec.limits.memory_bytes > cpu.memory_bytes)
        return refuse(Reason::BadSpec, "more memory than this machine has");
    if (spec.limits.cpu_milli > cpu.threads * 1'000) return refuse(Reason::BadSpec, "more cores than this machine has");
    return {};
}

Result<void, Failure> check_secrets(const Secrets& secrets) {
    std::size_t bytes = 0;
    for (const auto& [name, value] : secrets) {
        if (!is_secret_name(name)) return refuse(Reason::BadSpec, "a secret's name is not a file name");
        bytes += value.size();
    }
    if (secrets.size() > 64 || bytes > 512 * 1'024)
        return refuse(Reason::BadSpec, "more than 64 secrets or 512 KiB of them");
    return {};
}

std::vector<std::string> helper_command(const CrunConfig& config) {
    if (!config.shim_command.empty()) return config.shim_command;
    std::error_code none;
    return {fs::read_symlink("/proc/self/exe", none).string(), "shim"};
}

}  // namespace

struct CrunContainers::Impl {
    CrunConfig config;
    Fd lock;
    std::string tag;  // tells this worker's control groups from another's on the same host
    std::unique_ptr<ImageStore> images;
    std::mutex launching;  // guards the choice of GPUs and ids among concurrent launches
    ShimWatch watch;

    JobFolder folder_of(const JobId& id) const { return {config.root / "jobs" / id.value}; }

    Result<DeviceEdits, Failure> devices_for(const JobSpec& spec) const {
        if (spec.gpus.empty()) return DeviceEdits{};
        for (const auto& folder : job_folders(config.root)) {
            const auto plan = read_plan(folder);
            if (!plan || read_exit(folder)) continue;
            for (const auto& gpu : plan->spec.gpus)
                if (std::ranges::find(spec.gpus, gpu) != spec.gpus.end())
                    return refuse(Reason::NoSuchGpu, "the GPU " + gpu + " is in use by another job");
        }
        const DevicePolicy policy{.allow_fake = config.allow_fake_devices};
        const auto inventory = gpu_inventory();
        auto catalogue = read_cdi(config.cdi_folders);
        for (const auto& warning : catalogue.warnings) containers_log.warn("CDI: {}", warning);
        if (std::ranges::none_of(catalogue.devices, [](const auto& device) { return device.kind == nvidia_kind; }))
            std::ranges::move(driver_catalogue(inventory, policy).devices, std::back_inserter(catalogue.devices));
        auto edits = edits_for(catalogue, spec.gpus, inventory, policy);
        if (edits) return std::move(*edits);
        containers_log.warn("devices for {}: {}", spec.id.value, edits.error().text);
        return refuse(Reason::NoSuchGpu, edits.error().text);
    }

    Result<Image, Failure> image_for(const JobSpec& spec) {
        TRY_VOID(check_spec(spec));
        TRY_VOID(check_host(spec));
        TRY(const auto reference, parse_image_reference(spec.image));
        TRY(auto image, images->ensure(reference));
        TRY_VOID(arguments_of(spec, image.config));
        return image;
    }

    Result<LaunchReport, Failure> start_shim(const JobFolder& folder, const JobPlan& plan, const Secrets& secrets,
                                             const Slot& slot, const std::vector<HeldPort>& ports);
    void adopt();
    void shim_ended(const JobId& id);
};

/// Starts the shim with all that it keeps (lock, slot, ports) and waits for its word.
Result<LaunchReport, Failure> CrunContainers::Impl::start_shim(const JobFolder& folder, const JobPlan& plan,
                                                               const Secrets& secrets, const Slot& slot,
                                                               const std::vector<HeldPort>& ports) {
    const auto failed = [](const Fault& fault) { return refuse(Reason::HostFault, fault.text); };
    auto lock_file = try_lock(folder.lock());
    if (!lock_file || !*lock_file) return refuse(Reason::HostFault, "the job's folder is in use");
    if (auto done = chain::write_whole(folder.plan(), scale::encode(plan), chain::Readers::Owner); !done)
        return failed(done.error());
    auto input = make_pipe();
    auto status = make_pipe();
    const Fd errors{::open(folder.shim_log().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    if (!input || !status || !errors) return failed(errno_fault("pipes"));

    auto argv = helper_command(config);
    argv.insert(argv.end(), {"job", folder.path.string(), std::to_string(status->write.get())});
    std::vector<int> keep{(*lock_file)->get(), slot.lock.get(), status->write.get()};
    for (const auto& port : ports) keep.push_back(port.socket.get());
    const auto shim = start(argv, {.in = input->read.get(), .error = errors.get()}, keep);
    if (!shim) return failed(shim.error());
    Fd handle{static_cast<int>(::syscall(SYS_pidfd_open, *shim, 0))};
    input->read.close();
    status->write.close();
    static_cast<void>(write_all(input->write.get(), scale::encode(secrets)).has_value());
    input->write.close();

    const auto bytes = read_all(status->read.get(), 1U << 20);
    const auto report = scale::decode<LaunchReport>(bytes.value_or(chain::Bytes{}));
    if (report && report->started) {
        watch.add(plan.spec.id, std::move(handle), *shim);
        return *report;
    }
    ::waitpid(*shim, nullptr, 0);
    if (report) return *report;
    static_cast<void>(clear_dead_job(folder, plan).has_value());
    return refuse(Reason::HostFault, "the job's keeper died at the start");
}

void CrunContainers::Impl::adopt() {
    for (const auto& folder : job_folders(config.root)) {
        const JobId id{folder.path.filename().string()};
        std::error_code none;
        const auto plan = read_plan(folder);
        if (!plan) {
            if (!is_locked(folder.lock())) fs::remove_all(folder.path, none);
        } else if (!read_exit(folder)) {
            if (auto shim = living_shim(folder)) {
                containers_log.info("adopted {}", id.value);
                watch.add(id, std::move(*shim), 0);
            } else {
                shim_ended(id);
            }
        }
    }
}

/// The shim writes its record last; without one it was killed, and its job with it.
void CrunContainers::Impl::shim_ended(const JobId& id) {
    const auto folder = folder_of(id);
    const auto plan = read_plan(folder);
    if (!plan || read_exit(folder)) return;
    const auto usage = cgroup_usage(plan->cgroup);
    if (const auto done = clear_dead_job(folder, *plan); !done)
        containers_log.error("{}: {}", id.value, done.error().text);
    const auto started = scale::decode<std::uint64_t>(read_file(folder.started()).value_or(chain::Bytes{}));
    const Exit exit{.reason = Reason::Lost,
                    .code = 137,
                    .started_ms = started ? *started : 0,
                    .ended_ms = chain::unix_ms(),
                    .usage = usage,
                    .text = "the job's keeper died"};
    if (const auto done = chain::write_whole(folder.exit(), scale::encode(exit), chain::Readers::Owner); !done)
        containers_log.error("{}: {}", id.value, done.error().text);
}

CrunContainers::CrunContainers(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CrunContainers::~CrunContainers() = default;

Result<std::unique_ptr<CrunContainers>> CrunContainers::open(CrunConfig config) {
    std::error_code failed;
    fs::create_directories(config.root / "jobs", failed);
    if (failed) return chain::fault(config.root.string() + ": " + failed.message());
    fs::permissions(config.root, fs::perms::owner_all, failed);
    auto impl = std::make_unique<Impl>();
    impl->config = std::move(config);
    impl->config.root = fs::canonical(impl->config.root, failed);
    TRY(auto lock, try_lock(impl->config.root / "lock"));
    if (!lock) return chain::fault(impl->config.root.string() + " is in use by another worker process");
    impl->lock = std::move(*lock);
    impl->tag = hex_name(sha256_of(chain::to_bytes(impl->config.root.string()))).substr(0, 8);
    TRY(impl->images, ImageStore::open(impl->config, helper_command(impl->config)));
    std::unique_ptr<CrunContainers> containers{new CrunContainers{std::move(impl)}};
    auto& inner = *containers->impl_;
    inner.watch.start([&inner](const JobId& id) -> std::optional<Exit> {
        inner.shim_ended(id);
        return read_exit(inner.folder_of(id));
    });
    inner.adopt();
    return containers;
}

Result<void, Failure> CrunContainers::prepare(const JobSpec& spec) {
    TRY_VOID(impl_->image_for(spec));
    const std::lock_guard one_at_a_time{impl_->launching};
    TRY_VOID(impl_->devices_for(spec));
    return {};
}

Result<std::vector<PublishedPort>, Failure> CrunContainers::launch(const JobSpec& spec, const Secrets& secrets) {
    TRY_VOID(check_secrets(secrets));
    TRY(auto image, impl_->image_for(spec));
    const std::lock_guard one_at_a_time{impl_->launching};
    const auto folder = impl_->folder_of(spec.id);
    std::error_code failed;
    if (fs::exists(folder.path, failed)) return refuse(Reason::BadSpec, "a job of this id exists");
    if (fs::space(impl_->config.root, failed).available < spec.limits.disk_bytes || failed)
        return refuse(Reason::NoRoom, "the machine's disk has no room for the job's disk");
    TRY(auto devices, impl_->devices_for(spec));
    TRY(const auto ports, hold_ports(spec.ports, impl_->config.port_first, impl_->config.port_last));
    const auto slot = take_slot();
    if (!slot) return refuse(Reason::NoRoom, slot.error().text);

    JobPlan plan{.spec = spec,
                 .image = std::move(image.config),
                 .image_file = image.file,
                 .devices = std::move(devices),
                 .dns = impl_->config.dns,
                 .cgroup = std::string{cgroup_parent} + "/" + impl_->tag + "-" + spec.id.value,
                 .slot = slot->number,
                 .launched_ms = chain::unix_ms()};
    for (const auto& held : ports) plan.ports.push_back(held.port);
    fs::create_directory(folder.path, failed);
    if (failed) return refuse(Reason::HostFault, "the job's folder cannot be made: " + failed.message());
    const auto report = impl_->start_shim(folder, plan, secrets, *slot, ports);
    if (report && report->started) return plan.ports;
    auto failure = report ? Failure{report->failure_reason, report->text} : report.error();
    containers_log.warn("{} did not start: {}: {}", spec.id.value, name_of(failure.reason), failure.text);
    // The host's own troubles name its folders and devices: they stay in its log.
    if (failure.reason == Reason::HostFault) failure.text = "the provider's log has the details";
    fs::remove_all(folder.path, failed);
    return std::unexpected{failure};
}

Result<void> CrunContainers::stop(const JobId& id, StopMode mode) {
    const auto folder = impl_->folder_of(id);
    if (!is_valid(id) || !read_plan(folder)) return chain::fault("no job " + id.value);
    const auto shim = living_shim(folder);
    if (!shim) return {};
    const int signal = mode == StopMode::Graceful ? stop_signal : kill_signal;
    if (::syscall(SYS_pidfd_send_signal, shim->get(), signal, nullptr, 0) != 0 && errno != ESRCH)
        return std::unexpected{errno_fault("signal to the job's keeper")};
    return {};
}

std::optional<JobState> CrunContainers::state(const JobId& id) const {
    const auto folder = impl_->folder_of(id);
    const auto plan = is_valid(id) ? read_plan(folder) : std::nullopt;
    if (!plan) return std::nullopt;
    JobState state{.ports = plan->ports, .exit = read_exit(folder)};
    state.running = !state.exit;
    state.usage = state.exit ? state.exit->usage : cgroup_usage(plan->cgroup);
    if (const auto started = scale::decode<std::uint64_t>(read_file(folder.started()).value_or(chain::Bytes{})))
        state.started_ms = *started;
    return state;
}

std::vector<JobId> CrunContainers::jobs() const {
    std::vector<JobId> ids;
    for (const auto& folder : job_folders(impl_->config.root))
        if (read_plan(folder)) ids.push_back({folder.path.filename().string()});
    return ids;
}

Result<LogPage> CrunContainers::read_log(const JobId& id, std::uint64_t cursor, std::size_t bytes_max) const {
    const auto folder = impl_->folder_of(id);
    if (!is_valid(id) || !read_plan(folder)) return chain::fault("no job " + id.value);
    // Asked before reading: what is written in between is found by the next read.
    const bool ended = read_exit(folder).has_value();
    TRY(auto page, read_log_page(folder.log(), cursor, bytes_max));
    page.end = ended && page.chunks.empty();
    return page;
}

Result<chain::Bytes> CrunContainers::read_results(const JobId& id, std::uint64_t offset, std::size_t bytes_max) const {
    const auto folder = impl_->folder_of(id);
    if (!is_valid(id) || !read_plan(folder)) return chain::fault("no job " + id.value);
    if (!read_exit(folder)) return chain::fault("the job " + id.value + " has not ended");
    const Fd file{::open(folder.results().c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file && errno == ENOENT) return chain::Bytes{};
    if (!file) return std::unexpected{errno_fault("results")};
    chain::Bytes bytes(bytes_max);
    std::size_t have = 0;
    while (have < bytes_max) {
        const auto got = ::pread(file.get(), bytes.data() + have, bytes_max - have, static_cast<off_t>(offset + have));
        if (got < 0) return std::unexpected{errno_fault("results")};
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

Result<void> CrunContainers::remove(const JobId& id) {
    TRY_VOID(stop(id, StopMode::Now));
    impl_->watch.wait_for_end(id);
    std::error_code failed;
    fs::remove_all(impl_->folder_of(id).path, failed);
    if (failed) return chain::fault("the job's folder: " + failed.message());
    return {};
}

void CrunContainers::on_exit(std::function<void(const JobId&, const Exit&)> handler) {
    impl_->watch.on_exit(std::move(handler));
}

}  // namespace worker
