//! Whom activities are with: accounts, deals, contacts and leads, each found out once for all rows that name the same.

use rayon::prelude::*;

use crate::crm::coded::{Chain, Groups};
use crate::crm::normalise::stacked::Kept;
use crate::crm::normalise::{Known, labels};
use crate::crm::part::{Part, first_of};
use crate::table::{Kind, Words};

/// What an activity is related to, beside a column for each.
const WHAT: [&str; 3] = ["what_id", "what", "what_type"];

/// The account, in columns for it.
const ACCOUNT: [&str; 2] = ["account_id", "account"];

/// With whom the activities of a part are.
pub(super) struct Whom {
    pub(super) account: Words,
    pub(super) deal: Words,
    pub(super) contact: Words,
    pub(super) lead: Words,
    /// Per row, whether it is with anybody: also with one who has no name.
    pub(super) customer: Vec<bool>,
}

impl Whom {
    /// Finds out with whom the rows of a part are.
    pub(super) fn of(part: &Part, kept: &Kept, known: &mut Known) -> Self {
        let related = WHAT[..2].iter().any(|name| part.has(name));
        let fields = |own: &[&'static str]| -> Vec<&'static str> {
            let what = WHAT.into_iter().filter(|_| related);
            own.iter().copied().chain(what).filter(|name| part.has(name)).collect()
        };
        let (contact, lead) = (contacts(part), leads(part));
        let of_deals = fields(&["deal_id", "deal"]);
        let (account, mut customer) = if related { accounts_of_rows(part, kept, known) } else { accounts(part, kept, known) };
        let by_deal = Groups::by_fields(part, &of_deals);
        let deals: Vec<(bool, Option<&str>)> = match of_deals.as_slice() {
            [] => vec![(false, None); by_deal.len()],
            _ => by_deal.first.iter().map(|row| deal(part, *row as usize, known)).collect(),
        };
        let names: Vec<Option<&str>> = deals.iter().map(|(_, name)| *name).collect();
        if customer.contains(&false) {
            let with_deal = by_deal.each(&deals.iter().map(|(found, _)| *found).collect::<Vec<_>>());
            let with = |row: usize| with_deal[row] || !contact.is_blank(row) || !lead.is_blank(row);
            customer.par_iter_mut().enumerate().for_each(|(row, customer)| *customer |= with(row));
        }
        Self { customer, account, deal: by_deal.texts(&names), contact, lead }
    }
}

/// What sort of thing a row is related to: an id says by its first characters what it is of, or a word beside it does.
fn sort(part: &Part, row: usize) -> Option<&'static str> {
    part.text("what_type", row).and_then(|word| part.words.what(word)).or(match part.text("what_id", row).and_then(|id| id.get(..3)) {
        Some("006") => Some("deal"),
        Some("001") => Some("account"),
        Some("00Q") => Some("lead"),
        Some("003") => Some("contact"),
        _ => None,
    })
}

/// The deal that a row is related to, where the exports hold it.
fn related_deal(part: &Part, row: usize, known: &Known) -> Option<u32> {
    let (id, name) = (part.text("what_id", row), part.text("what", row));
    id.and_then(|id| known.deals.known(id)).or_else(|| name.and_then(|n| known.deals.known(n)))
}

/// The accounts that rows have in columns of their own, and whether each has one, be it without a name.
fn accounts(part: &Part, kept: &Kept, known: &mut Known) -> (Words, Vec<bool>) {
    let (groups, found) = if let Some(named) = known.named.remove(&(part.source, Kind::Activities)) {
        named.of(part)
    } else {
        let groups = Groups::by_fields(part, &ACCOUNT);
        let found = kept.by_group(&groups, |row| own_account(part, row, known));
        (groups, found)
    };
    let labels = labels(&found, &known.account);
    let named: Vec<bool> = found.iter().map(Option::is_some).collect();
    let named = if named.contains(&false) { groups.each(&named) } else { vec![true; part.len()] };
    (groups.texts(&labels), named)
}

/// The accounts that rows have or are related to. What a row is related to may teach a name by which later rows are found, so that rows are
/// gone through in their order; those that say the same are asked again only where something was learned since.
fn accounts_of_rows(part: &Part, kept: &Kept, known: &mut Known) -> (Words, Vec<bool>) {
    let (by_own, by_what) = (Groups::by_fields(part, &ACCOUNT), Groups::by_fields(part, &WHAT));
    let mut own: Vec<Option<Option<u32>>> = vec![None; by_own.len()];
    let mut what: Vec<Option<(u64, Option<u32>)>> = vec![None; by_what.len()];
    let mut found = vec![u32::MAX; part.len()];
    for row in kept.rows() {
        let own = *own[by_own.get(row)].get_or_insert_with(|| own_account(part, row, known));
        let account = own.or_else(|| {
            let last = &mut what[by_what.get(row)];
            if last.is_none_or(|(learned, _)| learned != known.accounts.learned()) {
                let account = related_account(part, row, known);
                *last = Some((known.accounts.learned(), account));
            }
            last.and_then(|(_, account)| account)
        });
        found[row] = account.unwrap_or(u32::MAX);
    }
    let named = found.iter().map(|found| *found != u32::MAX).collect();
    (Words::from_codes(&known.account.iter().collect::<Vec<_>>(), found), named)
}

