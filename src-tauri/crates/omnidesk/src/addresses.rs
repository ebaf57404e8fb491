//! Which network addresses lie out in the world.
//!
//! A file's address is named by somebody else, and must not lead into the office's network or back to this computer. The
//! tables are IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890 and its successors, as of 2024). Whatever
//! carries an IPv4 address inside an IPv6 one is refused as a whole: where it ends is decided by a translator on the
//! way, and no file's host is reachable by that alone.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4: what is not out in the world.
const NOT_GLOBAL_V4: [(Ipv4Addr, u32); 17] = [
    // This network (RFC 791).
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    // Private (RFC 1918).
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    // Between a provider and its customers (RFC 6598).
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    // Loopback (RFC 1122).
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Link-local, clouds' metadata among it (RFC 3927).
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // Private (RFC 1918).
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    // Protocol assignments (RFC 6890).
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    // Documentation (RFC 5737).
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    // Sinks for reverse look-ups (RFC 7535).
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    // Multicast relays (RFC 7450).
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    // Relays of 6to4, given up (RFC 7526).
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    // Private (RFC 1918).
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // Benchmarks (RFC 2544).
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    // Documentation (RFC 5737).
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    // Documentation (RFC 5737).
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast (RFC 5771).
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    // Reserved, and broadcast (RFC 1112, RFC 8190).
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// IPv6: all that is given out as global unicast (RFC 4291, IANA's address space registry). Outside of it lie loopback,
/// the unspecified address, IPv4-compatible and -mapped addresses, those of NAT64, unique-local, link- and site-local
/// ones, multicast, and what is not given out.
const GLOBAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// IPv6: what of that is not out in the world.
const NOT_GLOBAL_V6: [(Ipv6Addr, u32); 5] = [
    // Protocol assignments: Teredo, benchmarks, ORCHID and others (RFC 2928, RFC 4380, RFC 5180, RFC 7343).
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    // Documentation (RFC 3849).
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    // 6to4: an IPv4 address inside (RFC 3056).
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    // Sinks for reverse look-ups (RFC 7534).
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    // Documentation (RFC 9637).
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether an address lies out in the world: of no private, local, shared, embedded or reserved kind.
pub(crate) fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !NOT_GLOBAL_V4.iter().any(|(net, length)| {
            let differs = u32::from(address) ^ u32::from(*net);
            differs >> (u32::BITS - length) == 0
        }),
        IpAddr::V6(address) => {
            let is_in = |(net, length): &(Ipv6Addr, u32)| (u128::from(address) ^ u128::from(*net)) >> (u128::BITS - length) == 0;
            is_in(&GLOBAL_V6) && !NOT_GLOBAL_V6.iter().any(is_in)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_addresses_out_in_the_world_are_global() {
        let inside = [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.0.1",
            "169.254.169.254",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.0.170",
            "192.0.2.1",
            "192.31.196.1",
            "192.52.193.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:0:8.8.8.8",
            "64:ff9b::10.0.0.1",
            "64:ff9b::8.8.8.8",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:1ff:ffff::1",
            "2001:db8::1",
            "2002:a00:1::1",
            "2002:808:808::1",
            "2620:4f:8000::1",
            "3fff::1",
            "3fff:fff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fdff:ffff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
        ];
        let outside = [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.0.3.1",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700::1111",
            "2a00:1450:4010:c05::64",
            "3ffe:ffff::1",
        ];
        for (list, expected) in [(&inside[..], false), (&outside[..], true)] {
            for text in list {
                assert_eq!(is_global(text.parse().unwrap()), expected, "{text}");
            }
        }
    }

    proptest! {
        /// What the standard library knows to be none of ours is refused, whatever the table says.
        #[test]
        fn what_std_knows_to_be_local_is_never_global(v4 in any::<u32>(), v6 in any::<u128>()) {
            let v4 = Ipv4Addr::from(v4);
            let local = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast()
                || v4.is_broadcast() || v4.is_documentation() || v4.is_unspecified();
            prop_assert!(!(local && is_global(v4.into())), "{v4}");
            for address in [v6, v6 & u128::from(u64::MAX), v6 | (0xfc << 120), u128::from(v4.to_ipv6_mapped()), u128::from(v4.to_ipv6_compatible())] {
                let v6 = Ipv6Addr::from(address);
                let local = v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || v6.is_unique_local()
                    || v6.is_unicast_link_local() || v6.to_ipv4().is_some();
                prop_assert!(!(local && is_global(v6.into())), "{v6}");
            }
        }
    }
}
