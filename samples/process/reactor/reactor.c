/*
 * A batch reactor whose problem is served to Involute by the problem protocol, version 1 (docs/problem-protocol.md): one file, the C
 * library and nothing else.
 *
 *     cc -O2 -o reactor reactor.c -lm
 *
 * A reacts to B, which is wanted, and B decays to C, faster the hotter it is: dA/dt = -k1 A^2, dB/dt = k1 A^2 - k2 B. Theta is the
 * temperature that the jacket is set to in the course of a batch, at seven times. A trajectory is a batch; the mean loss of its
 * steps is the yield of B, with the other sign.
 * The reaction is that of W. H. Ray, Advanced Process Control, 1981; with the best course of temperatures, and no disturbance, its yield is
 * 0.6108.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the problem ---------------------------------------------------------------------------------------------------------- */

enum { KNOTS = 7, SUBSTEPS = 4 };

typedef struct {
    double a, b, temperature, exchange; /* exchange: how fast the temperature follows the jacket, per batch */
    double horizon;
} State;

typedef struct {
    int64_t seed;
    uint32_t pair, trajectory, horizon, first, steps, flags;
} Lane;

/* Philox4x32-10 (Salmon et al., SC 2011): a number is a function of its key and its place, so nothing has to be kept. */
static void philox(uint32_t c[4], uint32_t k0, uint32_t k1)
{
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c[0], p1 = (uint64_t)0xCD9E8D57u * c[2];
        uint32_t next[4] = {(uint32_t)(p1 >> 32) ^ c[1] ^ k0, (uint32_t)p1, (uint32_t)(p0 >> 32) ^ c[3] ^ k1, (uint32_t)p0};
        memcpy(c, next, sizeof next);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

/* Two standard normal numbers of a step of a trajectory; step 0 of purpose 1 is the trajectory's beginning. Both arms of a pair
 * have the same pair and trajectory, and so the same numbers. */
static void normals(const Lane *lane, uint32_t step, uint32_t purpose, double out[2])
{
    uint32_t words[4] = {purpose, step, lane->trajectory, lane->pair};
    philox(words, (uint32_t)lane->seed, (uint32_t)((uint64_t)lane->seed >> 32));
    double u = (words[0] + 0.5) / 4294967296.0, v = (words[1] + 0.5) / 4294967296.0, r = sqrt(-2 * log(u));
    out[0] = r * cos(6.283185307179586 * v);
    out[1] = r * sin(6.283185307179586 * v);
}

/* From 298 to 398 K. */
static double jacket(const float *theta, double time)
{
    double place = fmin(fmax(time, 0), 1) * (KNOTS - 1);
    int knot = (int)fmin(place, KNOTS - 2);
    double level = theta[knot] + (place - knot) * ((double)theta[knot + 1] - theta[knot]);
    return 298 + 100 / (1 + exp(-level));
}

static void reset(const float *theta, const Lane *lane, State *state)
{
    double drawn[2];
    normals(lane, 0, 1, drawn);
    state->a = 1 + 0.03 * drawn[0];
    state->b = 0;
    state->exchange = 20 * exp(0.3 * drawn[1]);
    state->temperature = jacket(theta, 0);
    state->horizon = lane->horizon;
}

static double step(const float *theta, const Lane *lane, uint32_t number, State *state)
{
    double drawn[2], before = state->b, dt = 1 / (state->horizon * SUBSTEPS);
    normals(lane, number, 2, drawn);
    for (int i = 0; i < SUBSTEPS; i++) {
        double set = jacket(theta, (number + (double)i / SUBSTEPS) / state->horizon);
        double k1 = 4000 * exp(-2500 / state->temperature), k2 = 620000 * exp(-5000 / state->temperature);
        double forth = k1 * state->a * state->a, decay = k2 * state->b;
        state->a -= dt * forth;
        state->b += dt * (forth - decay);
        state->temperature += dt * state->exchange * (set - state->temperature);
    }
    state->temperature += 0.3 * drawn[0];
    return state->horizon * (before - state->b);
}

/* ---- the protocol --------------------------------------------------------------------------------------------------------- */

enum { GREETING = 1, ADVANCE = 2, FAULT = 4, IN_FILE = 1, MOST_INLINE = 65536, PREFACE = 24 };

static int file = -1;
static uint8_t *mapped;
static size_t mapped_length;
static uint8_t inline_request[MOST_INLINE];

static void die(const char *why)
{
    fprintf(stderr, "reactor: %s\n", why);
    exit(1);
}

/* 0 at the end of input. */
static int read_all(void *to, size_t length)
{
    size_t have = 0;
    while (have < length) {
        ssize_t got = read(0, (uint8_t *)to + have, length - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) die("reading failed");
        if (got == 0 && have > 0) die("the input ends within a frame");
        if (got == 0) return 0;
        have += (size_t)got;
    }
    return 1;
}

static void write_all(const void *from, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t put = write(1, (const uint8_t *)from + done, length - done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) exit(0); /* Involute is gone */
        done += (size_t)put;
    }
}