fn own_account(part: &Part, row: usize, known: &mut Known) -> Option<u32> {
    let named = part.text("account_id", row).is_some() || part.text("account", row).is_some();
    if named { known.accounts.enter(part.one("account_id", row), part.one("account", row), None) } else { None }
}

fn related_account(part: &Part, row: usize, known: &mut Known) -> Option<u32> {
    let (id, name) = (part.text("what_id", row), part.text("what", row));
    let what = id.or(name)?;
    match sort(part, row) {
        Some("account") => known.accounts.enter(id, name, None),
        None if related_deal(part, row, known).is_none() => known.accounts.known(what),
        _ => None,
    }
}

/// Whether a row belongs to a deal, and what that is called.
fn deal<'a>(part: &'a Part, row: usize, known: &'a Known) -> (bool, Option<&'a str>) {
    // Of several deals the first that the exports hold.
    let among = |ids: &str| ids.split(';').find_map(|id| known.deals.known(id));
    let mut found = part
        .text("deal_id", row)
        .and_then(among)
        .or_else(|| part.text("deal", row).and_then(|name| known.deals.known(name).or_else(|| among(name))));
    let mut text = part.one("deal_id", row).or_else(|| part.one("deal", row));
    if let Some(what) = part.first(&WHAT[..2], row)
        && let sort @ (None | Some("deal")) = sort(part, row)
    {
        let related = related_deal(part, row, known);
        if related.is_some() || sort.is_some() {
            found = found.or(related);
            text = text.or(Some(what));
        }
    }
    (found.is_some() || text.is_some(), found.and_then(|d| known.deal.get(d as usize)).or(text))
}

/// How the ids of leads begin.
const LEAD: &str = "00Q";

/// Whether an id is that of a lead.
fn is_lead(id: &str) -> bool {
    id.starts_with(LEAD)
}

/// Whether there may be leads among the ids of contacts and leads; none where only the ids themselves tell.
fn leads_among(part: &Part) -> Option<bool> {
    if part.constant_of("who_id").is_some() {
        return None;
    }
    Some(part.field("who_id")?.words.ids()?.spelling.may_begin(LEAD))
}

fn contacts(part: &Part) -> Words {
    let mut chain = Chain::new(part.len());
    // What numbers tell is one id and not several.
    match part.field("contact_id").and_then(|field| field.words.ids()) {
        Some(_) => chain.or_cell(part, "contact_id"),
        None => chain.or_field(part, "contact_id", |ids| Some(first_of(ids))),
    }
    match leads_among(part) {
        Some(false) => chain.or_cell(part, "who_id"),
        _ => chain.or_field(part, "who_id", |id| Some(id).filter(|id| !is_lead(id))),
    }
    // Several names stand beside several ids, and those come first.
    chain.or_cell(part, "contact");
    chain.or_cell(part, "contact_email");
    if !part.has("who_id") {
        chain.or_cell(part, "who");
    } else if let (Some(id), Some(who)) = (part.field("who_id"), part.field("who")) {
        chain.or_where(&who.words, Some, |row| id.words.is_blank(row));
    }
    or_related(&mut chain, part, "contact");
    chain.finish()
}

fn leads(part: &Part) -> Words {
    let mut chain = Chain::new(part.len());
    chain.or_cell(part, "lead_id");
    chain.or_cell(part, "lead");
    if leads_among(part) != Some(false) {
        chain.or_field(part, "who_id", |id| Some(id).filter(|id| is_lead(id)));
    }
    or_related(&mut chain, part, "lead");
    chain.finish()
}

/// Gives rows what they are related to, where it is of this sort.
fn or_related<'a>(chain: &mut Chain<'a>, part: &'a Part, wanted: &str) {
    let sorts = Groups::by_fields(part, &["what_id", "what_type"]);
    let wanted: Vec<bool> = sorts.first.iter().map(|row| sort(part, *row as usize) == Some(wanted)).collect();
    if wanted.contains(&true) {
        for field in WHAT[..2].iter().filter_map(|name| part.field(name)) {
            chain.or_where(&field.words, Some, |row| wanted[sorts.get(row)]);
        }
    }
}
