//! Where the client goes and where it does not.

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::super::address::{Guard, Place};
use super::*;
use crate::Sent;

/// Every spelling of places inside, as a person, a page or a network may write them.
const INSIDE: &[&str] = &[
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.1.",
    "0177.0.0.1",
    "0x7f.0.0.1",
    "0x7f.1",
    "0x7F000001",
    "2130706433",
    "017700000001",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "%31%32%37.0.0.1",
    "0.0.0.0",
    "0",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.127.255.255",
    "100.100.100.200",
    "169.254.169.254",
    "2852039166",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::2]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:5ef5:79fb::1]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[100::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fd20:ce::254]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[4000::1]",
];

const OUTSIDE: &[&str] = &[
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "[::ffff:8.8.8.8]",
    "[64:ff9b::8.8.8.8]",
    "[2002:808:808::1]",
    "[2001:200::1]",
    "[2001:4860:4860::8888]",
    "[2606:4700:4700::1111]",
    "[3ffe::1]",
];

fn place(host: &str) -> Place {
    let url: Url = format!("https://{host}/").parse().unwrap();
    let address = match url.host().unwrap() {
        url::Host::Ipv4(v4) => IpAddr::V4(v4),
        url::Host::Ipv6(v6) => IpAddr::V6(v6),
        url::Host::Domain(name) => panic!("{host} was read as the name {name}"),
    };
    Guard::default().place(address)
}

#[test]
fn places_inside_are_refused_in_every_spelling() {
    for host in INSIDE {
        assert_eq!(place(host), Place::Refused, "{host}");
    }
    for host in OUTSIDE {
        assert_eq!(place(host), Place::Public, "{host}");
    }
}

#[tokio::test]
async fn the_client_does_not_go_inside() {
    let http = Http::guarded(HttpConfig::default(), Arc::new(HandClock::default())).unwrap();
    for host in INSIDE {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}/").parse().unwrap();
            let error = http.read(Request::get(url)).await.unwrap_err();
            assert_eq!((error.trouble, error.sent), (Trouble::Private, Sent::No), "{host}");
        }
    }
}

proptest! {
    #[test]
    fn an_address_in_disguise_is_what_it_disguises(v4: [u8; 4]) {
        let plain = Guard::default().place(Ipv4Addr::from(v4).into());
        let [a, b, c, d] = v4;
        let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        let disguises = [
            Ipv4Addr::from(v4).to_ipv6_mapped(),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
            Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low),
            Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
            Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low),
        ];
        for disguise in disguises {
            prop_assert_eq!(Guard::default().place(disguise.into()), plain, "{}", disguise);
        }
    }

    #[test]
    fn any_text_is_either_no_address_or_judged(text in "[0-9a-fx.:\\[\\]%]{1,24}") {
        if let Ok(url) = format!("http://{text}/").parse::<Url>() {
            let _ = Guard::default().check(&url, true);
        }
    }
}

#[test]
fn what_the_operator_opens_is_open_in_every_disguise() {
    let guard = Guard::new(vec!["10.1.0.0/16".parse().unwrap(), "fd00::/8".parse().unwrap()]);
    for open in ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd12::1"] {
        assert_eq!(guard.place(open.parse().unwrap()), Place::Opened, "{open}");
    }
    for closed in ["10.2.0.0", "::ffff:10.2.0.0", "fe80::1", "127.0.0.1"] {
        assert_eq!(guard.place(closed.parse().unwrap()), Place::Refused, "{closed}");
    }
}

#[tokio::test]
async fn addresses_that_are_none() {
    let http = plain_client();
    let bad = [
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://example.com/",
        "unix:/run/docker.sock",
        "data:text/plain,hello",
        "https://me@example.com/",
        "https://me:secret@example.com/",
        "https://:secret@example.com/",
    ];
    for url in bad {
        let error = http.read(Request::get(url.parse().unwrap())).await.unwrap_err();
        assert_eq!(error.trouble, Trouble::BadAddress, "{url}");
        assert!(!error.to_string().contains("secret"));
    }
}

#[tokio::test]
async fn names_are_what_they_resolve_to() {
    let server = Server::start(|_| ok("")).await;
    for name in ["localhost", "app.localhost", "db.internal", "printer.local", "evil.test"] {
        let http = client(&Arc::default(), Names::of(name, &[&["10.0.0.1", "::1"]]));
        let error = http.read(Request::get(server.named(name, "/"))).await.unwrap_err();
        assert_eq!(error.trouble, Trouble::Private, "{name}");
        let http = client(&Arc::default(), Names::of(name, &[&["127.0.0.1"]]));
        http.read(Request::get(server.named(name, "/"))).await.unwrap();
    }
}

