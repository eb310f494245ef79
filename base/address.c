#include "base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct v4_block {
	uint32_t first;
	int bits;
	enum address_reach reach;
};

static const struct v4_block v4_blocks[] = {
	{ 0x7f000000, 8, ADDRESS_HERE },     /* 127.0.0.0/8 */
	{ 0x0a000000, 8, ADDRESS_PRIVATE },  /* 10.0.0.0/8 */
	{ 0xac100000, 12, ADDRESS_PRIVATE }, /* 172.16.0.0/12 */
	{ 0xc0a80000, 16, ADDRESS_PRIVATE }, /* 192.168.0.0/16 */
	{ 0x646464c8, 32, ADDRESS_NEVER },   /* 100.100.100.200: a metadata service */
	{ 0x64400000, 10, ADDRESS_PRIVATE }, /* 100.64.0.0/10: carrier-grade NAT */
	{ 0x00000000, 8, ADDRESS_NEVER },    /* 0.0.0.0/8: "this network", often this machine */
	{ 0xa9fe0000, 16, ADDRESS_NEVER },   /* 169.254.0.0/16: link-local, metadata services */
	{ 0xc0000000, 24, ADDRESS_NEVER },   /* 192.0.0.0/24: protocol assignments */
	{ 0xc0000200, 24, ADDRESS_NEVER },   /* 192.0.2.0/24: documentation */
	{ 0xc0586300, 24, ADDRESS_NEVER },   /* 192.88.99.0/24: 6to4 relays */
	{ 0xc6120000, 15, ADDRESS_NEVER },   /* 198.18.0.0/15: benchmarks */
	{ 0xc6336400, 24, ADDRESS_NEVER },   /* 198.51.100.0/24: documentation */
	{ 0xcb007100, 24, ADDRESS_NEVER },   /* 203.0.113.0/24: documentation */
	{ 0xe0000000, 4, ADDRESS_NEVER },    /* 224.0.0.0/4: multicast */
	{ 0xf0000000, 4, ADDRESS_NEVER },    /* 240.0.0.0/4: reserved, broadcast */
};

struct v6_block {
	const char *first;
	int bits;
	int v4_at; /* byte at which an IPv4 address stands that decides; -1: none */
	enum address_reach reach;
};

/* The first that fits decides; only what is global unicast (2000::/3) reaches the world. */
static const struct v6_block v6_blocks[] = {
	{ "::1", 128, -1, ADDRESS_HERE },
	{ "::", 128, -1, ADDRESS_NEVER },
	{ "::ffff:0:0", 96, 12, ADDRESS_NEVER },     /* mapped */
	{ "::ffff:0:0:0", 96, 12, ADDRESS_NEVER },   /* translated */
	{ "::", 96, 12, ADDRESS_NEVER },             /* compatible */
	{ "64:ff9b::", 96, 12, ADDRESS_NEVER },      /* NAT64 */
	{ "2002::", 16, 2, ADDRESS_NEVER },          /* 6to4 */
	{ "2001::", 23, -1, ADDRESS_NEVER },         /* Teredo and other protocol assignments */
	{ "2001:db8::", 32, -1, ADDRESS_NEVER },     /* documentation */
	{ "3fff::", 20, -1, ADDRESS_NEVER },         /* documentation */
	{ "fd00:ec2::254", 128, -1, ADDRESS_NEVER }, /* a metadata service */
	{ "fc00::", 7, -1, ADDRESS_PRIVATE },
	{ "2000::", 3, -1, ADDRESS_PUBLIC },
	{ "::", 0, -1, ADDRESS_NEVER }, /* link-local, site-local, multicast, discard, all else */
};

static enum address_reach v4_reach(uint32_t address)
{
	for (size_t i = 0; i < sizeof v4_blocks / sizeof *v4_blocks; i++)
		if ((address ^ v4_blocks[i].first) >> (32 - v4_blocks[i].bits) == 0)
			return v4_blocks[i].reach;
	return ADDRESS_PUBLIC;
}

static bool v6_within(const unsigned char *address, const unsigned char *first, int bits)
{
	int whole = bits / 8, rest = bits % 8;

	return !memcmp(address, first, (size_t)whole) &&
	       (rest == 0 || (address[whole] ^ first[whole]) >> (8 - rest) == 0);
}

static enum address_reach v6_reach(const unsigned char *address)
{
	struct in6_addr first;
	uint32_t v4;

	for (size_t i = 0; i < sizeof v6_blocks / sizeof *v6_blocks; i++) {
		const struct v6_block *block = &v6_blocks[i];

		inet_pton(AF_INET6, block->first, &first);
		if (!v6_within(address, first.s6_addr, block->bits))
			continue;
		if (block->v4_at < 0)
			return block->reach;
		memcpy(&v4, address + block->v4_at, sizeof v4);
		return v4_reach(ntohl(v4));
	}
	return ADDRESS_NEVER;
}

enum address_reach address_reach(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return v4_reach(ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr));
	if (address->sa_family == AF_INET6)
		return v6_reach(((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr);
	return ADDRESS_NEVER;
}

bool address_text_reach(enum address_reach *reach, const char *text)
{
	char bare[INET6_ADDRSTRLEN];
	size_t len = strlen(text);
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, text, &v4) == 1) {
		*reach = v4_reach(ntohl(v4.s_addr));
		return true;
	}
	if (*text == '[' && len > 2 && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (len >= sizeof bare)
		return false;
	memcpy(bare, text, len);
	bare[len] = '\0';
	if (inet_pton(AF_INET6, bare, &v6) != 1)
		return false;
	*reach = v6_reach(v6.s6_addr);
	return true;
}
