//! Numbers of things and lengths of time, in words.

use std::time::Duration;

/// Renders a number of things.
pub fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Renders an estimated length of time, rounded up.
pub fn about(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    match seconds {
        0..=1 => "a moment".to_owned(),
        2..=90 => format!("about {seconds} s"),
        91..=5400 => format!("about {} min", seconds.div_ceil(60)),
        _ => format!("about {} h", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_is_rounded_up() {
        for (milliseconds, expect) in [
            (0, "a moment"),
            (1000, "a moment"),
            (1001, "about 2 s"),
            (90_000, "about 90 s"),
            (90_001, "about 2 min"),
            (5_400_000, "about 90 min"),
            (5_400_001, "about 2 h"),
        ] {
            assert_eq!(about(Duration::from_millis(milliseconds)), expect);
        }
    }
}
