//! Codes of a column as they come from several dictionaries, as narrow as they fit.

use rayon::prelude::*;

use crate::table::Codes;

/// How many rows one thread maps at a time.
const SHARE: usize = 1 << 16;

/// Codes, the type's largest number for a blank cell.
#[derive(Debug)]
pub(super) enum Coded {
    Narrow(Vec<u8>),
    Middle(Vec<u16>),
    Wide(Vec<u32>),
}

/// The rows up to which codes come from a dictionary, and which that is.
pub(super) type Run = (usize, usize);

/// A code in the width of its column.
trait Code: Copy + Send + Sync + Eq {
    const NULL: Self;
    fn wide(self) -> u32;
    fn of(wide: u32) -> Self;
}

macro_rules! code {
    ($type:ty) => {
        impl Code for $type {
            const NULL: Self = Self::MAX;
            #[inline]
            fn wide(self) -> u32 {
                if self == Self::MAX { u32::MAX } else { self.into() }
            }
            #[inline]
            fn of(wide: u32) -> Self {
                wide as Self
            }
        }
    };
}
code!(u8);
code!(u16);
code!(u32);

impl Default for Coded {
    fn default() -> Self {
        Self::Narrow(Vec::new())
    }
}

impl Coded {
    /// These codes, all of them below `words` or `u32::MAX` for a blank cell.
    pub(super) fn of(wide: &[u32], words: usize) -> Self {
        if words < usize::from(u8::MAX) {
            Self::Narrow(wide.iter().map(|c| *c as u8).collect())
        } else if words < usize::from(u16::MAX) {
            Self::Middle(wide.iter().map(|c| *c as u16).collect())
        } else {
            Self::Wide(wide.to_vec())
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Narrow(v) => v.len(),
            Self::Middle(v) => v.len(),
            Self::Wide(v) => v.len(),
        }
    }

    /// Adds the codes of another from a row on.
    pub(super) fn extend(&mut self, other: &Self, rows: std::ops::Range<usize>) {
        match (&mut *self, other) {
            (Self::Narrow(all), Self::Narrow(more)) => all.extend_from_slice(&more[rows]),
            (Self::Middle(all), Self::Middle(more)) => all.extend_from_slice(&more[rows]),
            (Self::Middle(all), Self::Narrow(more)) => all.extend(more[rows].iter().map(|c| c.wide() as u16)),
            (Self::Wide(all), Self::Wide(more)) => all.extend_from_slice(&more[rows]),
            (Self::Wide(all), Self::Middle(more)) => all.extend(more[rows].iter().map(|c| c.wide())),
            (Self::Wide(all), Self::Narrow(more)) => all.extend(more[rows].iter().map(|c| c.wide())),
            (Self::Narrow(_) | Self::Middle(_), _) => {
                self.widen();
                self.extend(other, rows);
            }
        }
    }

    /// Adds a code.
    pub(super) fn push(&mut self, code: u32) {
        let fits = |null: u32| code < null || code == u32::MAX;
        match self {
            Self::Narrow(v) if fits(u32::from(u8::MAX)) => v.push(code as u8),
            Self::Middle(v) if fits(u32::from(u16::MAX)) => v.push(code as u16),
            Self::Wide(v) => v.push(code),
            Self::Narrow(_) | Self::Middle(_) => {
                self.widen();
                self.push(code);
            }
        }
    }

    fn widen(&mut self) {
        *self = match self {
            Self::Narrow(v) => Self::Middle(v.iter().map(|c| c.wide() as u16).collect()),
            Self::Middle(v) => Self::Wide(v.iter().map(|c| c.wide()).collect()),
            Self::Wide(v) => Self::Wide(std::mem::take(v)),
        };
    }

    /// The codes of one dictionary of so many `words` in place of those of several; `maps` has the new code for each old one of each.
    pub(super) fn map(self, runs: &[Run], maps: &[Vec<u32>], words: usize) -> Codes {
        let narrow = words < usize::from(u8::MAX);
        let middle = words < usize::from(u16::MAX);
        match self {
            Self::Narrow(mut codes) if narrow => {
                in_place(&mut codes, runs, maps);
                Codes::Narrow(codes)
            }
            Self::Middle(mut codes) if !narrow && middle => {
                in_place(&mut codes, runs, maps);
                Codes::Middle(codes)
            }
            Self::Wide(mut codes) if !middle => {
                in_place(&mut codes, runs, maps);
                Codes::Wide(codes)
            }
            Self::Narrow(codes) => anew(&codes, runs, maps, words),
            Self::Middle(codes) => anew(&codes, runs, maps, words),
            Self::Wide(codes) => anew(&codes, runs, maps, words),
        }
    }
}

/// The dictionaries of the rows from `at` on: where each ends, and its map.
fn parts<'r>(
    runs: &'r [Run],
    maps: &'r [Vec<u32>],
    mut at: usize,
    end: usize,
) -> impl Iterator<Item = (std::ops::Range<usize>, &'r [u32])> {
    let first = runs.partition_point(|(until, _)| *until <= at);
    runs[first..].iter().map_while(move |(until, dict)| {
        let part = at..end.min(*until);
        at = part.end;
        (!part.is_empty()).then(|| (part, maps.get(*dict).map_or(&[][..], Vec::as_slice)))
    })
}

fn of<T: Code>(code: T, map: &[u32]) -> u32 {
    if code == T::NULL { u32::MAX } else { map.get(code.wide() as usize).copied().unwrap_or(u32::MAX) }
}

fn in_place<T: Code>(codes: &mut [T], runs: &[Run], maps: &[Vec<u32>]) {
    codes.par_chunks_mut(SHARE).enumerate().for_each(|(share, codes)| {
        let from = share * SHARE;
        for (part, map) in parts(runs, maps, from, from + codes.len()) {
            for code in &mut codes[part.start - from..part.end - from] {
                *code = T::of(of(*code, map));
            }
        }
    });
}

fn anew<T: Code>(codes: &[T], runs: &[Run], maps: &[Vec<u32>], words: usize) -> Codes {
    fn collect<T: Code, U: Code>(codes: &[T], runs: &[Run], maps: &[Vec<u32>]) -> Vec<U> {
        let mut all = Vec::with_capacity(codes.len());
        for (part, map) in parts(runs, maps, 0, codes.len()) {
            all.extend(codes[part].iter().map(|code| U::of(of(*code, map))));
        }
        all
    }
    if words < usize::from(u8::MAX) {
        Codes::Narrow(collect(codes, runs, maps))
    } else if words < usize::from(u16::MAX) {
        Codes::Middle(collect(codes, runs, maps))
    } else {
        Codes::Wide(collect(codes, runs, maps))
    }
}
