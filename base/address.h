/*
 * address.h -- where an address of the network leads: to the world, to this machine, into a private
 * network, or where no request of ours has any business.
 *
 * Judge the address that a socket is about to connect to, never the spelling of a host name: names
 * lead anywhere, and 0x7f.1, 017700000001 and ::ffff:127.0.0.1 are all this machine.
 */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

enum address_reach {
	ADDRESS_PUBLIC,
	ADDRESS_HERE,    /* loopback */
	ADDRESS_PRIVATE, /* RFC 1918, RFC 6598, unique local */
	ADDRESS_NEVER,   /* link-local with the metadata services, multicast, unspecified, reserved,
			    tunnels; every family but IPv4 and IPv6 */
};

/* Addresses of IPv4 within IPv6 (mapped, compatible, NAT64, 6to4) count as what they stand for.
 * source: IANA special-purpose address registries, RFC 6890 */
enum address_reach address_reach(const struct sockaddr *address);

/* "192.0.2.1", "2001:db8::1" or "[2001:db8::1]" as text; false: it is none (a name). */
bool address_text_reach(enum address_reach *reach, const char *text);

#endif
