/* Tasks of std::async read and write a table under std::shared_mutex, fill it lazily, and wait for each other by futures. */
/* EXPECT nothing: one order */
#include <cstdio>
#include <future>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

static std::shared_mutex table_mutex;
static std::map<std::string, int> table;
static std::mutex log_mutex;
static int logged;

static const std::vector<std::string> &words()
{
    static const std::vector<std::string> all = [] {
        std::vector<std::string> made;
        for (int i = 0; i < 50; i++)
            made.push_back("word" + std::to_string(i));
        return made;
    }();
    return all;
}

static void note()
{
    std::lock_guard<std::mutex> hold(log_mutex);
    logged++;
}

static int look_up(const std::string &word)
{
    {
        std::shared_lock<std::shared_mutex> read(table_mutex);
        auto found = table.find(word);
        note();
        if (found != table.end())
            return found->second;
    }
    std::unique_lock<std::shared_mutex> write(table_mutex);
    note();
    return table.emplace(word, static_cast<int>(word.size())).first->second;
}

static int work(int from)
{
    int sum = 0;
    for (int turn = 0; turn < 200; turn++)
        for (size_t i = 0; i < words().size(); i++)
            sum += look_up(words()[(i + static_cast<size_t>(from)) % words().size()]);
    return sum;
}

int main()
{
    std::vector<std::future<int>> tasks;
    for (int i = 0; i < 8; i++)
        tasks.push_back(std::async(std::launch::async, work, i));
    std::shared_future<int> first = tasks[0].share();
    std::future<int> last = std::async(std::launch::async, [first] { return first.get() + work(0); });
    int sum = last.get();
    for (size_t i = 1; i < tasks.size(); i++)
        sum += tasks[i].get();
    std::printf("%d words, %d\n", static_cast<int>(table.size()), sum);
    return 0;
}
