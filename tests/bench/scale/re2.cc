/* SPDX-License-Identifier: MIT
 *
 * re2.cc - Google's RE2 with its own filter, FilteredRE2, which tells the strings that patterns need; finding those in a
 * text is left to its user. Here an Aho-Corasick automaton does it. It refuses lookaheads and back-references: those
 * patterns are left out, to its advantage.
 */
#include "scale.h"

#include <array>
#include <deque>
#include <re2/filtered_re2.h>
#include <string>
#include <vector>

namespace {

/* Strings over letters, digits, space and '_'; anything else is one sign more. */
class Automaton {
  public:
    Automaton() { add(); }

    void insert(const std::string &text, int id)
    {
        int node = 0;
        for (unsigned char c : text) {
            int next = nodes[node].next[sign(c)];
            if (next < 0) {
                next = add();
                nodes[node].next[sign(c)] = next;
            }
            node = next;
        }
        nodes[node].id = id;
    }

    void finish()
    {
        std::deque<int> queue;
        for (int &next : nodes[0].next) {
            if (next < 0)
                next = 0;
            else
                queue.push_back(next);
        }
        for (; !queue.empty(); queue.pop_front())
            link(queue.front(), queue);
    }

    void find(const char *text, size_t len, std::vector<int> *found) const
    {
        int node = 0;
        for (size_t i = 0; i < len; i++) {
            node = nodes[node].next[sign(static_cast<unsigned char>(text[i]))];
            for (int at = node; at > 0; at = nodes[at].shorter)
                if (nodes[at].id >= 0)
                    found->push_back(nodes[at].id);
        }
    }

  private:
    struct Node {
        std::array<int, 39> next;
        int fail = 0;
        int shorter = 0; /* the next shorter string that ends here */
        int id = -1;
    };
    std::vector<Node> nodes;

    static int sign(unsigned char c)
    {
        return c >= 'a' && c <= 'z' ? c - 'a' : c >= '0' && c <= '9' ? 26 + c - '0' : c == ' ' ? 36 : c == '_' ? 37 : 38;
    }

    int add()
    {
        nodes.emplace_back();
        nodes.back().next.fill(-1);
        return static_cast<int>(nodes.size()) - 1;
    }

    void link(int node, std::deque<int> &queue)
    {
        int fail = nodes[node].fail;
        nodes[node].shorter = nodes[fail].id >= 0 ? fail : nodes[fail].shorter;
        for (size_t c = 0; c < nodes[node].next.size(); c++) {
            int next = nodes[node].next[c];
            int other = nodes[fail].next[c];
            if (next < 0) {
                nodes[node].next[c] = other;
            } else {
                nodes[next].fail = other;
                queue.push_back(next);
            }
        }
    }
};

struct Filtered {
    re2::FilteredRE2 filter;
    Automaton automaton;
    std::vector<uint32_t> patterns; /* by RE2's number */
    std::vector<int> atoms;         /* that stand in the text */
    std::vector<int> matches;
};

void *load(const struct scale_pack *pack, uint8_t *refused)
{
    auto *filtered = new Filtered;
    RE2::Options options;
    std::vector<std::string> atoms;
    options.set_log_errors(false);
    options.set_never_capture(true);
    for (size_t i = 0; i < pack->n_patterns; i++) {
        int id = 0;
        re2::StringPiece text(pack->patterns[i].text, pack->patterns[i].len);
        refused[i] = filtered->filter.Add(text, options, &id) != RE2::NoError;
        if (!refused[i])
            filtered->patterns.push_back(static_cast<uint32_t>(i));
    }
    filtered->filter.Compile(&atoms);
    for (size_t i = 0; i < atoms.size(); i++)
        filtered->automaton.insert(atoms[i], static_cast<int>(i));
    filtered->automaton.finish();
    return filtered;
}

size_t find(void *state, const struct scale_text *text, size_t)
{
    auto *filtered = static_cast<Filtered *>(state);
    filtered->atoms.clear();
    filtered->matches.clear();
    filtered->automaton.find(text->text, text->len, &filtered->atoms);
    filtered->filter.AllMatches(re2::StringPiece(text->text, text->len), filtered->atoms, &filtered->matches);
    return filtered->matches.size();
}

void tell(void *state, uint8_t *found)
{
    const auto *filtered = static_cast<const Filtered *>(state);
    for (int id : filtered->matches)
        found[filtered->patterns[static_cast<size_t>(id)]] = 1;
}

} // namespace

extern "C" const struct engine engine_re2 = {"re2", "RE2, FilteredRE2 and Aho-Corasick", load, nullptr, find, tell,
                                             nullptr};
