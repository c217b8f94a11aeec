// Throws through locks, and is cancelled with objects on the stack.
#include <cstdio>
#include <mutex>
#include <stdexcept>
#include <unistd.h>

namespace {
std::mutex outer, inner;

struct speaks_at_its_end {
    ~speaks_at_its_end()
    {
        std::puts("destroyed");
    }
};

void throws_with_locks()
{
    std::lock_guard<std::mutex> first(outer);
    std::lock_guard<std::mutex> second(inner);
    throw std::runtime_error("thrown");
}
} // namespace

extern "C" int throws_and_catches()
{
    int caught = 0;
    for (int i = 0; i < 10; i++) {
        try {
            throws_with_locks();
        } catch (const std::runtime_error &) {
            caught++;
        }
    }
    std::lock_guard<std::mutex> free_again(outer);
    return caught;
}

extern "C" void waits_to_be_cancelled()
{
    speaks_at_its_end object;
    for (;;)
        pause();
}
