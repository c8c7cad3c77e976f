//! What came of a corpus.

use std::collections::BTreeMap;
use std::fmt;

/// How many examples of each kind are shown.
const EXAMPLES: usize = 3;
/// How many differences are shown.
const DIFFERENCES: usize = 60;

#[derive(Default)]
pub struct Report {
    pub files: usize,
    pub statements: usize,
    /// Statements that the plain database does not take either.
    pub failing: Tally,
    /// Statements that name a renamed column of a table that is there.
    pub candidates: usize,
    pub unparsed: Tally,
    /// From here on, each state counts.
    pub equal: usize,
    pub refused: Tally,
    pub skipped: Tally,
    differences: Vec<String>,
}

/// Reasons, how often, and examples.
#[derive(Default)]
pub struct Tally(BTreeMap<String, (usize, Vec<String>)>);

impl Tally {
    pub fn add(&mut self, reason: &str, example: &str) {
        let (count, examples) = self.0.entry(reason.to_owned()).or_default();
        *count += 1;
        if examples.len() < EXAMPLES && examples.last().is_none_or(|last| last != example) {
            examples.push(example.to_owned());
        }
    }

    pub fn count(&self) -> usize {
        self.0.values().map(|(count, _)| count).sum()
    }
}

impl Report {
    pub fn differ(&mut self, difference: String) {
        self.differences.push(difference);
    }

    pub const fn different(&self) -> usize {
        self.differences.len()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = |part: usize, all: usize| {
            let tenths = part * 10_000 / all.max(1);
            format!("{part} of {all} ({}.{:02} %)", tenths / 100, tenths % 100)
        };
        for (number, difference) in self.differences.iter().take(DIFFERENCES).enumerate() {
            writeln!(f, "difference {}: {difference}\n", number + 1)?;
        }
        let parsed = self.candidates - self.unparsed.count();
        let compared = self.equal + self.different();
        writeln!(f, "files                {}", self.files)?;
        writeln!(f, "statements           {}", self.statements)?;
        writeln!(f, "  fail by themselves {}", self.failing.count())?;
        writeln!(f, "  name a column      {}", self.candidates)?;
        writeln!(f, "  parsed             {}", rate(parsed, self.candidates))?;
        writeln!(f, "compared             {compared}, in two middle states each")?;
        writeln!(f, "  equal              {}", rate(self.equal, compared))?;
        writeln!(f, "  different          {}", self.different())?;
        let asked = compared + self.refused.count();
        writeln!(f, "refused              {}", rate(self.refused.count(), asked))?;
        for (what, tally) in [
            ("failing", &self.failing),
            ("unparsed", &self.unparsed),
            ("refused", &self.refused),
            ("skipped", &self.skipped),
        ] {
            let mut reasons: Vec<_> = tally.0.iter().collect();
            reasons.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
            for (reason, (count, examples)) in reasons {
                writeln!(f, "{what} {count}: {reason}")?;
                for example in examples {
                    let line: String = example
                        .split_whitespace()
                        .collect::<Vec<_>>()
                        .join(" ")
                        .chars()
                        .take(300)
                        .collect();
                    writeln!(f, "    {line}")?;
                }
            }
        }
        Ok(())
    }
}
