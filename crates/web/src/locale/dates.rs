//! Days, spans and numbers as each language writes them.

use std::time::Duration;

use bellwether_base::jiff::Zoned;

use super::Lang;

const EN_DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const FR_DAYS: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
const JA_DAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
const KO_DAYS: [&str; 7] = ["월", "화", "수", "목", "금", "토", "일"];
const ZH_DAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const EN_MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const FR_MONTHS: [&str; 12] = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
];

/// `Thu 10 Dec`, with the year if it is another one than `now`'s.
pub fn day(lang: Lang, at: &Zoned, now: &Zoned) -> String {
    let weekday = usize::try_from(at.weekday().to_monday_zero_offset()).unwrap_or(0) % 7;
    let month = usize::try_from(at.month() - 1).unwrap_or(0) % 12;
    let (d, m, y) = (at.day(), at.month(), at.year());
    let year = y != now.year();
    match lang {
        Lang::En => {
            let date = format!("{} {d} {}", EN_DAYS[weekday], EN_MONTHS[month]);
            if year { format!("{date} {y}") } else { date }
        }
        Lang::Fr => {
            let first = if d == 1 { "1er".to_owned() } else { d.to_string() };
            let date = format!("{} {first} {}", FR_DAYS[weekday], FR_MONTHS[month]);
            if year { format!("{date} {y}") } else { date }
        }
        Lang::Ja => {
            let date = format!("{m}月{d}日({})", JA_DAYS[weekday]);
            if year { format!("{y}年{date}") } else { date }
        }
        Lang::Ko => {
            let date = format!("{m}월 {d}일 ({})", KO_DAYS[weekday]);
            if year { format!("{y}년 {date}") } else { date }
        }
        Lang::ZhHans => {
            let date = format!("{m}月{d}日 {}", ZH_DAYS[weekday]);
            if year { format!("{y}年{date}") } else { date }
        }
    }
}

/// Day and clock in one breath.
pub fn join(lang: Lang, day: &str, clock: &str) -> String {
    match lang {
        Lang::En | Lang::Fr => format!("{day}, {clock}"),
        Lang::Ja | Lang::Ko | Lang::ZhHans => format!("{day} {clock}"),
    }
}

/// At most two units, the smaller one cut off: `5 h 18 min`, `3 d 2 h`, `41 s`.
pub fn span(lang: Lang, span: Duration) -> String {
    let seconds = span.as_secs();
    let units = match lang {
        Lang::En => [" d", " h", " min", " s"],
        Lang::Fr => [" j", " h", " min", " s"],
        Lang::Ja => ["日", "時間", "分", "秒"],
        Lang::Ko => ["일", "시간", "분", "초"],
        Lang::ZhHans => ["天", "小时", "分钟", "秒"],
    };
    let parts = [seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60];
    let first = parts.iter().position(|part| *part > 0).unwrap_or(3);
    // Seconds matter only where there is nothing larger.
    let end = if first == 3 { 4 } else { (first + 2).min(3) };
    let gap = if matches!(lang, Lang::Ja | Lang::ZhHans) { "" } else { " " };
    (first..end)
        .filter(|at| *at == first || parts[*at] > 0)
        .map(|at| format!("{}{}", parts[at], units[at]).replace(' ', "\u{a0}"))
        .collect::<Vec<_>>()
        .join(gap)
}

/// Digits in groups of three.
pub fn number(lang: Lang, number: i64) -> String {
    let gap = if lang == Lang::Fr { "\u{202f}" } else { "," };
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push_str(gap);
        }
        text.push(digit);
    }
    if number < 0 { format!("\u{2212}{text}") } else { text }
}
