//! Who is named, in which spellings, and by how many records.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::normalise::Known;
use super::super::part::Part;
use super::super::preset::Shape;
use super::Evidence;
use crate::table::{Kind, Table};

/// Somebody whom the files name.
#[derive(Debug, Clone, Default)]
pub struct Someone {
    /// The one label that stands for all spellings.
    pub label: String,
    /// Whether it is a machine, whose records are left out.
    pub robot: bool,
    /// Every name, id and address under which a record or a list of people knows them, without the label itself.
    pub spellings: Vec<String>,
    /// Activities that name them as owner.
    pub activities: u64,
    /// Deals.
    pub deals: u64,
    /// Accounts.
    pub accounts: u64,
    /// Whether a table of people names them.
    pub listed: bool,
}

/// Records that name no owner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Nobody {
    /// Activities.
    pub activities: u64,
    /// Deals.
    pub deals: u64,
}

/// The fields that name a record's owner.
const OWNER: [&str; 3] = ["owner_id", "owner", "owner_email"];

impl Evidence {
    /// Notes who is named where.
    pub(in crate::crm) fn people(&mut self, parts: &[Part], known: &mut Known, tables: [&Table; 2]) {
        let kept: FxHashSet<(u16, u32)> = tables.iter().flat_map(|t| t.file.iter().zip(t.line.iter())).collect();
        let mut found: BTreeMap<u32, Someone> = BTreeMap::new();
        let mut spelled: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
        for part in parts {
            let Shape::Records(kind) = part.shape else { continue };
            match kind {
                Kind::Activities | Kind::Deals | Kind::Accounts => {
                    let keys = part.keys(OWNER);
                    let mut counts: FxHashMap<[u32; 3], (usize, u64)> = FxHashMap::default();
                    let refused = |row: &usize| kind != Kind::Accounts && !kept.contains(&(part.source, part.line.get(*row)));
                    for row in (0..part.len()).filter(|row| !refused(row)) {
                        counts.entry(keys.of(row)).or_insert((row, 0)).1 += 1;
                    }
                    for (row, n) in counts.into_values() {
                        let texts = OWNER.map(|field| part.text(field, row));
                        let person = known.people.enter(texts[0], texts[1], texts[2]);
                        match (person, kind) {
                            (Some(person), _) => {
                                let who = found.entry(person).or_default();
                                *(match kind {
                                    Kind::Activities => &mut who.activities,
                                    Kind::Deals => &mut who.deals,
                                    _ => &mut who.accounts,
                                }) += n;
                                spelled.entry(person).or_default().extend(texts.into_iter().flatten().map(|t| t.trim().to_owned()));
                            }
                            (None, Kind::Activities) => self.nobody.activities += n,
                            (None, Kind::Deals) => self.nobody.deals += n,
                            (None, _) => {}
                        }
                    }
                }
                Kind::People => {
                    for row in 0..part.len() {
                        let both: Vec<&str> = ["first_name", "last_name"].iter().filter_map(|field| part.text(field, row)).collect();
                        let name = part.text("name", row).map_or_else(|| both.join(" "), str::to_owned);
                        let person = known.people.enter(part.text("id", row), Some(name.as_str()), part.text("email", row));
                        let Some(person) = person else { continue };
                        found.entry(person).or_default().listed = true;
                        let texts = ["id", "email"].into_iter().filter_map(|field| part.text(field, row)).map(str::to_owned);
                        let aliases = part.text("aliases", row).into_iter().flat_map(|a| a.split([';', '|', '\n']));
                        let all = texts.chain(aliases.map(|a| a.trim().to_owned())).chain([name]).filter(|text| !text.is_empty());
                        spelled.entry(person).or_default().extend(all);
                    }
                }
                _ => {}
            }
        }
        for (person, mut who) in found {
            who.label = known.person.get(person as usize).cloned().unwrap_or_default();
            who.robot = known.robot.get(person as usize).copied().unwrap_or(false);
            let mut all = spelled.remove(&person).unwrap_or_default();
            all.remove(&who.label);
            who.spellings = all.into_iter().collect();
            self.people.push(who);
        }
        self.people.sort_by(|a, b| (a.robot, &a.label).cmp(&(b.robot, &b.label)));
    }
}
