//! Who is who: one label for each person, account and deal, whatever id, name or e-mail address a file knows them by.

use std::cmp::Reverse;
use std::hash::BuildHasher as _;

use hashbrown::HashTable;
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::table::{Arena, Dictionary};

/// Somebody or something with every name that the files know it by; all of them stand in [`Registry::texts`].
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    id: Option<Text>,
    name: Option<Text>,
    email: Option<Text>,
    /// Whether the name is the one that a list of people gives.
    listed: bool,
}

/// A text by its place, from 1.
type Text = std::num::NonZeroU32;

/// So many names are folded at once, a sixteenth of them by one thread at a time.
const NAMES: usize = 1 << 16;

/// No more spellings of one name than this are kept.
const SPELLINGS: usize = 12;

/// What texts lead to.
#[derive(Debug, Default)]
struct Index {
    texts: Arena,
    found: HashTable<(u32, u32)>,
}

impl Index {
    fn get(&self, text: &str) -> Option<u32> {
        if self.texts.is_empty() { None } else { self.find(text, FxBuildHasher.hash_one(text)) }
    }

    /// The same of a text whose hash is known.
    fn find(&self, text: &str, hash: u64) -> Option<u32> {
        let same = |(at, _): &(u32, u32)| self.texts.get(*at as usize) == Some(text);
        self.found.find(hash, same).map(|(_, found)| *found)
    }

    /// Makes room for more texts.
    fn reserve(&mut self, more: usize) {
        let Self { texts, found } = self;
        found.reserve(more, |(at, _)| FxBuildHasher.hash_one(texts.get(*at as usize).unwrap_or_default()));
    }

    /// Lets a text lead somewhere; one that is known is for the caller to change.
    fn insert(&mut self, text: &str, to: u32) {
        self.insert_hashed(text, FxBuildHasher.hash_one(text), to);
    }

    /// The same of a text whose hash is known.
    fn insert_hashed(&mut self, text: &str, hash_of_text: u64, to: u32) {
        let Self { texts, found } = self;
        let at = texts.len() as u32;
        texts.push(text);
        let hash = |(at, _): &(u32, u32)| FxBuildHasher.hash_one(texts.get(*at as usize).unwrap_or_default());
        found.insert_unique(hash_of_text, (at, to), hash);
    }

    /// Lets a text that is known lead elsewhere.
    fn change(&mut self, text: &str, to: u32) {
        let texts = &self.texts;
        let same = |(at, _): &(u32, u32)| texts.get(*at as usize) == Some(text);
        if let Some((_, found)) = self.found.find_mut(FxBuildHasher.hash_one(text), same) {
            *found = to;
        }
    }
}

/// What a name leads to that several have.
const SEVERAL: u32 = u32::MAX;

/// Everybody (or every account, or every deal) found so far. Ids beat e-mail addresses, and these beat names.
#[derive(Debug)]
pub(super) struct Registry {
    fold: fn(&str) -> String,
    entries: Vec<Entry>,
    texts: Arena,
    by_id: Index,
    by_email: Index,
    /// By folded names; those that several have lead to [`SEVERAL`].
    by_name: Index,
    /// Whoever is meant by a name that several have, where nothing else tells them apart.
    shared: FxHashMap<String, u32>,
    /// The ways in which the one name of an entry is written.
    spellings: FxHashMap<u32, Vec<String>>,
    /// Whether spellings are compared from now on.
    compares: bool,
    /// How often anything was learned by which entries are found.
    learned: u64,
}

impl Registry {
    /// A registry whose names are compared after folding.
    pub(super) fn new(fold: fn(&str) -> String) -> Self {
        Self {
            fold,
            entries: Vec::new(),
            texts: Arena::default(),
            by_id: Index::default(),
            by_email: Index::default(),
            by_name: Index::default(),
            shared: FxHashMap::default(),
            spellings: FxHashMap::default(),
            compares: false,
            learned: 0,
        }
    }

    /// A number that grows with whatever is learned: while it stays, a text names the same entry as before.
    pub(super) fn learned(&self) -> u64 {
        self.learned
    }

