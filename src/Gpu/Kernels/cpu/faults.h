// How the CPU in the place of a card fails, for tests. Words with commas between them:
//   no-device         there is a driver, and no card
//   version=11040     the CUDA version of the driver, as it tells it
//   capability=75     of the card
//   memory=1000000    bytes that the card has
//   lost=3            the third launch fails, and everything behind it
//   wrong             the lowest bit of each copy to the host is another one
//   backwards         no fault: the last block and the last thread go first
#pragma once
#include <stdlib.h>
#include <string.h>

namespace cpu_device {

struct Faults {
  bool noDevice = false, wrong = false, backwards = false;
  long long version = 12040, capability = 90, memory = 4ll << 30, lost = 0;

  static Faults read(const char* text) {
    Faults faults;
    while (text && *text) {
      if (!strncmp(text, "no-device", 9)) faults.noDevice = true;
      else if (!strncmp(text, "wrong", 5)) faults.wrong = true;
      else if (!strncmp(text, "backwards", 9)) faults.backwards = true;
      else if (!strncmp(text, "version=", 8)) faults.version = atoll(text + 8);
      else if (!strncmp(text, "capability=", 11)) faults.capability = atoll(text + 11);
      else if (!strncmp(text, "memory=", 7)) faults.memory = atoll(text + 7);
      else if (!strncmp(text, "lost=", 5)) faults.lost = atoll(text + 5);
      text = strchr(text, ',');
      if (text) text++;
    }
    return faults;
  }
};

}  // namespace cpu_device
