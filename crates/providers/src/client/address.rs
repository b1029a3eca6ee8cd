//! Which addresses anybody may reach, and which only those inside a network can.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use hyper_util::client::legacy::connect::dns::Name;
use tower_service::Service;
use url::Url;

use super::exchange::ExchangeError;

/// An address that is not for everybody, where it has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotPublic;

/// Why nothing may be sent to a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadAddress {
    /// It is no http or https URL with a host and without credentials.
    Url,
    /// Its host is an address that is not for everybody.
    NotPublic,
}

/// Why a host has no address.
#[derive(Debug)]
pub(super) enum LookUpError {
    /// Nobody knows it.
    Unknown(std::io::Error),
    /// It has one that is not for everybody.
    NotPublic(NotPublic),
}

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the address is not a public one")
    }
}

impl Error for NotPublic {}

/// Finds the addresses of a name, and none at all where one of them may not be asked. What it
/// finds is what is connected to, so that no later answer for the same name can lead elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver {
    /// Whether an address may be asked.
    pub(super) may_ask: fn(IpAddr) -> bool,
}

impl Resolver {
    /// One that may ask every address.
    pub(super) fn anywhere() -> Self {
        Self { may_ask: asks(true) }
    }
}

impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let may_ask = self.may_ask;
        Box::pin(async move {
            let found = look_up(name.as_str(), 0, may_ask).await.map_err(|error| match error {
                LookUpError::NotPublic(error) => Self::Error::from(error),
                LookUpError::Unknown(error) => error.into(),
            })?;
            Ok(found.into_iter())
        })
    }
}

/// Whether a request may go to `url`: http or https, a host, no credentials, and, where the host is
/// a number, one that may be asked. A name is looked up, and checked, when it is connected to.
pub(super) fn check(url: &Url, may_ask: fn(IpAddr) -> bool) -> Result<(), BadAddress> {
    let is_web = matches!(url.scheme(), "http" | "https");
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    let host = url.host_str().filter(|_| is_web && !has_credentials).ok_or(BadAddress::Url)?;
    let number = host.trim_start_matches('[').trim_end_matches(']').parse();
    match number.is_ok_and(|address| !may_ask(address)) {
        true => Err(BadAddress::NotPublic),
        false => Ok(()),
    }
}

/// Whether a request failed because its address is not a public one.
pub(super) fn is_not_public(error: &ExchangeError) -> bool {
    error.is_because::<NotPublic>()
}

/// Which addresses may be asked.
pub(super) fn asks(takes_private: bool) -> fn(IpAddr) -> bool {
    if takes_private { |_| true } else { is_public }
}

/// The addresses of a host, where all of them may be asked.
///
/// # Errors
/// Where there is none, or one that may not be.
pub(super) async fn look_up(
    host: &str,
    port: u16,
    may_ask: fn(IpAddr) -> bool,
) -> Result<Vec<SocketAddr>, LookUpError> {
    let found = tokio::net::lookup_host((host, port)).await.map_err(LookUpError::Unknown)?;
    let found: Vec<SocketAddr> = found.collect();
    if !found.iter().all(|address| may_ask(address.ip())) {
        return Err(LookUpError::NotPublic(NotPublic));
    }
    Ok(found)
}

/// Whether an address is one of the Internet's: none of a private network, of this machine, of a
/// link, of a group, of a cloud's own services, or reserved, by IANA's registries of special
/// addresses.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    /// Azure's service for its machines, which lies among public addresses.
    const AZURE: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
    let is_special = match address.octets() {
        // This network; private ones; those of carriers (and Alibaba's metadata); loopback.
        [0 | 10 | 127, ..] | [100, 64..=127, ..] | [172, 16..=31, ..] | [192, 168, ..] => true,
        // Link-local, metadata among them.
        [169, 254, ..] => true,
        // Protocols' own, documentation, the old relay of 6to4, benchmarks.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => true,
        [198, 51, 100, _] | [203, 0, 113, _] => true,
        // Groups, reserved, broadcast.
        [224..=255, ..] => true,
        _ => false,
    };
    !is_special && address != AZURE
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // An address of the old kind in the new form.
        [0, 0, 0, 0, 0, 0xffff, high, low] => {
            let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Protocols' own (Teredo among them, which carries an old address), documentation, and
        // 6to4, which carries one too.
        [0x2001, 0..0x200, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] => false,
        [0x3fff, 0..0x1000, ..] => false,
        // All that is handed out to the public.
        [0x2000..0x4000, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_internets_own_addresses_are_public() {
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.167.1.1",
            "192.0.1.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00::1",
            "2001:4860::8888",
            "::ffff:8.8.8.8",
        ];
        for address in public {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        let others = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "127.0.0.1",
            "127.255.0.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.192",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "100.100.100.200",
            "168.63.129.16",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001:0:7f00:1::",
            "2001:db8::1",
            "3fff::1",
            "100::1",
            "5f00::1",
        ];
        for address in others {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }
}
