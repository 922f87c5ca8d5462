//! The order of the page's rows, which whatever else shows people keeps to.

use super::Run;
use crate::measure::Entity;

/// The entities that the options leave and that are `shown`: all, then each team with its people, leaders last, then those in no team, then
/// no owner.
pub(super) fn in_order(run: &Run<'_>, shown: impl Fn(Entity) -> bool) -> Vec<Entity> {
    let range = run.period().range;
    let entities: Vec<Entity> = run.entities().into_iter().filter(|entity| shown(*entity)).collect();
    let mut order: Vec<Entity> = entities.iter().filter(|e| **e == Entity::All).copied().collect();
    let team_of = |e: &Entity| match e {
        Entity::Owner(person) => run.team_in(*person, range),
        _ => None,
    };
    let leader = |e: &Entity| matches!(e, Entity::Owner(person) if run.leads_only(*person));
    for team in 0..run.data.roster.teams.len() as u32 {
        let members: Vec<Entity> = entities.iter().filter(|e| team_of(e) == Some(team)).copied().collect();
        if entities.contains(&Entity::Team(team)) && run.owner.is_none() {
            order.push(Entity::Team(team));
        }
        order.extend(members.iter().filter(|e| !leader(e)).copied());
        order.extend(members.iter().filter(|e| leader(e)).copied());
    }
    order.extend(entities.iter().filter(|e| matches!(e, Entity::Owner(_)) && team_of(e).is_none()).copied());
    order.extend(entities.iter().filter(|e| **e == Entity::NoOwner).copied());
    order
}

/// How a row is named: a group with the number of its people.
pub(super) fn label(run: &Run<'_>, entity: Entity) -> String {
    let range = run.period().range;
    let people = |team: Option<u32>| {
        (0..run.data.roster.people.len() as u32)
            .filter(|p| team.is_none() || (run.team_in(*p, range) == team && !run.leads_only(*p)))
            .filter(|p| run.present(*p, range))
            .count()
    };
    match entity {
        Entity::All => format!("All ({})", people(None)),
        Entity::Team(team) => format!("{} ({})", run.name(entity), people(Some(team))),
        _ => run.name(entity).to_owned(),
    }
}
