use axum::http::Method;

use crate::world::{World, worlds};

/// The smallest picture there is: one pixel.
fn png() -> Vec<u8> {
    let base = [
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44,
        0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f,
        0x15, 0xc4, 0x89, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8,
        0xcf, 0xc0, 0xf0, 0x1f, 0x00, 0x05, 0x00, 0x01, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0x00, 0x00,
        0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
    ];
    base.to_vec()
}

async fn send(world: &World, query: &str, kind: &str, body: Vec<u8>) -> crate::world::Answer {
    let path = format!("{}/media{query}", world.at);
    world.operator().send(Method::POST, &path, kind, body).await
}

#[tokio::test]
async fn a_picture_is_stored_once_however_it_comes() {
    for world in worlds().await {
        let raw = send(&world, "?name=dot.png", "application/octet-stream", png()).await;
        assert_eq!(raw.status, 201, "{}", raw.text());
        insta::assert_json_snapshot!("stored", raw.whole());
        let mut form = b"--X\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nhi\r\n--X\r\n\
            content-disposition: form-data; name=\"file\"; filename=\"other.png\"\r\n\r\n"
            .to_vec();
        form.extend(png());
        form.extend(b"\r\n--X--\r\n");
        let by_form = send(&world, "", "multipart/form-data; boundary=X", form).await;
        assert_eq!(by_form.json(), raw.json(), "the same bytes are the same picture");

        let hash = raw.json()["hash"].as_str().unwrap().to_owned();
        let path = format!("{}/media/{hash}", world.at);
        assert_eq!(world.operator().get(&path).await.json(), raw.json());
        let file = world.operator().get(&format!("{path}/content")).await;
        assert_eq!((file.bytes.as_slice(), file.header("content-type")), (&png()[..], "image/png"));
        assert!(file.header("content-security-policy").starts_with("sandbox"));
        let list = world.operator().get(&format!("{}/media", world.at)).await.good();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        let other = world.other_brand().await;
        let elsewhere = format!("/api/v1/workspaces/{other}/media/{hash}/content");
        world.operator().get(&elsewhere).await.refused(404, "not-found-media");
    }
}

#[tokio::test]
async fn what_is_no_picture_or_too_much_is_refused() {
    for world in worlds().await {
        let large = send(&world, "", "image/png", vec![0; 200_001]).await;
        large.refused(413, "media-too-large");
        let mut bomb = png();
        // 50,000 x 50,000 pixels, as its head says.
        bomb[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
        bomb[29..33].copy_from_slice(&[0x4b, 0xaf, 0x3d, 0xca]);
        for (bytes, code) in [
            (b"hello".to_vec(), "image-not-an-image"),
            (Vec::new(), "image-not-an-image"),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "image-unsupported"),
            (png()[..50].to_vec(), "image-damaged"),
            (bomb, "image-too-many-pixels"),
        ] {
            let problem = send(&world, "", "image/png", bytes).await.refused(422, code);
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains("not stored"), "{detail}");
            assert_eq!(problem["type"], "urn:bellwether:problem:invalid");
        }
        let fileless = b"--X\r\ncontent-disposition: form-data; name=\"x\"\r\n\r\nhi\r\n--X--\r\n";
        let fileless = send(&world, "", "multipart/form-data; boundary=X", fileless.to_vec()).await;
        fileless.refused(422, "api-form-without-file");
        let broken = send(&world, "", "multipart/form-data", b"hi".to_vec()).await;
        broken.refused(400, "api-form-unreadable");
        let reads = world.token(&["read"]).await;
        let path = format!("{}/media", world.at);
        let denied = world.bearer(&reads).send(Method::POST, &path, "image/png", png()).await;
        denied.refused(403, "denied-token");
        let list = world.operator().get(&path).await.good();
        assert_eq!(list["items"], serde_json::json!([]), "nothing was stored");
    }
}
