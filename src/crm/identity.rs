//! Who is who: one label for each person, account and deal, whatever id, name or e-mail address a file knows them by.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

/// Somebody or something with every name that the files know it by.
#[derive(Debug, Clone, Default)]
struct Entry {
    id: Option<String>,
    name: Option<String>,
    email: Option<String>,
    /// Whether the name is the one that a list of people gives.
    listed: bool,
    /// The ways in which that one name is written.
    spellings: Vec<String>,
}

/// No more spellings of one name than this are kept.
const SPELLINGS: usize = 12;

/// Everybody (or every account, or every deal) found so far. Ids beat e-mail addresses, and these beat names.
#[derive(Debug)]
pub(super) struct Registry {
    fold: fn(&str) -> String,
    entries: Vec<Entry>,
    by_id: FxHashMap<String, u32>,
    by_email: FxHashMap<String, u32>,
    by_name: FxHashMap<String, Vec<u32>>,
    /// Whoever is meant by a name that several have, where nothing else tells them apart.
    shared: FxHashMap<String, u32>,
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
            by_id: FxHashMap::default(),
            by_email: FxHashMap::default(),
            by_name: FxHashMap::default(),
            shared: FxHashMap::default(),
            compares: false,
            learned: 0,
        }
    }

    /// A number that grows with whatever is learned: while it stays, a text names the same entry as before.
    pub(super) fn learned(&self) -> u64 {
        self.learned
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
        let by_id = id.and_then(|id| self.by_id.get(id_key(id)).copied());
        let by_email = || email.and_then(|e| self.by_email.get(&e.to_lowercase()).copied()).filter(|e| self.may_be(*e, id));
        let by_name = || name.and_then(|n| self.known(n)).filter(|e| self.may_be(*e, id));
        // A column of names may hold ids or addresses, and the other way round.
        let crossed = || {
            let other = id.filter(|_| name.is_none() && email.is_none()).and_then(|text| self.known(text));
            other.or_else(|| email.filter(|_| id.is_none() && name.is_none()).and_then(|text| self.known(text)))
        };
        let found = by_id.or_else(by_email).or_else(by_name).or_else(crossed);
        // A name alone that several have is none of them, but always the same one.
        let alone = name.filter(|n| id.is_none() && email.is_none() && found.is_none() && self.by_name.contains_key(&(self.fold)(n)));
        if let Some(name) = alone {
            let key = (self.fold)(name);
            if let Some(entry) = self.shared.get(&key) {
                return Some(*entry);
            }
            self.entries.push(Entry { name: Some(name.to_owned()), ..Entry::default() });
            let entry = self.entries.len() as u32 - 1;
            self.learned += 1;
            self.shared.insert(key, entry);
            return Some(entry);
        }
        let entry = found.unwrap_or_else(|| {
            self.entries.push(Entry::default());
            self.entries.len() as u32 - 1
        });
        self.learn(entry, id.filter(|_| by_id.is_some() || found.is_none() || name.is_some() || email.is_some()), name, email);
        Some(entry)
    }

    /// Lets another id lead to an entry: that of a record that was merged into it.
    pub(super) fn also(&mut self, id: &str, entry: u32) {
        self.learned += 1;
        self.by_id.entry(id_key(id).to_owned()).or_insert(entry);
    }

    /// Adds another spelling of an entry's name.
    pub(super) fn alias(&mut self, entry: u32, name: &str) {
        let name = name.trim();
        if !name.is_empty() {
            self.name_points_to(name, entry);
            if name.contains('@') {
                self.learned += 1;
                self.by_email.entry(name.to_lowercase()).or_insert(entry);
            }
        }
    }

    /// The entry that a text names, be it an id, an e-mail address or a name that only one has.
    pub(super) fn known(&self, text: &str) -> Option<u32> {
        let text = text.trim();
        self.by_id.get(id_key(text)).or_else(|| self.by_email.get(&text.to_lowercase())).copied().or_else(|| {
            match self.by_name.get(&(self.fold)(text)).map(Vec::as_slice) {
                Some([one]) => Some(*one),
                _ => None,
            }
        })
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
        self.entries.iter().enumerate().filter_map(|(index, entry)| {
            let others: Vec<&str> = entry.spellings.iter().map(String::as_str).filter(|s| Some(*s) != entry.name.as_deref()).collect();
            (!others.is_empty()).then_some((index as u32, others))
        })
    }

    /// The id of an entry, as the files first spelled it.
    pub(super) fn id(&self, entry: u32) -> Option<&str> {
        self.entries[entry as usize].id.as_deref()
    }

    /// A label for each entry, no two alike: the name, else the address, else the id.
    pub(super) fn labels(&self) -> Vec<String> {
        let plain = |e: &Entry| e.name.clone().or_else(|| e.email.clone()).or_else(|| e.id.clone()).unwrap_or_default();
        let mut count: FxHashMap<String, u32> = FxHashMap::default();
        for entry in &self.entries {
            *count.entry(plain(entry)).or_default() += 1;
        }
        let mut taken: FxHashMap<String, u32> = FxHashMap::default();
        self.entries
            .iter()
            .map(|entry| {
                let mut label = plain(entry);
                if count.get(&label).is_some_and(|n| *n > 1)
                    && let Some(more) = entry.id.as_ref().or(entry.email.as_ref())
                {
                    label = format!("{label} ({more})");
                }
                let times = taken.entry(label.clone()).or_default();
                *times += 1;
                if *times > 1 { format!("{label} ({times})") } else { label }
            })
            .collect()
    }

    fn may_be(&self, entry: u32, id: Option<&str>) -> bool {
        match (id, &self.entries[entry as usize].id) {
            (Some(id), Some(own)) => id_key(id) == id_key(own),
            _ => true,
        }
    }

    fn learn(&mut self, entry: u32, id: Option<&str>, name: Option<&str>, email: Option<&str>) {
        if let Some(id) = id {
            let before = self.by_id.len();
            self.by_id.entry(id_key(id).to_owned()).or_insert(entry);
            let own = &mut self.entries[entry as usize].id;
            self.learned += u64::from(self.by_id.len() > before || own.is_none());
            own.get_or_insert_with(|| id.to_owned());
        }
        if let Some(email) = email {
            let before = self.by_email.len();
            self.by_email.entry(email.to_lowercase()).or_insert(entry);
            self.learned += u64::from(self.by_email.len() > before);
            self.entries[entry as usize].email.get_or_insert_with(|| email.to_owned());
        }
        if let Some(name) = name {
            self.name_points_to(name, entry);
            let fold = self.fold;
            let who = &mut self.entries[entry as usize];
            let own = who.name.get_or_insert_with(|| name.to_owned());
            if self.compares && own != name && fold(own) == fold(name) {
                let room = who.spellings.len() < SPELLINGS;
                for spelling in [own.as_str(), name] {
                    if room && !who.spellings.iter().any(|s| s == spelling) {
                        who.spellings.push(spelling.to_owned());
                    }
                }
                // Of two that are as usual one is shown in whatever order the files come.
                if !who.listed && (oddness(name), Reverse(name)) < (oddness(own), Reverse(own.as_str())) {
                    name.clone_into(own);
                }
            }
        }
    }

    fn name_points_to(&mut self, name: &str, entry: u32) {
        let entries = self.by_name.entry((self.fold)(name)).or_default();
        // Two are as good as thousands: a name that several have names none of them.
        if entries.len() < 2 && !entries.contains(&entry) {
            self.learned += 1;
            entries.push(entry);
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
    if id.len() == 18 && id.bytes().all(|b| b.is_ascii_alphanumeric()) && id[15..] == suffix(&id[..15]) {
        return &id[..15];
    }
    id
}

fn suffix(id: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    id.as_bytes()
        .chunks(5)
        .map(|five| five.iter().enumerate().filter(|(_, b)| b.is_ascii_uppercase()).fold(0_usize, |bits, (i, _)| bits | 1 << i))
        .map(|bits| char::from(LETTERS[bits & 31]))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

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
        assert_eq!(suffix("0015500000Ygpq1"), "AAB");
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
