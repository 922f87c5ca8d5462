//! The measures that can be asked for: the shipped library and the user's own.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::component::{self, Component};
use super::filter::{self, Predicate};
use super::spec::{self, Aggregate, Spec, TeamRule};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::Kind;

/// This many measures are named to whoever names one that does not exist.
const LIKE: usize = 8;

const LIBRARY: &[(&str, &str)] = &[
    ("activity.toml", include_str!("library/activity.toml")),
    ("advance.toml", include_str!("library/advance.toml")),
    ("coaching.toml", include_str!("library/coaching.toml")),
    ("leaders.toml", include_str!("library/leaders.toml")),
    ("commitments.toml", include_str!("library/commitments.toml")),
    ("results.toml", include_str!("library/results.toml")),
];

/// A measure ready to be counted.
#[derive(Debug, Clone)]
pub struct Measure {
    /// Its declaration.
    pub spec: Spec,
    /// Which records it counts.
    pub predicate: Predicate,
}

impl Measure {
    /// Whether what it counts for several people of one record is added up for their team: the minutes of everybody in a meeting are, the
    /// shares of a deal's money too, but not the deal itself, which several share.
    pub fn adds_up(&self) -> bool {
        self.spec.team == TeamRule::Sum && (self.spec.from != Kind::Deals || matches!(self.spec.value, Aggregate::Sum(_)))
    }
}

/// Every measure that can be asked for, by name.
#[derive(Debug, Clone)]
pub struct Catalog {
    specs: Vec<Spec>,
    components: Vec<Component>,
    aside: Vec<String>,
}

/// What ships.
type Library = (Vec<Spec>, Vec<Component>);

/// The shipped measures, or what is wrong with them: a test reads them, so that a release has none that is wrong.
fn library() -> &'static Result<Library, Vec<Diagnostic>> {
    static LIBRARIES: OnceLock<Result<Library, Vec<Diagnostic>>> = OnceLock::new();
    LIBRARIES.get_or_init(|| {
        let (mut specs, components) = component::read(include_str!("library/job.toml"), component::FILE)?;
        for (file, text) in LIBRARY {
            specs.extend(spec::read(text, file)?);
        }
        Ok((specs, components))
    })
}

impl Catalog {
    /// The library with the user's own measures, which win over those of the same name.
    ///
    /// # Errors
    /// A measure that has the name of a component's.
    pub fn new(own: &[Spec]) -> Result<Self, Vec<Diagnostic>> {
        Self::with(own, &[])
    }

    /// The same with the user's own components of the job. Measures of the user's own win over those of shipped components too.
    ///
    /// # Errors
    /// A measure that has the name of one of the user's own components.
    pub fn with(own: &[Spec], components: &[Component]) -> Result<Self, Vec<Diagnostic>> {
        let (mut specs, shipped) = library().clone()?;
        for spec in own {
            match specs.iter_mut().find(|s| s.name == spec.name) {
                Some(shipped) => *shipped = spec.clone(),
                None => specs.push(spec.clone()),
            }
        }
        let mut components = component::merged(&shipped, components);
        let aside = component::step_aside(&mut components, own);
        specs.extend(component::specs(&components, &specs, own)?);
        Ok(Self { specs, components, aside })
    }

    /// The components of the job, in order of declaration.
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// The shipped components that are not looked at, since the user's own measures have their names.
    pub fn aside(&self) -> &[String] {
        &self.aside
    }

