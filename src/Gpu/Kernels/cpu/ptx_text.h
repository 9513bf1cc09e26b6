// What a PTX text says of its kernels:
//   .visible .entry NAME(
//     .param .u64 NAME_param_0, ...
//   )
//   .maxntid 128, 1, 1
#pragma once
#include <stdlib.h>
#include <string.h>
#include <string>
#include <vector>
#include "fibers.h"

namespace cpu_device {

struct Entry {
  std::string name;
  int parameters, mostThreads;
};

// Whether the text is one of kernels that can be launched here; else why not.
inline bool read_ptx(const char* text, std::vector<Entry>& entries, std::string& why) {
  if (!strstr(text, ".version") || !strstr(text, ".target")) { why = "not a PTX text"; return false; }
  const char* at = text;
  while ((at = strstr(at, ".entry "))) {
    at += 7;
    const char *open = strchr(at, '('), *close = open ? strchr(open, ')') : nullptr, *body = close ? strchr(close, '{') : nullptr;
    if (!body) { why = "an entry without a body"; return false; }
    Entry entry{std::string(at, open), 0, MostThreads};
    for (const char* p = open; (p = strstr(p, ".param ")) && p < close; p += 7, entry.parameters++)
      if (strncmp(p + 7, ".u64", 4) && strncmp(p + 7, ".b64", 4)) { why = "kernel " + entry.name + ": parameter " + std::to_string(entry.parameters) + " is not 8 bytes wide"; return false; }
    if (entry.parameters > MostArguments) { why = "kernel " + entry.name + " has too many parameters"; return false; }
    const char* most = strstr(close, ".maxntid ");
    if (most && most < body) entry.mostThreads = atoi(most + 9);
    entries.push_back(entry);
    at = body;
  }
  return true;
}

}  // namespace cpu_device
