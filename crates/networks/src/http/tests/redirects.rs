//! Redirects: followed for reads, each hop guarded, credentials left behind.

use bellwether_base::Secret;

use super::*;

#[tokio::test]
async fn five_are_followed_and_a_sixth_is_not() {
    let server = Server::start(|request| {
        let path = request.split(' ').nth(1).unwrap();
        match path[1..].parse::<u32>().unwrap() {
            0 => ok("here"),
            left => see(&format!("/{}", left - 1)),
        }
    })
    .await;
    let response = plain_client().read(Request::get(server.url("/5"))).await.unwrap();
    assert_eq!((&response.body[..], response.url), (&b"here"[..], server.url("/0")));
    let error = plain_client().read(Request::get(server.url("/6"))).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Redirects);
}

#[tokio::test]
async fn a_redirect_does_not_lead_inside() {
    for (location, trouble) in [
        ("http://169.254.169.254/latest/meta-data/", Trouble::Private),
        ("http://[::ffff:10.0.0.1]/", Trouble::Private),
        ("//0x7f.2/", Trouble::Private),
        ("http://inside.test/", Trouble::Private),
        ("file:///etc/passwd", Trouble::BadAddress),
        ("http://me:secret@127.0.0.1/", Trouble::BadAddress),
        ("http://[", Trouble::BadAddress),
    ] {
        let server = Server::start(move |_| see(location)).await;
        let http = client(&Arc::default(), Names::of("inside.test", &[&["192.168.0.1"]]));
        let error = http.read(Request::get(server.url("/"))).await.unwrap_err();
        assert_eq!(error.trouble, trouble, "{location}");
    }
}

#[tokio::test]
async fn credentials_stay_with_the_server_they_are_for() {
    let other = Server::start(|_| ok("")).await;
    let there = other.url("/there");
    let server = Server::start(move |request| {
        if request.starts_with("GET /near ") { see("/away") } else { see(there.as_str()) }
    })
    .await;
    let request = Request::get(server.url("/near"))
        .bearer(&Secret::new("t0ken"))
        .header(http::header::COOKIE, "session=t0ken")
        .header(http::HeaderName::from_static("x-special"), "t0ken")
        .header(http::header::ACCEPT, "text/html");
    plain_client().read(request).await.unwrap();
    let near = server.requests();
    assert!(near.iter().all(|request| request.matches("t0ken").count() == 3), "{near:?}");
    let far = &other.requests()[0];
    assert!(!far.contains("t0ken") && far.contains("accept: text/html"), "{far}");
}

#[tokio::test]
async fn writes_and_those_who_do_not_want_to_are_not_redirected() {
    let server = Server::start(|_| see("/elsewhere")).await;
    let clock = Arc::new(HandClock::default());
    let http = client(&clock, Names::default());
    for mut request in writes(&server.url("/")) {
        request.follow = true;
        assert_eq!(http.write(request.clone(), &permit(&clock)).await.unwrap().status, 302);
        assert_eq!(http.read(request).await.unwrap().status, 302);
    }
    let quiet = Request { follow: false, ..Request::get(server.url("/")) };
    let response = http.read(quiet).await.unwrap();
    assert_eq!((response.status.as_u16(), response.header("location")), (302, Some("/elsewhere")));
    assert!(server.requests().iter().all(|request| !request.contains("elsewhere")));
}

#[tokio::test]
async fn all_hops_together_have_the_time_of_one_read() {
    let answer = b"HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n";
    let server = Server::start(|_| Act::After(Duration::from_millis(90), answer.to_vec())).await;
    let config = HttpConfig { timeout: Duration::from_millis(200), ..config() };
    let http = Http::guarded(config, Arc::new(HandClock::default())).unwrap();
    let error = http.read(Request::get(server.url("/0"))).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Timeout);
}