    /// The measures that ship, in order of declaration.
    pub fn shipped() -> &'static [Spec] {
        library().as_ref().map(|(specs, _)| specs.as_slice()).unwrap_or_default()
    }

    /// The declaration of a measure.
    pub fn spec(&self, name: &str) -> Option<&Spec> {
        self.specs.iter().find(|s| s.name == name)
    }

    /// Every measure's name, in order of declaration.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.specs.iter().map(|s| s.name.as_str())
    }

    /// The declaration of a measure that the user named.
    pub fn require(&self, name: &str, at: Option<&Location>) -> Result<&Spec, Diagnostic> {
        self.spec(name).ok_or_else(|| {
            let mut diagnostic = Diagnostic::error(Code::UnknownMeasure, format!("there is no measure '{name}'"));
            diagnostic.location = at.cloned();
            let close = self.names().map(|n| (strsim::damerau_levenshtein(n, name), n)).min().filter(|(d, _)| *d <= 4);
            match close {
                Some((_, close)) => diagnostic.hint(format!("did you mean '{close}'?")),
                None => diagnostic
                    .hint(format!("the measures most like it are {}; `leadlag init FILES` lists all", self.most_like(name).join(", "))),
            }
        })
    }

    /// The measures whose names are most like one that does not exist: those that share a word with it first.
    fn most_like(&self, name: &str) -> Vec<&str> {
        let words = |name: &str| -> Vec<String> {
            let name = name.to_lowercase();
            let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2);
            words.map(|word| word.strip_suffix('s').unwrap_or(word).to_owned()).collect()
        };
        let asked = words(name);
        let apart = |known: &str| (!words(known).iter().any(|word| asked.contains(word)), strsim::damerau_levenshtein(known, name));
        let mut names: Vec<&str> = self.names().collect();
        names.sort_by_cached_key(|known| (apart(known), (*known).to_owned()));
        names.truncate(LIKE);
        names
    }

    /// The named measures and those that they divide, compiled; a measure comes after what it divides.
    pub fn compile(&self, names: &[String]) -> Result<Vec<Measure>, Vec<Diagnostic>> {
        let mut order: Vec<&Spec> = Vec::new();
        let mut problems = Vec::new();
        for name in names {
            self.visit(name, None, &mut order, &mut BTreeSet::new(), &mut problems);
        }
        let mut measures = Vec::new();
        for spec in order {
            match filter::compile(&spec.filter.text, spec.from, &spec.filter.at) {
                Ok(predicate) => measures.push(Measure { spec: spec.clone(), predicate }),
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() { Ok(measures) } else { Err(problems) }
    }

    fn visit<'a>(
        &'a self,
        name: &str,
        at: Option<&Location>,
        order: &mut Vec<&'a Spec>,
        above: &mut BTreeSet<String>,
        problems: &mut Vec<Diagnostic>,
    ) {
        if order.iter().any(|s| s.name == name) {
            return;
        }
        let spec = match self.require(name, at) {
            Ok(spec) => spec,
            Err(problem) => return problems.push(problem),
        };
        if let Aggregate::Ratio(over, under) = &spec.value {
            if !above.insert(name.to_owned()) {
                problems.push(Diagnostic::error(Code::ConfigValue, format!("measure '{name}' divides itself")).at(spec.origin.clone()));
                return;
            }
            for part in [over, under] {
                self.visit(part, Some(&spec.value_at), order, above, problems);
            }
            above.remove(name);
        }
        let more: Vec<&str> = match &spec.value {
            Aggregate::Left(of) => vec![of],
            Aggregate::Plus(one, other) => vec![one, other],
            Aggregate::Window(window) => window.of.iter().map(|part| part.component.as_str()).collect(),
            _ => Vec::new(),
        };
        for of in more {
            self.visit(of, Some(&spec.value_at), order, above, problems);
        }
        order.push(spec);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_shipped_measure_reads_and_compiles() {
        let catalog = Catalog::new(&[]).unwrap();
        let names: Vec<String> = catalog.names().map(str::to_owned).collect();
        assert!(names.len() > 20, "{names:?}");
        assert_eq!(catalog.compile(&names).unwrap().len(), names.len());
    }

    #[test]
    fn an_unknown_measure_gets_the_nearest_name() {
        let catalog = Catalog::new(&[]).unwrap();
        let problem = catalog.require("prospect_meting", None).unwrap_err();
        assert_eq!(problem.hints, ["did you mean 'prospect_meetings'?"]);
    }
}
