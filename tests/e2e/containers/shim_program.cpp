// The shim as a program of its own, so that the tests need no whole worker.

#include "gpu-worker/containers/crun_containers.hpp"

int main(int argc, char** argv) { return worker::shim_main(argc, argv); }
