//! Plain headings in five languages, as spreadsheets and home-made systems have them. The English one is what every other is compared with.

use super::company::{ACCOUNTS, Act, Company, Deal, Happened, Kind, State, name};
use super::spell::{Cell, Sheet, Spelling, t};
use super::{Dialect, Holds, spell};

struct Language {
    activities: &'static str,
    deals: &'static str,
    /// Meeting, demo, call, e-mail, task.
    kinds: [&'static str; 5],
    /// Held, planned, missed, canceled.
    outcomes: [&'static str; 4],
    /// Reached, not reached.
    calls: [&'static str; 2],
    /// Won, lost, open.
    states: [&'static str; 3],
}

const ENGLISH: Language = Language {
    activities: "Activity ID|Activity Type|Subject|Owner|Account Name|Start|Duration (minutes)|Outcome|Call Result",
    deals: "Deal ID|Deal Name|Owner|Account Name|Status|Amount|Expected Close Date|Closed Date|Created Date|Deal Type",
    kinds: ["Meeting", "Demo", "Call", "Email", "Task"],
    outcomes: ["Completed", "Scheduled", "No show", "Canceled"],
    calls: ["Connected", "Left voicemail"],
    states: ["Won", "Lost", "Open"],
};

const GERMAN: Language = Language {
    activities: "Nr.|Aktivitätstyp|Betreff|Zuständig|Firma|Beginn|Dauer|Status|Anrufergebnis",
    deals: "Nr.|Verkaufschance|Besitzer|Firma|Status|Betrag|Erwartetes Abschlussdatum|Abschlussdatum|Erstellt am|Art",
    kinds: ["Besprechung", "Präsentation", "Anruf", "E-Mail", "Aufgabe"],
    outcomes: ["Erledigt", "Geplant", "Nicht erschienen", "Abgesagt"],
    calls: ["Erreicht", "Nicht erreicht"],
    states: ["Gewonnen", "Verloren", "Offen"],
};

const FRENCH: Language = Language {
    activities: "N°|Type d'activité|Objet|Propriétaire|Société|Début|Durée|Statut|Résultat de l'appel",
    deals: "N°|Affaire|Propriétaire|Société|Statut|Montant|Date de clôture prévue|Date de clôture|Date de création|Type",
    kinds: ["Réunion", "Démonstration", "Appel", "E-mail", "Tâche"],
    outcomes: ["Terminé", "Planifié", "Absent", "Annulé"],
    calls: ["Joint", "Message vocal"],
    states: ["Gagné", "Perdu", "Ouvert"],
};

const SPANISH: Language = Language {
    activities: "N.º|Tipo de actividad|Asunto|Propietario|Empresa|Inicio|Duración|Estado|Resultado de la llamada",
    deals: "N.º|Negocio|Propietario|Empresa|Estado|Importe|Fecha de cierre prevista|Fecha de cierre|Fecha de creación|Tipo",
    kinds: ["Reunión", "Demostración", "Llamada", "Correo", "Tarea"],
    outcomes: ["Completada", "Programada", "No se presentó", "Cancelada"],
    calls: ["Contactado", "Buzón de voz"],
    states: ["Ganado", "Perdido", "Abierto"],
};

const PORTUGUESE: Language = Language {
    activities: "N.º|Tipo de atividade|Assunto|Responsável|Empresa|Data de início|Duração|Situação|Resultado da ligação",
    deals: "N.º|Negociação|Responsável|Empresa|Situação|Valor|Data prevista de fechamento|Data de fechamento|Data de criação|Tipo",
    kinds: ["Reunião", "Demonstração", "Ligação", "E-mail", "Tarefa"],
    outcomes: ["Concluída", "Agendada", "Não compareceu", "Cancelada"],
    calls: ["Atendida", "Caixa postal"],
    states: ["Ganho", "Perdido", "Em andamento"],
};

/// Whether a call reached somebody, and what is new business, is written in too many ways to take one language's words for a promise.
const FOREIGN: &[&str] = &["conversations", "deals_created"];

pub(super) fn dialects() -> Vec<Dialect> {
    let foreign = |name: &'static str, sheets: fn(&Company) -> Vec<Sheet>, spellings: &'static [Spelling]| Dialect {
        name,
        sheets,
        spellings,
        lacks: FOREIGN,
        ..Dialect::BOTH
    };
    vec![
        Dialect {
            name: "generic, English",
            sheets: english,
            spellings: &[spell::ISO, spell::US, spell::GB, spell::OFFSET_T],
            ..Dialect::BOTH
        },
        foreign("generic, German", |c| pages(c, &GERMAN), &[spell::DE, spell::ISO]),
        foreign("generic, French", |c| pages(c, &FRENCH), &[spell::FR]),
        foreign("generic, Spanish", |c| pages(c, &SPANISH), &[spell::BR]),
        foreign("generic, Portuguese", |c| pages(c, &PORTUGUESE), &[spell::BR]),
        Dialect {
            name: "home-made sales table",
            sheets: home_made,
            spellings: &[spell::ISO],
            holds: Holds::Deals,
            lacks: &["deals_created"],
        },
    ]
}

/// What every other dialect is compared with.
pub(super) fn english(company: &Company) -> Vec<Sheet> {
    pages(company, &ENGLISH)
}

fn pages(company: &Company, language: &Language) -> Vec<Sheet> {
    let activity = |a: &Act| {
        let kind = [Kind::Meeting, Kind::Demo, Kind::Call, Kind::Email, Kind::Task].iter().position(|k| *k == a.kind).unwrap();
        let outcome =
            [Happened::Held, Happened::Planned, Happened::Missed, Happened::Canceled].iter().position(|h| *h == a.happened).unwrap();
        vec![
            t(format!("A-{}", a.number)),
            t(language.kinds[kind]),
            t(&a.subject),
            t(name(a.owner)),
            t(ACCOUNTS[a.account]),
            Cell::At(a.start),
            Cell::Whole(a.minutes),
            t(language.outcomes[outcome]),
            if a.kind == Kind::Call && a.held() { t(language.calls[usize::from(!a.reached)]) } else { Cell::Blank },
        ]
    };
    let deal = |d: &Deal| {
        let state = [State::Won, State::Lost, State::Open].iter().position(|s| *s == d.state).unwrap();
        vec![
            t(format!("D-{}", d.number)),
            t(&d.name),
            t(name(d.owner)),
            t(ACCOUNTS[d.account]),
            t(language.states[state]),
            Cell::Money(d.cents),
            Cell::Day(d.expected),
            d.closed.map_or(Cell::Blank, |at| Cell::Day(at.date())),
            Cell::Day(d.created.date()),
            t(if d.new { "New Business" } else { "Existing Business" }),
        ]
    };
    vec![
        Sheet::new("activities", language.activities, company.acts.iter().map(activity).collect()),
        Sheet::new("deals", language.deals, company.deals.iter().map(deal).collect()),
    ]
}

/// Stages that say what is won, and one close date.
fn home_made(company: &Company) -> Vec<Sheet> {
    let deal = |d: &Deal| {
        vec![
            t(format!("OP{:05}", d.number)),
            t(name(d.owner)),
            t("Pump"),
            t(ACCOUNTS[d.account]),
            t(match d.state {
                State::Won => "Won",
                State::Lost => "Lost",
                State::Open => ["Prospecting", "Engaging"][d.number % 2],
            }),
            Cell::Day(d.created.date()),
            d.closed.map_or(Cell::Blank, |at| Cell::Day(at.date())),
            Cell::Money(d.cents),
        ]
    };
    let headings = "opportunity_id|sales_agent|product|account|deal_stage|engage_date|close_date|close_value";
    vec![Sheet::new("sales_pipeline", headings, company.deals.iter().map(deal).collect())]
}