/* A payload that lies in the shared file has been written there. */
static void send_frame(uint16_t kind, const void *payload, uint64_t length)
{
    static uint8_t frame[16 + MOST_INLINE];
    uint16_t flags = length > MOST_INLINE ? IN_FILE : 0;
    memcpy(frame, "INV\1", 4);
    memcpy(frame + 4, &kind, 2);
    memcpy(frame + 6, &flags, 2);
    memcpy(frame + 8, &length, 8);
    if (!flags) memcpy(frame + 16, payload, length);
    write_all(frame, 16 + (flags ? 0 : length));
}

static void map(uint64_t length)
{
    if (length <= mapped_length) return;
    if (mapped) munmap(mapped, mapped_length);
    mapped = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) die("the shared file cannot be mapped");
    mapped_length = length;
}

/* The kind; the payload's length, and whether it lies in the file. */
static int read_frame(uint64_t *length, int *in_file)
{
    uint8_t head[16];
    uint16_t kind, flags;
    if (!read_all(head, sizeof head)) return 0;
    if (memcmp(head, "INV\1", 4) != 0) die("a frame of another version of the protocol");
    memcpy(&kind, head + 4, 2);
    memcpy(&flags, head + 6, 2);
    memcpy(length, head + 8, 8);
    *in_file = flags & IN_FILE;
    if (!*in_file && *length > MOST_INLINE) die("a long payload that is not in the shared file");
    return kind;
}

/* The only thing that is needed of Involute's greeting: "file":"PATH". A path with an escape in it is not understood. */
static void greet(void)
{
    static const char answer[] =
        "{\"name\":\"reactor\",\"theta\":[{\"name\":\"jacket\",\"shape\":[7],\"initial\":3,\"unit\":\"logit of (T - 298 K) / 100 K\"}],"
        "\"stateBytes\":40,\"ceiling\":10,\"lanes\":65536,\"about\":\"reactor.c, compiler " __VERSION__ "\"}";
    uint64_t length;
    int in_file;
    if (read_frame(&length, &in_file) != GREETING || in_file) die("no greeting");
    if (!read_all(inline_request, length)) die("no greeting");
    inline_request[length < MOST_INLINE ? length : MOST_INLINE - 1] = 0;
    char *path = strstr((char *)inline_request, "\"file\"");
    path = path ? strchr(path + 6, '"') : NULL;
    char *end = path ? strchr(path + 1, '"') : NULL;
    if (!end) die("the greeting names no file");
    *end = 0;
    file = open(path + 1, O_RDWR | O_CLOEXEC);
    if (file < 0) die("the shared file cannot be opened");
    send_frame(GREETING, answer, sizeof answer - 1);
}

static size_t padded(size_t bytes) { return (bytes + 7) & ~(size_t)7; }

static void fault(const char *message)
{
    char json[256];
    int length = snprintf(json, sizeof json, "{\"type\":\"Request\",\"message\":\"%s\",\"where\":\"reactor.c\",\"trace\":\"\"}", message);
    send_frame(FAULT, json, (uint64_t)length);
}

static void advance(uint64_t length, int in_file)
{
    static double *answer;
    static size_t room;
    uint8_t preface[PREFACE];
    uint32_t lanes;
    uint64_t file_length, answer_at, losses = 0;
    if (!in_file && !read_all(inline_request, length)) die("the input ends within a frame");
    if (length < PREFACE) { fault("a request without lanes"); return; }
    if (in_file) map(length);
    memcpy(preface, in_file ? mapped : inline_request, PREFACE);
    memcpy(&lanes, preface, 4);
    memcpy(&file_length, preface + 8, 8);
    memcpy(&answer_at, preface + 16, 8);
    size_t thetas = PREFACE + (size_t)lanes * sizeof(Lane), states = thetas + padded((size_t)lanes * KNOTS * sizeof(float));
    if (length != states + (size_t)lanes * sizeof(State)) { fault("a request of a wrong length"); return; }
    map(file_length);

    const uint8_t *request = in_file ? mapped : inline_request;
    const Lane *all = (const Lane *)(request + PREFACE);
    for (uint32_t i = 0; i < lanes; i++) losses += all[i].steps;
    size_t bytes = losses * sizeof(double) + (size_t)lanes * sizeof(State);
    if (bytes > room && !(answer = realloc(answer, room = bytes))) die("no memory");

    double *loss = answer;
    State *after = (State *)(answer + losses);
    for (uint32_t i = 0; i < lanes; i++) {
        const float *theta = (const float *)(request + thetas) + (size_t)i * KNOTS;
        State state;
        memcpy(&state, request + states + (size_t)i * sizeof state, sizeof state);
        if (all[i].flags & 1) reset(theta, &all[i], &state);
        for (uint32_t s = 0; s < all[i].steps; s++) *loss++ = step(theta, &all[i], all[i].first + s, &state);
        after[i] = state;
    }
    if (bytes > MOST_INLINE) memcpy(mapped + answer_at, answer, bytes);
    send_frame(ADVANCE, answer, bytes);
}

int main(void)
{
    uint64_t length;
    int in_file, kind;
    _Static_assert(sizeof(Lane) == 32 && sizeof(State) == 40, "the layout of the protocol");
    greet();
    while ((kind = read_frame(&length, &in_file)) != 0) {
        if (kind == ADVANCE) advance(length, in_file);
        else die("a frame of an unknown kind");
    }
    return 0;
}