#[tokio::test]
async fn the_machine_itself_is_refused_by_its_own_resolver() {
    let server = Server::start(|_| ok("")).await;
    let closed = Http::guarded(HttpConfig::default(), Arc::new(HandClock::default())).unwrap();
    let error = closed.read(Request::get(server.named("localhost", "/"))).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Private);
    let open = Http::guarded(config(), Arc::new(HandClock::default())).unwrap();
    open.read(Request::get(server.named("localhost", "/"))).await.unwrap();
}

#[tokio::test]
async fn only_vetted_addresses_of_a_name_are_called() {
    // Both listen on the same port; only 127.0.0.1 is open.
    let good = Server::start(|_| ok("")).await;
    let bad = TcpListener::bind(("127.0.0.2", good.address.port())).await.unwrap();
    let bad = Server::on(bad, |_| ok(""));
    let http = client(
        &Arc::default(),
        Names::of("mixed.test", &[&["127.0.0.2", "127.0.0.1", "10.0.0.1"]]),
    );
    http.read(Request::get(good.named("mixed.test", "/"))).await.unwrap();
    assert_eq!(good.requests().len(), 1);
    assert_eq!(bad.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_asked_once_for_each_connection() {
    let good =
        Server::start(|_| Act::Last(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec()))
            .await;
    let bad = TcpListener::bind(("127.0.0.2", good.address.port())).await.unwrap();
    let bad = Server::on(bad, |_| ok(""));
    let names = Arc::new(Names::of("rebind.test", &[&["127.0.0.1"], &["127.0.0.2"]]));
    let http = Http::over(Arc::new(
        Guarded::with(config(), Arc::new(HandClock::default()), names.clone(), |b| b).unwrap(),
    ));
    http.read(Request::get(good.named("rebind.test", "/"))).await.unwrap();
    assert_eq!(names.asked.load(Ordering::SeqCst), 1);
    settle().await;
    let error = http.read(Request::get(good.named("rebind.test", "/"))).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Private);
    assert_eq!(bad.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_resolver_that_is_down_is_no_proof_that_a_host_is_gone() {
    struct Down;
    #[async_trait]
    impl Lookup for Down {
        async fn lookup(&self, _: &str) -> io::Result<Vec<IpAddr>> {
            Err(io::Error::other(
                "failed to lookup address information: Temporary failure in name resolution",
            ))
        }
    }
    let http = Http::over(Arc::new(
        Guarded::with(config(), Arc::new(HandClock::default()), Arc::new(Down), |b| b).unwrap(),
    ));
    let error = http.read(Request::get("https://server.test/".parse().unwrap())).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::NoConnection);
}

#[tokio::test]
async fn credentials_do_not_cross_a_public_network_in_the_clear() {
    let token = bellwether_base::Secret::new("t0ken");
    let server = Server::start(|_| ok("")).await;
    // A range that the operator opened is no public network.
    plain_client().read(Request::get(server.url("/")).bearer(&token)).await.unwrap();
    let named = client(&Arc::default(), Names::of("pds", &[&["8.8.8.8", "127.0.0.1"]]));
    named.read(Request::get(server.named("pds", "/")).bearer(&token)).await.unwrap();
    assert_eq!(server.requests().len(), 2);

    let http = client(&Arc::default(), Names::of("public.test", &[&["8.8.8.8"]]));
    for url in ["http://8.8.8.8/", "http://public.test/"] {
        for name in ["authorization", "cookie", "dpop"] {
            let request = Request::get(url.parse().unwrap()).header(name.parse().unwrap(), "t0ken");
            let error = http.read(request).await.unwrap_err();
            assert_eq!(error.trouble, Trouble::BadAddress, "{url} {name}: {error}");
        }
    }
}

#[test]
fn a_proxy_from_the_environment_is_not_used() {
    let proxy = "http://127.0.0.1:1";
    let environment = [("http_proxy", proxy), ("HTTP_PROXY", proxy), ("ALL_PROXY", proxy)];
    alone("places::reads_with_a_proxy_in_the_environment", &environment);
}

#[tokio::test]
#[ignore = "started by a_proxy_from_the_environment_is_not_used"]
async fn reads_with_a_proxy_in_the_environment() {
    let server = Server::start(|_| ok("")).await;
    plain_client().read(Request::get(server.url("/"))).await.unwrap();
    assert!(server.requests()[0].starts_with("GET / HTTP/1.1"));
}

#[test]
fn a_machine_without_certificate_authorities_is_told_so() {
    let nowhere = [("SSL_CERT_FILE", "/nowhere"), ("SSL_CERT_DIR", "/nowhere")];
    alone("places::makes_a_client_without_certificate_authorities", &nowhere);
}

#[test]
#[ignore = "started by a_machine_without_certificate_authorities_is_told_so"]
fn makes_a_client_without_certificate_authorities() {
    let error = Http::guarded(config(), Arc::new(HandClock::default())).err().unwrap();
    assert!(error.to_string().contains("No CA certificates"), "{error}");
}
