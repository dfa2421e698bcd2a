//! Links, mentions and tags.

use super::{measure, told};

#[test]
fn links_are_found_with_and_without_a_scheme() {
    for (text, expected) in [
        ("https://example.com", vec!["https://example.com"]),
        ("HTTP://WWW.Example.Com/A?b=C#d", vec!["HTTP://WWW.Example.Com/A?b=C#d"]),
        ("a http://example.com:8080/x b", vec!["http://example.com:8080/x"]),
        ("example.com a.co.jp b.museum", vec!["example.com", "a.co.jp", "b.museum"]),
        ("it.so/a foo.jp", vec!["it.so/a", "foo.jp"]),
        ("example.com:8080/a?b=c", vec!["example.com:8080/a?b=c"]),
        ("a-b.example.com", vec!["a-b.example.com"]),
        ("http://a_b.c-d.com", vec!["http://a_b.c-d.com"]),
        ("ELPAÍS.com", vec!["ELPAÍS.com"]),
        ("http://xn--p1ai.XN--P1AI", vec!["http://xn--p1ai.XN--P1AI"]),
        ("http://пример.рф/путь", vec!["http://пример.рф/путь"]),
        ("http://例え.みんな/ http://a.香港", vec!["http://例え.みんな/", "http://a.香港"]),
        ("http://مثال.قطر", vec!["http://مثال.قطر"]),
        ("http://☃.net/", vec!["http://☃.net/"]),
        ("http:// example.com/a", vec!["example.com/a"]),
        ("😀example.com😀", vec!["example.com"]),
        ("(example.com) “example.org”", vec!["example.com", "example.org"]),
        ("a.com,b.com/c) https://d.com", vec!["a.com", "b.com/c", "https://d.com"]),
        ("http://example.com/?a=http://b.com/", vec!["http://example.com/?a=http://b.com/"]),
        ("http://a.भारतम् http://a.嘉里大酒店", vec!["http://a.भारतम्", "http://a.嘉里大酒店"]),
        ("http://a.onion", vec!["http://a.onion"]),
        ("\u{202a}example.com\u{202c}", vec!["example.com"]),
        ("http://exa\u{200f}mple.com", vec!["mple.com"]),
    ] {
        let measured = measure(text);
        let found: Vec<&str> =
            told(text, &measured.links).into_iter().map(|(written, _)| written).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn a_bare_link_is_given_its_scheme() {
    let text = "example.com/a and http://example.com";
    let expected =
        [("example.com/a", "https://example.com/a"), ("http://example.com", "http://example.com")];
    assert_eq!(told(text, &measure(text).links), expected);
}

#[test]
fn links_stand_between_letters_that_need_no_spaces() {
    for (text, expected) in [
        ("詳細はexample.comをご覧ください。t.co/abc한국", vec!["example.com", "t.co/abc"]),
        ("例https://example.com/a例", vec!["https://example.com/a"]),
        ("foo.みんなです", vec!["foo.みんな"]),
        (
            "これはとても長い文章ですがその直後に句点がありましてそこからリンクが続いています。example.com",
            vec!["example.com"],
        ),
        ("例え.jp 例え.example.com", vec!["example.com"]),
        ("a.comです。b.みんなです/x", vec!["a.com", "b.みんな"]),
    ] {
        let measured = measure(text);
        let found: Vec<&str> =
            told(text, &measured.links).into_iter().map(|(written, _)| written).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn what_only_looks_like_a_link_is_none() {
    let one_by_one = "http:// http://no-tld http://example.c example.nosuchdomain foo.comm \
        photo.tar.bz2 .com @example.com #example.com $example.com ＃example.com \
        ＠https://example.com -example.com _example.com ./example.com xhttp://example \
        bob@example.com bob.jp@example.com example.com@bob example.com-typo example.com+x \
        http://-a.example.com http://a-.example.com http://_a.example.com http://a_.example.com \
        http://a_b.com http://example.c_o_m http://a..com http://xn--例え.com 日本語.jp \
        ftp//example http://exa\u{feff}mple http://ada:pw@host";
    for text in one_by_one.split(' ') {
        assert_eq!(told(text, &measure(text).links), [], "{text:?}");
    }
}

#[test]
fn a_link_ends_before_the_punctuation_of_its_sentence() {
    for (text, link) in [
        ("http://example.com.", "http://example.com"),
        ("http://example.com/a.", "http://example.com/a"),
        ("http://example.com/a.,;:!*'$%~|", "http://example.com/a"),
        ("http://example.com/a/!!!", "http://example.com/a/"),
        ("http://example.com/a.b,c", "http://example.com/a.b,c"),
        ("http://example.com/a-", "http://example.com/a-"),
        ("http://example.com/a+ b", "http://example.com/a+"),
        ("http://example.com/a–b", "http://example.com/a–b"),
        ("http://example.com/q_(b)", "http://example.com/q_(b)"),
        ("http://example.com/q_(b_(c))/d", "http://example.com/q_(b_(c))/d"),
        ("http://example.com/q(((b)))", "http://example.com/q"),
        ("http://example.com/q()", "http://example.com/q"),
        ("http://example.com/~(a)", "http://example.com/"),
        ("http://example.com/@ada/1", "http://example.com/@ada/1"),
        ("http://example.com/a?", "http://example.com/a"),
        ("http://example.com/a?b=c.", "http://example.com/a?b=c"),
        ("http://example.com?b=c#d", "http://example.com?b=c#d"),
        ("http://example.com#d", "http://example.com"),
        ("http://example.com/a#d", "http://example.com/a#d"),
        ("http://example.com/a\u{3000}b", "http://example.com/a"),
        ("http://example.com/a\"b", "http://example.com/a"),
        // A bare link has a query only with a path.
        ("example.com?b=c", "example.com"),
        ("example.com/?b=c", "example.com/?b=c"),
    ] {
        let measured = measure(text);
        let found: Vec<&str> =
            told(text, &measured.links).into_iter().map(|(written, _)| written).collect();
        assert_eq!(found, [link], "{text:?}");
    }
}

#[test]
fn short_links_have_a_name_and_a_query_only() {
    let name = "a".repeat(40);
    for (text, link) in [
        ("http://t.co/Ab1's".to_owned(), "http://t.co/Ab1".to_owned()),
        ("https://T.co/Ab1/x".to_owned(), "https://T.co/Ab1".to_owned()),
        ("https://t.co/Ab1?amp=1.".to_owned(), "https://t.co/Ab1?amp=1".to_owned()),
        ("https://t.co".to_owned(), "https://t.co".to_owned()),
        (format!("https://t.co/{name}"), format!("https://t.co/{name}")),
    ] {
        assert_eq!(measure(&text).links[0].value, link, "{text:?}");
    }
    assert_eq!(measure(&format!("https://t.co/{name}a")).links, []);
}

#[test]
fn hosts_and_addresses_have_a_longest() {
    let with_label = |label: &str| measure(&format!("http://{label}.com")).links.len();
    assert_eq!((with_label(&"a".repeat(63)), with_label(&"a".repeat(64))), (1, 0));
    // As the domain name system spells them, 54 of these are 63 characters.
    let kana: Vec<char> = "さしすせそ".repeat(11).chars().collect();
    assert_eq!(
        (with_label(&String::from_iter(&kana[..54])), with_label(&String::from_iter(&kana))),
        (1, 0)
    );
    let with_path = |len: usize| measure(&format!("http://a.com/{}", "x".repeat(len))).links.len();
    assert_eq!((with_path(4000), with_path(4096)), (1, 0));
}

#[test]
fn mentions_and_lists_are_found() {
    for (text, expected) in [
        ("@ada hi", vec![("@ada", "ada")]),
        ("hi ＠ada_1!", vec![("＠ada_1", "ada_1")]),
        ("の@adaに", vec![("@ada", "ada")]),
        ("@ada,@noor:@kofi", vec![("@ada", "ada"), ("@noor", "noor"), ("@kofi", "kofi")]),
        ("RT@ada rt:@noor .@kofi", vec![("@ada", "ada"), ("@noor", "noor"), ("@kofi", "kofi")]),
        ("@ada/friends-1 @ada/1", vec![("@ada/friends-1", "ada/friends-1"), ("@ada", "ada")]),
        ("@12345 @_", vec![("@12345", "12345"), ("@_", "_")]),
        ("(@ada)", vec![("@ada", "ada")]),
        ("@ada's", vec![("@ada", "ada")]),
        ("@twelve_and_eight_aaa", vec![("@twelve_and_eight_aaa", "twelve_and_eight_aaa")]),
        ("@ @! @é", vec![]),
        ("x@ada _@ada !@ada #@ada $@ada %@ada &@ada *@ada @@ada", vec![]),
        ("@ada@noor @adaé @http://example.com", vec![]),
        ("xRT@ada -rt@ada", vec![]),
        ("bob@example.com", vec![]),
        ("https://example.com/@ada", vec![]),
    ] {
        assert_eq!(told(text, &measure(text).mentions), expected, "{text:?}");
    }
}

#[test]
fn tags_are_found() {
    for (text, expected) in [
        ("#tag", vec!["tag"]),
        ("(#one) ＃two,#three.#four", vec!["one", "two", "three", "four"]),
        ("#1st #a1 #_x", vec!["1st", "a1", "_x"]),
        ("#日本語。＃テスト #サッカー", vec!["日本語", "テスト", "サッカー"]),
        ("#メ〜テレ #カ・キ #各〃", vec!["メ〜テレ", "カ・キ", "各〃"]),
        ("#한국어! #русский #ελληνικά", vec!["한국어", "русский", "ελληνικά"]),
        ("#العربية #هشتگ۶۷۸ #می\u{200c}خواهم", vec!["العربية", "هشتگ۶۷۸", "می\u{200c}خواهم"]),
        ("#עַל־יְדֵי #हिन्दी_१२ #ผู้เริ่ม", vec!["עַל־יְדֵי", "हिन्दी_१२", "ผู้เริ่ม"]),
        ("#il·lusió #cafe\u{301}", vec!["il·lusió", "cafe\u{301}"]),
        ("#\u{20021} #ａ１", vec!["\u{20021}", "ａ１"]),
        ("😀#tag ✌️#tag ✌\u{fe0e}#tag", vec!["tag", "tag", "tag"]),
        ("##tag", vec!["tag"]),
        ("# tag #1 #2026 #_ #1_2 #! #〃", vec![]),
        ("word#tag 語#tag &#tag", vec![]),
        ("#one#two #https://example.com", vec![]),
        ("#️⃣tag #\u{20e3}", vec![]),
        ("https://example.com/#tag example.com/#tag", vec![]),
    ] {
        let measured = measure(text);
        let found: Vec<&str> = measured.tags.iter().map(|span| span.value.as_str()).collect();
        assert_eq!(found, expected, "{text:?}");
        assert!(measured.tags.iter().all(|span| text[span.start..].starts_with(['#', '＃'])));
    }
}

#[test]
fn cash_tags_keep_their_sign() {
    for (text, expected) in [
        ("$ACME", vec!["$ACME"]),
        ("buy $acme, $brk.b and $x_yz!", vec!["$ACME", "$BRK.B", "$X_YZ"]),
        ("$ACME. $ACME_ $ACME.XYZ", vec!["$ACME", "$ACME", "$ACME"]),
        ("$100 $A1 $TOOLONG $ $$ACME a$ACME .$ACME $株", vec![]),
    ] {
        let measured = measure(text);
        let found: Vec<&str> = measured.tags.iter().map(|span| span.value.as_str()).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}
