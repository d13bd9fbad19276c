/* A closed loop of UDP announces (BEP 15): many peers that always wait for one reply each.
 *
 * udp_load PORT HASHES SECONDS: announces random torrents of the file HASHES (20 bytes each) to
 * 127.0.0.1:PORT from 16 addresses, 16 in flight from each, for SECONDS. Addresses and ports are
 * scattered as those of real peers are; every address is a hundred peers.
 * udp_load PORT HASHES SECONDS PEERS: announces so many different peers of each torrent once, in no order,
 * without asking for others, and ends when all were answered, or after SECONDS.
 * Prints: replies, errors, peers in all replies, microseconds at the 50th and 99th percentile. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ADDRESSES = 16, IN_FLIGHT = 16, PORTS = 100, SLOTS = ADDRESSES * IN_FLIGHT, BUCKETS = 65536 };

static uint64_t state = 88172645463325252ULL;
static uint64_t chance(void) {
    state ^= state << 13; state ^= state >> 7; state ^= state << 17;
    return state;
}
static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}
static void put32(uint8_t *at, uint32_t value) { value = htonl(value); memcpy(at, &value, 4); }
static uint32_t get32(const uint8_t *at) { uint32_t value; memcpy(&value, at, 4); return ntohl(value); }

static uint8_t *hashes;
static long torrents;
static uint8_t ids[ADDRESSES][8];
static int sockets[ADDRESSES];
static double sent_at[SLOTS];
static uint8_t packets[SLOTS][98];
static long peers_each, next_of[ADDRESSES]; /* of the second kind of load */
static int at_work;
static unsigned latency[BUCKETS];

static void send_slot(int slot) {
    sent_at[slot] = now();
    if (send(sockets[slot / IN_FLIGHT], packets[slot], sizeof packets[slot], 0) < 0
        && errno != EAGAIN) perror("send");
}
static void announce(int slot) {
    int address = slot / IN_FLIGHT, is_seed = chance() % 3 == 0;
    long torrent = chance() % (uint64_t)torrents, peer = address * PORTS + chance() % PORTS;
    if (peers_each) {
        long here = (peers_each - address + ADDRESSES - 1) / ADDRESSES * torrents;
        if (next_of[address] >= here) { sent_at[slot] = 1e300; at_work--; return; }
        long number = next_of[address]++ * 1000003 % here; /* a prime: each once, in no order */
        torrent = number % torrents;
        peer = address + ADDRESSES * (number / torrents);
    }
    uint8_t *packet = packets[slot];
    memset(packet, 0, sizeof packets[slot]);
    memcpy(packet, ids[address], 8);
    put32(packet + 8, 1);
    put32(packet + 12, (uint32_t)slot);
    memcpy(packet + 16, hashes + 20 * torrent, 20);
    memcpy(packet + 36, "-PL0001-", 8);
    uint32_t port = 1024 + peer * 7919 % 64000;
    memcpy(packet + 44, &port, 4);
    packet[71] = is_seed ? 0 : 1; /* left: a third are seeds */
    put32(packet + 88, port);
    put32(packet + 92, peers_each ? 0 : 50);
    packet[96] = port >> 8;
    packet[97] = port & 0xFF;
    send_slot(slot);
}

static void connect_tracker(int address, int port) {
    struct sockaddr_in here = {.sin_family = AF_INET}, there = {.sin_family = AF_INET};
    here.sin_addr.s_addr = htonl(0x7F000000u + (address + 1) * 1013903u % 0xFFFFFFu);
    there.sin_addr.s_addr = htonl(0x7F000001u);
    there.sin_port = htons(port);
    int s = sockets[address] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    int size = 1 << 20;
    setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (bind(s, (void *)&here, sizeof here) || connect(s, (void *)&there, sizeof there)) {
        perror("bind"); exit(1);
    }
    uint8_t packet[16] = {0, 0, 0x04, 0x17, 0x27, 0x10, 0x19, 0x80}, reply[64];
    for (int tries = 0; tries < 20; tries++) {
        if (send(s, packet, sizeof packet, 0) < 0) perror("connect");
        struct pollfd waiting = {.fd = s, .events = POLLIN};
        if (poll(&waiting, 1, 250) > 0 && recv(s, reply, sizeof reply, 0) == 16) {
            memcpy(ids[address], reply + 8, 8);
            return;
        }
    }
    fprintf(stderr, "The tracker gives no connection id.\n");
    exit(1);
}

int main(int count, char **words) {
    if (count != 4 && count != 5) return 2;
    peers_each = count == 5 ? atol(words[4]) : 0;
    FILE *file = fopen(words[2], "rb");
    if (!file) { perror(words[2]); return 1; }
    fseek(file, 0, SEEK_END);
    torrents = ftell(file) / 20;
    rewind(file);
    hashes = malloc(20 * torrents);
    if (fread(hashes, 20, torrents, file) != (size_t)torrents) return 1;
    int poller = epoll_create1(0);
    for (int address = 0; address < ADDRESSES; address++) {
        connect_tracker(address, atoi(words[1]));
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = address};
        epoll_ctl(poller, EPOLL_CTL_ADD, sockets[address], &event);
    }
    at_work = SLOTS;
    for (int slot = 0; slot < SLOTS; slot++) announce(slot);
    long replies = 0, errors = 0, peers = 0;
    double end = now() + atof(words[3]), looked_for_lost = now();
    for (double moment = now(); moment < end && at_work; moment = now()) {
        struct epoll_event events[ADDRESSES];
        int ready = epoll_wait(poller, events, ADDRESSES, 100);
        for (int at = 0; at < ready; at++) {
            int address = events[at].data.u32;
            uint8_t reply[4096];
            ssize_t size;
            while ((size = recv(sockets[address], reply, sizeof reply, 0)) >= 8) {
                uint32_t slot = get32(reply + 4);
                if (slot >= SLOTS || sent_at[slot] > 1e299) continue; /* a reply come twice */
                if (get32(reply) == 1 && size >= 20) { replies++; peers += (size - 20) / 6; }
                else errors++;
                double micros = (now() - sent_at[slot]) * 1e6;
                latency[micros < BUCKETS ? (int)micros : BUCKETS - 1]++;
                announce((int)slot);
            }
        }
        if (moment - looked_for_lost > 0.5) { /* a datagram may be lost; its slot goes on */
            for (int slot = 0; slot < SLOTS; slot++)
                if (moment - sent_at[slot] > 0.5) send_slot(slot);
            looked_for_lost = moment;
        }
    }
    long seen = 0, p50 = 0, p99 = 0;
    for (long micros = 0; micros < BUCKETS; micros++) {
        seen += latency[micros];
        if (!p50 && seen * 2 >= replies + errors) p50 = micros;
        if (!p99 && seen * 100 >= (replies + errors) * 99) p99 = micros;
    }
    printf("%ld %ld %ld %ld %ld\n", replies, errors, peers, p50, p99);
    return 0;
}