    /// Whether all that is known are names, so that each leads to one entry for good.
    pub(super) fn only_names(&self) -> bool {
        self.by_id.texts.is_empty() && self.by_email.texts.is_empty()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The entry known by any of these, a new one if there is none; none where all are blank.
    ///
    /// Somebody with another id is somebody else, even under the same name.
    pub(super) fn enter(&mut self, id: Option<&str>, name: Option<&str>, email: Option<&str>) -> Option<u32> {
        let (id, (name, address)) = (filled(id), name.map_or((None, None), with_address));
        let (name, email) = (filled(name), filled(email).or(address));
        if id.is_none() && name.is_none() && email.is_none() {
            return None;
        }
        let folded = name.map(self.fold);
        let by_id = id.and_then(|id| self.by_id.get(id_key(id)));
        let by_email = || email.and_then(|e| self.of_email(e)).filter(|e| self.may_be(*e, id));
        let by_name = || {
            let named = || self.named(folded.as_deref()?);
            name.and_then(|n| self.exactly(n).or_else(named)).filter(|e| self.may_be(*e, id))
        };
        // A column of names may hold ids or addresses, and the other way round.
        let crossed = || {
            let other = id.filter(|_| name.is_none() && email.is_none()).and_then(|text| self.known(text));
            other.or_else(|| email.filter(|_| id.is_none() && name.is_none()).and_then(|text| self.known(text)))
        };
        let found = by_id.or_else(by_email).or_else(by_name).or_else(crossed);
        // A name alone that several have is none of them, but always the same one.
        let alone = folded.as_deref().filter(|n| id.is_none() && email.is_none() && found.is_none() && self.by_name.get(n).is_some());
        if let Some(key) = alone {
            if let Some(entry) = self.shared.get(key) {
                return Some(*entry);
            }
            let entry = self.entries.len() as u32;
            self.learned += 1;
            self.shared.insert(key.to_owned(), entry);
            let name = name.map(|name| self.text(name));
            self.entries.push(Entry { name, ..Entry::default() });
            return Some(entry);
        }
        let entry = found.unwrap_or_else(|| {
            self.entries.push(Entry::default());
            self.entries.len() as u32 - 1
        });
        let id = id.filter(|_| by_id.is_some() || found.is_none() || name.is_some() || email.is_some());
        self.learn(entry, id, name.zip(folded.as_deref()), email);
        Some(entry)
    }

    /// Enters names beside which nothing stands, in their order, as [`Registry::enter`] does; beside each the entry that it led to before, while
    /// there was nothing but names.
    pub(super) fn enter_names(&mut self, names: &[(Option<&str>, Option<u32>)]) -> Vec<Option<u32>> {
        let fold = self.fold;
        let plain = |name: &str| match with_address(name) {
            (Some(name), None) => filled(Some(name)).map(fold),
            _ => None,
        };
        // What names come to, one behind the other, and the hash of each; none where there is more to look at.
        let folded = |names: &[(Option<&str>, Option<u32>)]| -> (Arena, Vec<Option<u64>>) {
            let (mut texts, mut hashes) = (Arena::default(), Vec::with_capacity(names.len()));
            for (name, known) in names {
                let folded = name.filter(|_| known.is_none()).and_then(plain);
                texts.push(folded.as_deref().unwrap_or_default());
                hashes.push(folded.map(|folded| FxBuildHasher.hash_one(folded.as_str())));
            }
            (texts, hashes)
        };
        let mut entered = Vec::with_capacity(names.len());
        for names in names.chunks(NAMES) {
            let shares: Vec<(Arena, Vec<Option<u64>>)> = names.par_chunks(NAMES / 16).map(folded).collect();
            self.by_name.reserve(shares.iter().flat_map(|(_, hashes)| hashes).flatten().count());
            let all =
                shares.iter().flat_map(|(texts, hashes)| hashes.iter().enumerate().map(|(at, hash)| Some((texts.get(at)?, (*hash)?))));
            for ((name, known), folded) in names.iter().zip(all) {
                // Where there is nothing but names, one that is known leads where it led before, and teaches nothing.
                let plain = self.only_names() && !self.compares;
                entered.push(match (name, known, folded) {
                    (Some(_), Some(known), _) if plain => Some(*known),
                    (Some(name), None, Some((folded, hash))) if plain => match self.by_name.find(folded, hash) {
                        Some(SEVERAL) => self.enter(None, Some(name), None),
                        Some(entry) => Some(entry),
                        None => {
                            let entry = self.entries.len() as u32;
                            self.learned += 1;
                            self.by_name.insert_hashed(folded, hash, entry);
                            let name = filled(Some(name)).map(|name| self.text(name));
                            self.entries.push(Entry { name, ..Entry::default() });
                            Some(entry)
                        }
                    },
                    _ => self.enter(None, *name, None),
                });
            }
        }
        entered
    }

    /// Keeps a text.
    fn text(&mut self, text: &str) -> Text {
        self.texts.push(text);
        Text::MIN.saturating_add(self.texts.len() as u32 - 1)
    }

    fn read(&self, text: Option<Text>) -> Option<&str> {
        self.texts.get(text?.get() as usize - 1)
    }

    fn of_email(&self, email: &str) -> Option<u32> {
        if self.by_email.texts.is_empty() { None } else { self.by_email.get(&email.to_lowercase()) }
    }

    /// Lets another id lead to an entry: that of a record that was merged into it.
    pub(super) fn also(&mut self, id: &str, entry: u32) {
        if self.by_id.get(id_key(id)).is_none() {
            self.learned += 1;
            self.by_id.insert(id_key(id), entry);
        }
    }

    /// Adds another spelling of an entry's name.
    pub(super) fn alias(&mut self, entry: u32, name: &str) {
        let name = name.trim();
        if !name.is_empty() {
            self.name_points_to(&(self.fold)(name), entry);
            let email = name.to_lowercase();
            if name.contains('@') && self.by_email.get(&email).is_none() {
                self.learned += 1;
                self.by_email.insert(&email, entry);
            }
        }
    }

    /// The entry that a text names, be it an id, an e-mail address or a name that only one has.
    pub(super) fn known(&self, text: &str) -> Option<u32> {
        self.exactly(text).or_else(|| self.named(&(self.fold)(text.trim())))
    }

    /// The entry that has this id or e-mail address.
    fn exactly(&self, text: &str) -> Option<u32> {
        let text = text.trim();
        self.by_id.get(id_key(text)).or_else(|| self.of_email(text))
    }

    /// The only entry that has this name, which is folded.
    fn named(&self, folded: &str) -> Option<u32> {
        self.by_name.get(folded).filter(|entry| *entry != SEVERAL)
    }

    /// The entry that a text names where [`Registry::enter`] has seen it as a name: also whoever is meant by a name that several have.
    pub(super) fn enter_known(&self, text: &str) -> Option<u32> {
        self.known(text).or_else(|| self.shared.get(&(self.fold)(text.trim())).copied())
    }

    /// Keeps the names that are known by now as they are, since a list of people says how they are written; of those that follow the usual
    /// spelling is shown, and the others are remembered.
    pub(super) fn settle_names(&mut self) {
        self.compares = true;
        for entry in &mut self.entries {
            entry.listed = entry.name.is_some();
        }
    }

    /// The other ways in which the names of entries are written, by entry.
    pub(super) fn variants(&self) -> impl Iterator<Item = (u32, Vec<&str>)> {
        let mut spelled: Vec<(u32, &Vec<String>)> = self.spellings.iter().map(|(entry, spellings)| (*entry, spellings)).collect();
        spelled.sort_unstable_by_key(|(entry, _)| *entry);
        spelled.into_iter().filter_map(|(entry, spellings)| {
            let name = self.read(self.entries[entry as usize].name);
            let others: Vec<&str> = spellings.iter().map(String::as_str).filter(|s| Some(*s) != name).collect();
            (!others.is_empty()).then_some((entry, others))
        })
    }

    /// The id of an entry, as the files first spelled it.
    pub(super) fn id(&self, entry: u32) -> Option<&str> {
        self.read(self.entries[entry as usize].id)
    }

    /// The name of an entry, else its address, else its id.
    fn plain(&self, entry: &Entry) -> &str {
        self.read(entry.name.or(entry.email).or(entry.id)).unwrap_or_default()
    }

    /// A label for each entry, no two alike: the name, else the address, else the id.
    pub(super) fn labels(&self) -> Vec<String> {
        self.all_labels().iter().map(str::to_owned).collect()
    }

    /// The same of very many, entry by entry.
    pub(super) fn all_labels(&self) -> Dictionary {
        let mut labels = Arena::default();
        match self.told_apart() {
            Some(all) => all.iter().for_each(|label| labels.push(label)),
            None => self.entries.iter().for_each(|entry| labels.push(self.plain(entry))),
        }
        labels.finish()
    }

    /// The labels, where not all differ as they are.
    fn told_apart(&self) -> Option<Vec<String>> {
        let mut count: FxHashMap<&str, u32> = FxHashMap::default();
        // Names that differ folded differ as they are written.
        if !self.only_names() || !self.shared.is_empty() || self.compares {
            self.entries.iter().for_each(|entry| *count.entry(self.plain(entry)).or_default() += 1);
        }
        if count.is_empty() || count.len() == self.entries.len() {
            return None;
        }
        let mut taken: FxHashMap<String, u32> = FxHashMap::default();
        let label = |entry: &Entry| {
            let mut label = self.plain(entry).to_owned();
            if count.get(label.as_str()).is_some_and(|n| *n > 1)
                && let Some(more) = self.read(entry.id.or(entry.email))
            {
                label = format!("{label} ({more})");
            }
            let times = taken.entry(label.clone()).or_default();
            *times += 1;
            if *times > 1 { format!("{label} ({times})") } else { label }
        };
        Some(self.entries.iter().map(label).collect())
    }

    fn may_be(&self, entry: u32, id: Option<&str>) -> bool {
        match (id, self.id(entry)) {
            (Some(id), Some(own)) => id_key(id) == id_key(own),
            _ => true,
        }
    }

    /// Learns what an entry is known by; `name` stands beside its folded form.
    fn learn(&mut self, entry: u32, id: Option<&str>, name: Option<(&str, &str)>, email: Option<&str>) {
        if let Some(id) = id {
            self.also(id, entry);
            if self.entries[entry as usize].id.is_none() {
                self.learned += 1;
                self.entries[entry as usize].id = Some(self.text(id));
            }
        }
        if let Some(email) = email {
            let folded = email.to_lowercase();
            if self.by_email.get(&folded).is_none() {
                self.learned += 1;
                self.by_email.insert(&folded, entry);
            }
            if self.entries[entry as usize].email.is_none() {
                self.entries[entry as usize].email = Some(self.text(email));
            }
        }
        if let Some((name, folded)) = name {
            self.name_points_to(folded, entry);
            let who = self.entries[entry as usize];
            match self.read(who.name) {
                None => self.entries[entry as usize].name = Some(self.text(name)),
                Some(own) if self.compares && own != name && (self.fold)(own) == folded => {
                    let own = own.to_owned();
                    self.spelled(entry, &own, name);
                }
                Some(_) => {}
            }
        }
    }

    /// Notes that the name of an entry is also spelled in another way.
    fn spelled(&mut self, entry: u32, own: &str, name: &str) {
        let spellings = self.spellings.entry(entry).or_default();
        let room = spellings.len() < SPELLINGS;
        for spelling in [own, name] {
            if room && !spellings.iter().any(|s| s == spelling) {
                spellings.push(spelling.to_owned());
            }
        }
        // Of two that are as usual one is shown in whatever order the files come.
        if !self.entries[entry as usize].listed && (oddness(name), Reverse(name)) < (oddness(own), Reverse(own)) {
            self.entries[entry as usize].name = Some(self.text(name));
        }
    }

    /// Lets a folded name lead to an entry: a name that several have names none of them.
    fn name_points_to(&mut self, folded: &str, entry: u32) {
        match self.by_name.get(folded) {
            None => {
                self.learned += 1;
                self.by_name.insert(folded, entry);
            }
            Some(other) if other != entry && other != SEVERAL => {
                self.learned += 1;
                self.by_name.change(folded, SEVERAL);
            }
            Some(_) => {}
        }
    }
}

/// How far a spelling is from how a name is usually written: marks, another order, double blanks, one case throughout, no accents.
fn oddness(name: &str) -> (usize, usize) {
    let odd = [
        name.contains(['(', '[', '@']) || name.contains(" - "),
        name.contains(','),
        name.contains("  "),
        !(name.chars().any(char::is_uppercase) && name.chars().any(char::is_lowercase)),
    ];
    (odd.into_iter().filter(|odd| *odd).count(), usize::from(name.is_ascii()))
}

/// A name and the address that stands behind it in brackets, as in `Ana Silva (ana@acme.example)` and `Ana Silva <ana@acme.example>`.
fn with_address(text: &str) -> (Option<&str>, Option<&str>) {
    let text = text.trim();
    let split = [('(', ')'), ('<', '>')].into_iter().find_map(|(open, close)| text.strip_suffix(close)?.rsplit_once(open));
    match split.map(|(name, inside)| (name.trim(), inside.trim())) {
        Some((name, inside)) if inside.contains('@') && !inside.contains(char::is_whitespace) => (Some(name), Some(inside)),
        _ => (Some(text), None),
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}

/// What two spellings of one id have in common: Salesforce writes the same id with 15 characters in reports and with 18 elsewhere, the last
/// three saying which letters are capital.
pub(super) fn id_key(id: &str) -> &str {
    let id = id.trim();
    match id.split_at_checked(15) {
        Some((first, last)) if id.len() == 18 && id.bytes().all(|b| b.is_ascii_alphanumeric()) && last.bytes().eq(suffix(first)) => first,
        _ => id,
    }
}

fn suffix(id: &str) -> impl Iterator<Item = u8> {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    id.as_bytes()
        .chunks(5)
        .map(|five| five.iter().enumerate().filter(|(_, b)| b.is_ascii_uppercase()).fold(0_usize, |bits, (i, _)| bits | 1 << i))
        .map(|bits| LETTERS[bits & 31])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn people() -> Registry {
        Registry::new(str::to_lowercase)
    }

    #[test]
    fn one_name_is_shown_in_whatever_order_its_spellings_come() {
        let shown = |spellings: &[&str]| {
            let mut people = people();
            people.settle_names();
            for name in spellings {
                people.enter(None, Some(name), None);
            }
            people.labels()
        };
        assert_eq!(shown(&["Dev rao", "Dev Rao"]), shown(&["Dev Rao", "Dev rao"]));
        assert_eq!(shown(&["DEV RAO", "Dev rao"]), ["Dev rao"]);
    }

    proptest! {
        /// Names that are entered together come to be what they are one by one, whatever was entered before.
        #[test]
        fn names_are_entered_together_as_one_by_one(
            ids in prop::bool::weighted(0.2),
            names in prop::collection::vec(prop::option::of("[aAb]{1,2}( \\(a@b\\))?|a@b| "), 0..30),
            again in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        ) {
            let (mut plain, mut together) = (people(), people());
            for all in [&mut plain, &mut together] {
                if ids {
                    all.enter(Some("aa"), Some("b"), None);
                }
            }
            let names: Vec<Option<&str>> = names.iter().map(Option::as_deref).collect();
            let one_by_one: Vec<Option<u32>> = names.iter().map(|name| plain.enter(None, *name, None)).collect();
            let without: Vec<(Option<&str>, Option<u32>)> = names.iter().map(|name| (*name, None)).collect();
            prop_assert_eq!(together.enter_names(&without), one_by_one.clone());
            if !names.is_empty() {
                let again: Vec<usize> = again.iter().map(|at| at.index(names.len())).collect();
                let hinted: Vec<(Option<&str>, Option<u32>)> = again.iter().map(|at| (names[*at], one_by_one[*at])).collect();
                let plainly: Vec<Option<u32>> = again.iter().map(|at| plain.enter(None, names[*at], None)).collect();
                prop_assert_eq!(together.enter_names(&hinted), plainly);
            }
            prop_assert_eq!(together.labels(), plain.labels());
            prop_assert_eq!(together.learned(), plain.learned());
        }
    }

    #[test]
    fn thousands_of_one_name_are_entered_at_once() {
        let mut deals = people();
        // Each by each they would be a quarter of a billion comparisons, and minutes.
        let entries: Vec<_> = (0..30_000).map(|id| deals.enter(Some(&format!("D{id}")), Some("New deal"), None).unwrap()).collect();
        assert_eq!((deals.len(), entries[29_999], deals.known("New deal")), (30_000, 29_999, None));
    }

    #[test]
    fn fifteen_and_eighteen_characters_are_one_id() {
        // An id as Salesforce publishes it in its own documentation of the two forms.
        assert_eq!(suffix("0015500000Ygpq1").collect::<Vec<_>>(), b"AAB");
        assert_eq!(id_key("0015500000Ygpq1AAB"), "0015500000Ygpq1");
        assert_eq!(id_key("abcdefghijklmnopqr"), "abcdefghijklmnopqr");
    }

    #[test]
    fn id_beats_name_and_name_finds_the_id() {
        let mut people = people();
        let ana = people.enter(Some("u1"), Some("Ana Silva"), None).unwrap();
        assert_eq!(people.enter(None, Some("ana silva"), None), Some(ana));
        assert_eq!(people.enter(Some("u1"), Some("A. Silva"), None), Some(ana));
        let other = people.enter(Some("u2"), Some("Ana Silva"), None).unwrap();
        assert_ne!(other, ana);
        assert_eq!(people.labels(), ["Ana Silva (u1)", "Ana Silva (u2)"]);
        assert_eq!(people.known("Ana Silva"), None, "two have that name");
    }

    #[test]
    fn the_usual_spelling_is_shown_and_the_others_are_remembered() {
        let mut people = Registry::new(crate::crm::fold::fold_name);
        people.settle_names();
        let ana = people.enter(None, Some("SILVA, ANA (Inactive)"), None).unwrap();
        for name in ["ana silva", "Ana Silva", "Ána Sílva", "ana silva"] {
            assert_eq!(people.enter(None, Some(name), None), Some(ana), "{name}");
        }
        assert_eq!(people.labels(), ["Ána Sílva"], "with its accents");
        assert_eq!(people.variants().next().unwrap(), (ana, vec!["SILVA, ANA (Inactive)", "ana silva", "Ana Silva"]));

        let mut people = Registry::new(crate::crm::fold::fold_name);
        people.enter(Some("u1"), Some("Silva, Ana"), None).unwrap();
        people.settle_names();
        people.enter(None, Some("Ana Silva"), None).unwrap();
        assert_eq!(people.labels(), ["Silva, Ana"], "as the list of people has it");
    }

    #[test]
    fn a_name_that_several_have_is_always_the_same_third() {
        let mut people = people();
        let one = people.enter(Some("u1"), Some("John Smith"), None).unwrap();
        let two = people.enter(Some("u2"), Some("John Smith"), None).unwrap();
        let alone = people.enter(None, Some("john smith"), None).unwrap();
        assert!(alone != one && alone != two);
        assert_eq!(people.enter(None, Some("John Smith"), None), Some(alone));
        assert_eq!(people.enter(Some("u2"), Some("John Smith"), None), Some(two));
        assert_eq!(people.len(), 3);
    }

    #[test]
    fn an_address_behind_a_name_is_no_part_of_it() {
        let mut people = people();
        let ana = people.enter(None, Some("Ana Silva (ana@acme.example)"), None);
        assert_eq!(people.enter(None, Some("Ana Silva"), None), ana);
        assert_eq!(people.enter(None, None, Some("ana@acme.example")), ana);
        assert_eq!(people.enter(None, Some("A. Silva <ana@acme.example>"), None), ana);
        assert_eq!(people.labels()[ana.unwrap() as usize], "Ana Silva");
        assert_ne!(people.enter(None, Some("Ana Silva (West)"), None), ana);
    }

    #[test]
    fn a_column_of_names_may_hold_addresses_or_ids() {
        let mut people = people();
        let ana = people.enter(Some("u1"), Some("Ana Silva"), Some("ana@acme.test")).unwrap();
        assert_eq!(people.enter(None, Some("ANA@acme.test"), None), Some(ana));
        assert_eq!(people.enter(None, Some("u1"), None), Some(ana));
        assert_eq!(people.enter(Some("ana silva"), None, None), Some(ana));
        assert_eq!(people.enter(None, None, None), None);
        assert_eq!(people.labels(), ["Ana Silva"]);
    }
}
