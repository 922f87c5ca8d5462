//! The CRMs of which only the deals' headings are known: Bigin, Close, Copper, RD Station, Agendor.

use super::company::{ACCOUNTS, Company, Deal, State, name};
use super::spell::{Cell, Sheet, t};
use super::{Dialect, Holds, spell};

pub(super) fn dialects() -> Vec<Dialect> {
    // None of them says what is new business; where no export says when a deal was made, none are counted as made.
    let untyped = Dialect { holds: Holds::Deals, lacks: &["deals_created"], ..Dialect::BOTH };
    let undated = Dialect { holds: Holds::Deals, lacks: &["deals_created", "deals_added", "median_days_to_win"], ..Dialect::BOTH };
    vec![
        Dialect { name: "bigin", sheets: bigin, spellings: &[spell::ISO], ..untyped },
        Dialect { name: "close", sheets: close, spellings: &[spell::OFFSET, spell::OFFSET_T], ..untyped },
        Dialect { name: "copper", sheets: copper, spellings: &[spell::US, spell::GB], ..undated },
        Dialect { name: "rd station", sheets: rd_station, spellings: &[spell::BR], ..undated },
        Dialect { name: "agendor", sheets: agendor, spellings: &[spell::BR], ..undated },
    ]
}

fn page(company: &Company, file: &'static str, headings: &'static str, row: impl Fn(&Deal) -> Vec<Cell>) -> Vec<Sheet> {
    vec![Sheet::new(file, headings, company.deals.iter().map(row).collect())]
}

/// The word of a state.
fn of(deal: &Deal, won: &str, lost: &str, open: &str) -> Cell {
    t(match deal.state {
        State::Won => won,
        State::Lost => lost,
        State::Open => open,
    })
}

fn closed(deal: &Deal) -> Cell {
    deal.closed.map_or(Cell::Blank, |at| Cell::Day(at.date()))
}

fn bigin(company: &Company) -> Vec<Sheet> {
    let headings = "Deal Id|Deal Name|Deal Owner|Company Name|Sub-Pipeline|Stage|Amount|Closing Date|Created Time";
    page(company, "Pipelines", headings, |d| {
        vec![
            t(format!("zcrm_53611600000{:05}", d.number)),
            t(&d.name),
            t(name(d.owner)),
            t(ACCOUNTS[d.account]),
            t("Sales Pipeline Standard"),
            of(d, "Closed Won", "Closed Lost", "Qualification"),
            Cell::Money(d.cents),
            Cell::Day(d.close()),
            Cell::At(d.created),
        ]
    })
}

fn close(company: &Company) -> Vec<Sheet> {
    let headings = "id|date_created|lead_name|status_label|status_type|date_won|date_lost|confidence|user_name|note|value_formatted|value_currency|value_period";
    page(company, "opportunities", headings, |d| {
        let at = |state: State| d.closed.filter(|_| d.state == state).map_or(Cell::Blank, Cell::At);
        let dollars = (d.cents / 100).to_string();
        let parts: Vec<&str> = dollars.as_bytes().rchunks(3).rev().map(|c| std::str::from_utf8(c).unwrap()).collect();
        vec![
            t(format!("oppo_{:08}", d.number)),
            Cell::At(d.created),
            t(ACCOUNTS[d.account]),
            of(d, "Signed", "Gone", "Proposal"),
            of(d, "won", "lost", "active"),
            at(State::Won),
            at(State::Lost),
            t("50"),
            t(name(d.owner)),
            t(&d.name),
            t(format!("${}.{:02}", parts.join(","), d.cents % 100)),
            t("USD"),
            t("one_time"),
        ]
    })
}

fn copper(company: &Company) -> Vec<Sheet> {
    let headings = "Name|Company|Owned By|Value|Status|Pipeline|Stage|Close Date|Source|Loss Reason";
    page(company, "opportunities", headings, |d| {
        vec![
            t(&d.name),
            t(ACCOUNTS[d.account]),
            t(name(d.owner)),
            Cell::Money(d.cents),
            of(d, "Won", "Lost", "Open"),
            t("Sales"),
            t(["First Meeting", "Proposal", "Contract Review"][d.step()]),
            Cell::Day(d.close()),
            t("Fair"),
            of(d, "", "Price", ""),
        ]
    })
}

fn rd_station(company: &Company) -> Vec<Sheet> {
    let headings = "Nome da negociação|Empresa|Etapa do funil de vendas|Responsável pela negociação|Valor da negociação|Data de fechamento";
    page(company, "negociacoes", headings, |d| {
        vec![
            t(&d.name),
            t(ACCOUNTS[d.account]),
            of(d, "Ganha", "Perdida", "Em andamento"),
            t(name(d.owner)),
            Cell::Money(d.cents),
            closed(d),
        ]
    })
}

fn agendor(company: &Company) -> Vec<Sheet> {
    let headings = "Negócio|Empresa|Etapa|Status|Responsável|Valor|Data de conclusão";
    page(company, "negocios", headings, |d| {
        vec![
            t(&d.name),
            t(ACCOUNTS[d.account]),
            t(["Contato", "Envio de proposta", "Fechamento"][d.step()]),
            of(d, "Ganho", "Perdido", "Em negociação"),
            t(name(d.owner)),
            Cell::Money(d.cents),
            closed(d),
        ]
    })
}
