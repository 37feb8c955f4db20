// What crun and nft are told about a job: a changed line here is a changed wall around somebody else's program.
#include "gpu-worker/containers/network.hpp"
#include "gpu-worker/containers/runtime_config.hpp"
#include "tests/support/golden.hpp"

#include <boost/json.hpp>

namespace json = boost::json;
using namespace worker;

namespace {

/// Indented, so that a diff shows the line that changed; short values stay on one line.
void print(const json::value& value, std::string indent, std::string& out) {
    const auto flat = json::serialize(value);
    if (flat.size() <= 100 || (!value.is_object() && !value.is_array())) {
        out += flat;
        return;
    }
    const bool is_object = value.is_object();
    const auto inner = indent + "  ";
    out += is_object ? "{" : "[";
    std::string comma;
    if (is_object)
        for (const auto& [key, member] : value.as_object()) {
            out += comma + "\n" + inner + json::serialize(json::value(key)) + ": ";
            print(member, inner, out);
            comma = ",";
        }
    else
        for (const auto& item : value.as_array()) {
            out += comma + "\n" + inner;
            print(item, inner, out);
            comma = ",";
        }
    out += "\n" + indent + (is_object ? "}" : "]");
}

JobPlan full_plan() {
    JobPlan plan;
    plan.spec.id = {"lease-17"};
    plan.spec.command = {"/bin/tool", "--with", "a space"};
    plan.spec.environment = {{"MODE", "fast"}};
    plan.spec.gpus = {"GPU-1"};
    plan.image.environment = {"PATH=/image/bin", "MODE=slow", "NVIDIA_VISIBLE_DEVICES=all"};
    plan.image.folder = "/work";
    plan.devices.nodes = {{"/dev/nvidia0", 195, 0}};
    plan.devices.files = {
        {"/usr/lib/x86_64-linux-gnu/libcuda.so.580.65", "/usr/lib/x86_64-linux-gnu/libcuda.so.580.65"}};
    plan.cgroup = "/tephra/0a1b2c3d-lease-17";
    plan.slot = 3;
    return plan;
}

}  // namespace

TEST_CASE("golden: a job's configuration for crun") {
    const RuntimePlace place{.root = "/stage/root",
                             .results = "/stage/disk/results",
                             .temporary = "/stage/disk/tmp",
                             .secrets = "/stage/secrets",
                             .etc = "/stage/etc",
                             .driver_links = "/stage/links",
                             .user = 1000,
                             .group = 1000,
                             .open_files_max = 1'024,
                             .unified = true};
    std::string text;
    print(json::parse(runtime_config(full_plan(), place).value()), "", text);
    tests::check_golden("containers-config.json", text + "\n");
}

TEST_CASE("golden: a job's packet filter") {
    const JobNetwork isolated{.slot = 3, .ports = {{.job = 8080, .host = 30'000}}};
    const JobNetwork internet{.slot = 4, .policy = NetworkPolicy::Internet};
    tests::check_golden("containers-filter.nft", filter_rules(isolated) + filter_rules(internet));
}
